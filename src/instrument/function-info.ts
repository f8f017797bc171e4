import type { FunctionInfo, FunctionKind } from './scope.ts';
import { stringValue, keyText } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Kinds of class members by the syntax tree's names; the rest are methods. */
export const METHOD_KINDS: ReadonlyMap<string, FunctionKind> = new Map([
  ['constructor', 'constructor'],
  ['get', 'getter'],
  ['set', 'setter'],
]);

/** The name of a member; empty if it is computed. */
export function memberName(member: SyntaxNode): string {
  if (member.computed) return stringValue(member.key) ?? '';
  if (member.key.type === 'PrivateIdentifier') return '#' + member.key.name;
  return keyText(member.key);
}

/** A function as the walk meets it: nothing known of it yet. */
export function newFunction(
  kind: FunctionKind,
  node: SyntaxNode,
  parent: FunctionInfo | null,
  classNode: SyntaxNode | null,
  name: string,
  isLiteralMember: boolean,
): FunctionInfo {
  return {
    kind,
    node,
    parent,
    classNode,
    isLiteralMember,
    name,
    usesThis: false,
    usesArguments: false,
    usesSuper: false,
    usesNewTarget: false,
    usesPrivateNames: false,
    captured: new Set(),
    callees: new Set(),
    isColoured: false,
    hasParameterSteps: false,
  };
}

/** Notes that a function uses what arrows take from the function around them: for all functions up to that one. */
export function markUse(
  info: FunctionInfo,
  use: 'usesThis' | 'usesSuper' | 'usesNewTarget' | 'usesArguments',
): void {
  for (let at: FunctionInfo | null = info; at !== null; at = at.parent) {
    at[use] = true;
    if (at.kind !== 'arrow') return;
  }
}

/** The getters among functions, by name. */
export function gettersOf(
  functions: readonly FunctionInfo[],
): ReadonlyMap<string, readonly FunctionInfo[]> {
  const getters = new Map<string, FunctionInfo[]>();
  for (const info of functions) {
    if (info.kind !== 'getter') continue;
    const known = getters.get(info.name);
    if (known === undefined) getters.set(info.name, [info]);
    else known.push(info);
  }
  return getters;
}
