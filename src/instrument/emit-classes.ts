/**
 * Classes: coloured methods become generators in place, and a static block swaps them for plain functions at once, so
 * that `super`, private names and names in stacks stay as they are. Private methods get a private twin.
 */
import { isStepped, plainFunction, refusalReason, steppedBody } from './emit-functions.ts';
import { newFrame } from './emitter.ts';
import type { Emitter, Handler } from './emitter.ts';
import type { FunctionInfo } from './scope.ts';
import { isErased, statementsOf, keyText } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

const classNode: Handler = (e, node) => {
  if (node.decorators.length > 0) refuseDecorators(e, node.decorators[0]!);
  const keyword = e.find('class', node.start);
  e.blank(node.start, keyword);
  let at = keyword + 5;
  e.copy(keyword, at);
  if ((node.id as SyntaxNode | null) !== null) {
    e.copy(at, node.id.end);
    at = node.id.end;
  }
  const { superClass } = node;
  if (superClass !== null) {
    const clause = e.find('extends', node.typeParameters?.end ?? at);
    e.blank(at, clause);
    e.copy(clause, superClass.start);
    e.emit(superClass);
    at = superClass.end;
  }
  e.blank(at, node.body.start);
  e.copy(node.body.start, node.body.start + 1);
  const members = statementsOf(node.body);
  e.add(swaps(e, members));
  let end = node.body.start + 1;
  for (const member of members) {
    e.copy(end, member.start);
    if (isErased(member)) e.blank(member.start, member.end);
    else emitMember(e, member);
    end = member.end;
  }
  e.copy(end, node.end);
};

function refuseDecorators(e: Emitter, decorator: SyntaxNode): never {
  return e.refuse(
    'E-INSTRUMENT-002',
    'decorators cannot be made steppable',
    decorator,
    'Remove the decorator, or compile it away and point at the compiled file.',
  );
}

/** The static block that swaps the generators of a class for plain functions. */
function swaps(e: Emitter, members: readonly SyntaxNode[]): string {
  const names: string[] = [];
  let hasComputed = false;
  for (const member of members) {
    if (member.type !== 'MethodDefinition' || member.key.type === 'PrivateIdentifier') continue;
    if (member.value.body === null || member.kind === 'constructor') continue;
    const info = e.analysis.infoOf.get(member.value)!;
    if (!isStepped(info)) continue;
    if (member.computed || member.kind !== 'method') hasComputed = true;
    else {
      const key = keyText(member.key);
      names.push(
        `[${JSON.stringify(key)},${member.static ? 1 : 0},${member.value.generator ? 1 : 0}]`,
      );
    }
  }
  if (names.length === 0 && !hasComputed) return '';
  return `static{${e.use('swapMethods')}(this,[${names.join(',')}],${hasComputed ? 1 : 0})}`;
}

function emitMember(e: Emitter, member: SyntaxNode): void {
  if (member.decorators?.length > 0) refuseDecorators(e, member.decorators[0]!);
  if (member.type === 'StaticBlock') {
    const info = e.analysis.infoOf.get(member)!;
    const mode = info.isColoured ? 'guard' : 'free';
    e.inFrame(newFrame(info, mode, refusalReason(info)), () => e.children(member));
    return;
  }
  if (member.type === 'MethodDefinition') {
    emitMethod(e, member);
    return;
  }
  if (member.type !== 'PropertyDefinition') {
    e.refuse('E-INSTRUMENT-003', `${member.type} cannot be made steppable`, member);
  }
  emitField(e, member);
}

/** Writes what stands before a member's key, without TypeScript's modifiers. */
function modifiers(e: Emitter, member: SyntaxNode): void {
  const text = e.code.slice(member.start, member.key.start);
  e.add(
    text.replace(/\b(?:public|private|protected|readonly|override|declare|abstract)\b/gu, (word) =>
      ' '.repeat(word.length),
    ),
  );
}

function emitKey(e: Emitter, member: SyntaxNode): void {
  if (!member.computed) e.copy(member.key.start, member.key.start + keyLength(member.key));
  else e.emit(member.key);
}

function keyLength(key: SyntaxNode): number {
  if (key.type === 'Identifier') return key.name.length;
  return key.end - key.start;
}

function emitField(e: Emitter, member: SyntaxNode): void {
  modifiers(e, member);
  emitKey(e, member);
  let at = member.key.end;
  if (member.computed) {
    const bracket = e.find(']', at);
    e.copy(at, bracket + 1);
    at = bracket + 1;
  }
  const field = member.value as SyntaxNode | null;
  if (field === null) e.blank(at, member.end);
  else {
    const typeEnd = member.typeAnnotation?.end ?? at;
    const sign = e.find('=', typeEnd);
    e.blank(at, sign);
    e.copy(sign, field.start);
    const info = e.analysis.infoOf.get(member)!;
    const mode = info.isColoured ? 'guard' : 'free';
    e.inFrame(newFrame(info, mode, refusalReason(info)), () => e.emit(field));
    e.copy(field.end, member.end);
  }
  if (e.code[member.end - 1] !== ';') e.add(';');
  else if (field === null) e.add(';');
}

function emitMethod(e: Emitter, member: SyntaxNode): void {
  if (member.value.body === null) {
    e.blank(member.start, member.end);
    return;
  }
  const info = e.analysis.infoOf.get(member.value)!;
  if (!isStepped(info)) {
    modifiers(e, member);
    emitKey(e, member);
    const open = e.find('(', member.value.typeParameters?.end ?? member.key.end);
    e.add(
      e.code.slice(member.key.end, open).replace(/<[^]*$|\?/gu, (text) => ' '.repeat(text.length)),
    );
    plainFunction(e, info, true);
    return;
  }
  if (member.key.type === 'PrivateIdentifier') privateMethod(e, member, info);
  else publicMethod(e, member, info);
}

function publicMethod(e: Emitter, member: SyntaxNode, info: FunctionInfo): void {
  e.add(member.static ? 'static *' : '*', member.start);
  const isAccessor = member.kind !== 'method';
  if (!isAccessor && !member.computed) emitKey(e, member);
  else {
    const kind = isAccessor ? member.kind : member.value.generator ? 'generator' : 'method';
    e.add(`[${e.use('memberKey')}("${kind}",`);
    if (member.computed) e.emit(member.key);
    else e.add(JSON.stringify(keyText(member.key)));
    e.add(')]');
  }
  e.keepLines(member.start, member.value.start);
  steppedBody(e, info);
}

function privateMethod(e: Emitter, member: SyntaxNode, info: FunctionInfo): void {
  const { name } = member.key;
  const isStatic = member.static ? 'static ' : '';
  const twin = `#${e.prefix}${member.kind === 'set' ? 's_' : ''}${name}`;
  const run = e.use(member.value.generator ? 'generator' : 'run');
  const accessor = member.kind === 'method' ? '' : `${member.kind} `;
  const own =
    member.kind === 'set' ? `${e.prefix}a` : member.kind === 'get' ? '' : `...${e.prefix}a`;
  e.add(`${isStatic}${accessor}#${name}(${own}){return ${run}(this.${twin}(${own}))}`);
  e.add(`${isStatic}*${twin}`, member.start);
  e.keepLines(member.start, member.value.start);
  steppedBody(e, info);
}

/** Handlers by node type. */
export const classHandlers: Readonly<Record<string, Handler>> = {
  ClassDeclaration: classNode,
  ClassExpression: classNode,
};
