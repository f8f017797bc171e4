import { unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** What a walk over a pattern reports. */
export interface PatternVisitor {
  /**
   * A name that receives a value. `holder` is the innermost node that gives it one; `isRest` says that the whole pattern
   * is a rest element.
   */
  name(identifier: SyntaxNode, holder: SyntaxNode, isRest: boolean): void;
  /** A computed key, a default, or a target that is no name. */
  expression(node: SyntaxNode): void;
}

/** Walks a pattern: of a declaration, of parameters, or on the left of an assignment. */
export function walkPattern(
  node: SyntaxNode,
  holder: SyntaxNode,
  visitor: PatternVisitor,
  isRest = false,
): void {
  const pattern = unwrapped(node);
  switch (pattern.type) {
    case 'Identifier':
      visitor.name(pattern, holder, isRest);
      return;
    case 'AssignmentPattern':
      walkPattern(pattern.left, pattern, visitor);
      visitor.expression(pattern.right);
      return;
    case 'RestElement':
      walkPattern(pattern.argument!, pattern, visitor, true);
      return;
    case 'TSParameterProperty':
      walkPattern(pattern.parameter, pattern, visitor);
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) {
        if (element !== null) walkInner(element, visitor);
      }
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.computed) visitor.expression(property.key);
        walkInner(property.type === 'RestElement' ? property : property.value, visitor);
      }
      return;
    default:
      visitor.expression(pattern);
  }
}

function walkInner(element: SyntaxNode, visitor: PatternVisitor): void {
  if (element.type === 'RestElement') walkPattern(element.argument!, element, visitor);
  else walkPattern(element, element, visitor);
}
