/** What a module may name and use for its confinement to be proved: lists and shapes for `confinement.ts`. */
import { stringValue, unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

/** Globals that may be called. */
export const GLOBAL_FUNCTIONS: ReadonlySet<string> = words(`
  Number String Boolean BigInt parseInt parseFloat
`);

/** Globals whose members may be called. */
export const GLOBAL_OBJECTS: ReadonlySet<string> = words(`
  Atomics Math Number String BigInt Array JSON
`);

/** Those members that threads may not call: they read what they are given unseen, or have a state. */
export const UNSEEN_CALLS: ReadonlySet<string> = words(`
  JSON.stringify Math.random String.raw
`);

/** Globals that may be used as values. */
export const GLOBAL_VALUES: ReadonlySet<string> = words(`
  undefined NaN Infinity
`);

/** Globals that objects may be made of. */
export const GLOBAL_CLASSES: ReadonlySet<string> = words(`
  Error TypeError RangeError Array ArrayBuffer SharedArrayBuffer Int8Array Uint8Array
  Int16Array Uint16Array Int32Array Uint32Array Float64Array BigInt64Array BigUint64Array
`);

/** Members that lead to what all threads share in any case. */
const REFLECTIVE: ReadonlySet<string> = words(`
  constructor prototype __proto__ buffer
`);

/** Methods of arrays and strings that change nothing. */
export const READING_METHODS: ReadonlySet<string> = words(`
  at concat every filter find findIndex includes indexOf join map padEnd padStart reduce
  repeat slice some toString
`);

/** Syntax that does nothing by itself but hand values on. */
export const HARMLESS: ReadonlySet<string> = words(`
  Literal TemplateLiteral TemplateElement BlockStatement ReturnStatement
  ExpressionStatement EmptyStatement IfStatement ForStatement WhileStatement
  DoWhileStatement BreakStatement ContinueStatement SwitchStatement SwitchCase
  LabeledStatement ThrowStatement TryStatement BinaryExpression UnaryExpression
  LogicalExpression ConditionalExpression SequenceExpression ArrayExpression SpreadElement
  ObjectExpression ChainExpression MemberExpression
`);

/** Whether a member leads to what all threads share in any case. */
export function isReflective({ computed, property }: SyntaxNode): boolean {
  return REFLECTIVE.has(computed ? (stringValue(property) ?? '') : property.name);
}

/** Whether an object literal copies all fields of something. */
export function readsUnseen(node: SyntaxNode): boolean {
  return (
    node.type === 'ObjectExpression' && node.properties.some(({ type }) => type === 'SpreadElement')
  );
}

/** Whether a pattern reads fields that are not named: all that are left, or those of a number or a computed name. */
export function hasUnseenReads(given: SyntaxNode): boolean {
  const pattern = unwrapped(given);
  switch (pattern.type) {
    case 'AssignmentPattern':
      return hasUnseenReads(pattern.left);
    case 'RestElement':
      return hasUnseenReads(pattern.argument!);
    case 'ArrayPattern':
      return pattern.elements.some((element) => element !== null && hasUnseenReads(element));
    case 'ObjectPattern':
      return pattern.properties.some(
        ({ type, computed, key, value }) =>
          type === 'RestElement' || computed || key.type !== 'Identifier' || hasUnseenReads(value),
      );
    default:
      return false;
  }
}

/** Whether a literal is the index of an element. */
export function isIndex(literal: SyntaxNode): boolean {
  return typeof (literal.value as unknown) === 'number';
}

/** Whether an import is of types, of `defineProgram` or of a file beside this one. */
export function isConfinedImport({ importKind, source, specifiers }: SyntaxNode): boolean {
  if (importKind === 'type') return true;
  const values = specifiers.filter((specifier) => specifier.importKind !== 'type');
  if (values.some(({ type }) => type !== 'ImportSpecifier')) return false;
  const from = stringValue(source!)!;
  if (from === 'mapcheck') return values.every(({ imported }) => imported.name === 'defineProgram');
  return from.startsWith('./') || from.startsWith('../');
}

/** Whether an expression at the top can only be a number, a string or the like. */
export function isPrimitiveSyntax(node: SyntaxNode): boolean {
  const value = unwrapped(node);
  switch (value.type) {
    case 'Literal':
      return !('regex' in value);
    case 'UnaryExpression':
      return isPrimitiveSyntax(value.argument!);
    case 'BinaryExpression':
      return isPrimitiveSyntax(value.left) && isPrimitiveSyntax(value.right);
    default:
      return false;
  }
}
