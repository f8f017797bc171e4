/** Object patterns: what they read of a view is no step, so that shared views are refused there. */
import type { Emitter, Handler } from './emitter.ts';
import { childrenOf, unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Whether a pattern reads properties that may be elements: under a number, a computed name, or all that are left. */
function mayReadElements(pattern: SyntaxNode): boolean {
  return pattern.properties.some(({ type, computed, key }) => {
    if (type === 'RestElement') return true;
    if (key.type !== 'Literal') return computed && !isSymbol(key);
    const name: unknown = key.value;
    return typeof name === 'number' || (typeof name === 'string' && String(Number(name)) === name);
  });
}

/** `Symbol.iterator` and the like. */
function isSymbol(key: SyntaxNode): boolean {
  const node = unwrapped(key);
  return node.type === 'MemberExpression' && unwrapped(node.object).name === 'Symbol';
}

/** Behind the brace of an object pattern: a first property that only shared views answer, by refusing. */
export function unseenNames(e: Emitter, pattern: SyntaxNode): void {
  if (e.frame.info.kind === 'module' || !mayReadElements(pattern)) return;
  const end = pattern.typeAnnotation?.start ?? pattern.end;
  e.add(`[${e.use('unseenKey')}(${e.point('read', pattern, end)})]:{}=0,`);
}

const objectPattern: Handler = (e, node) => {
  e.copy(node.start, node.start + 1);
  unseenNames(e, node);
  e.range(node.start + 1, node.end, childrenOf(node));
};

/** Handlers by node type. */
export const patternHandlers: Readonly<Record<string, Handler>> = { ObjectPattern: objectPattern };
