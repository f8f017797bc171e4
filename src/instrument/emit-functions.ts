/**
 * Functions: each coloured one becomes a plain function that anybody may call, with a stepped form beside it.
 *
 * The plain function runs the stepped form to its end. The stepped form is a generator; it is found under the symbol
 * `STEP` of the plain function, or by name where the callee is known. Generators that are made anew for each closure are
 * slow (each has a prototype of its own), so functions that capture nothing but constant names are lifted to the end of
 * the module and receive what they capture as arguments.
 */
import { value } from './emit-access.ts';
import { isSteppable } from './colour.ts';
import { newFrame } from './emitter.ts';
import type { Emitter, Frame, Handler, Mode } from './emitter.ts';
import { isConstant } from './scope.ts';
import type { FunctionInfo } from './scope.ts';
import { statementsOf } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Whether a function gets a stepped form. */
export function isStepped(info: FunctionInfo): boolean {
  return info.isColoured && isSteppable(info);
}

/** Why a function's code cannot be stepped, for the message of a refusal. */
export function refusalReason(info: FunctionInfo): string {
  if (info.node.async) return `in the async function ${info.name}`;
  if (info.kind === 'constructor') return 'in a constructor';
  if (info.kind === 'field') return "in a field's initialiser";
  if (info.kind === 'static-block') return 'in a static block';
  if (info.usesSuper)
    return `in ${info.name}, which uses super in an object literal or an arrow function`;
  if (info.usesNewTarget) return `in ${info.name}, which uses new.target`;
  return `in the ${info.kind} ${info.name} of an object literal`;
}

function canLift(info: FunctionInfo): boolean {
  if (info.usesSuper || info.usesArguments || info.usesPrivateNames || info.node.generator) {
    return false;
  }
  for (const binding of info.captured) {
    if (!isConstant(binding) || binding.scope.kind === 'switch') return false;
    if (binding.kind === 'own-name' && binding.node === info.node) return false;
    if (binding.readyAt > info.node.start) return false;
  }
  return true;
}

/** Number of parameters that count for `length`, written as names. */
function placeholders(e: Emitter, node: SyntaxNode): string {
  const names: string[] = [];
  for (const parameter of node.params) {
    if (parameter.type === 'AssignmentPattern' || parameter.type === 'RestElement') break;
    if (parameter.type === 'Identifier' && parameter.name === 'this') continue;
    names.push(`${e.prefix}p${names.length}`);
  }
  return names.join(',');
}

/** The names of all parameters, or `null` if they are more than names. */
function simpleParameters(node: SyntaxNode): readonly string[] | null {
  const names: string[] = [];
  for (const parameter of node.params) {
    if (parameter.type !== 'Identifier') return null;
    if (parameter.name !== 'this') names.push(parameter.name);
  }
  return names;
}

/** Writes parameters without their parentheses. */
export function parameterList(e: Emitter, node: SyntaxNode, first: readonly string[] = []): void {
  e.add(first.join(','));
  let isFirst = first.length === 0;
  for (const parameter of node.params) {
    if (parameter.type === 'Identifier' && parameter.name === 'this') continue;
    if (!isFirst) e.add(',');
    isFirst = false;
    e.emit(parameter);
  }
}

/** Writes `(parameters){body}` of a stepped form; `first` are the captured names it receives before its own. */
export function steppedBody(e: Emitter, info: FunctionInfo, first: readonly string[] = []): void {
  const { node } = info;
  inFunction(e, info, 'step', '', (frame) => {
    const before = e.output.lineBreakCount;
    e.add('(');
    if (info.hasParameterSteps) e.add([...first, `...${e.prefix}a`].join(','));
    else parameterList(e, node, first);
    e.add('){');
    const slot = e.output.reserve();
    if (info.hasParameterSteps) {
      e.add('var [');
      parameterList(e, node);
      e.add(`]=${e.prefix}a;`);
    }
    const own = e.output.lineBreakCount - before;
    const wanted = e.code.slice(node.start, node.body.start).split('\n').length - 1;
    if (wanted > own) e.add('\n'.repeat(wanted - own));
    body(e, node);
    e.add('}');
    e.output.fill(slot, prologue(e, frame));
  });
}

function body(e: Emitter, node: SyntaxNode): void {
  if (node.body.type === 'BlockStatement') blockContents(e, node.body);
  else {
    e.add('return ');
    value(e, node.body);
    e.add(';');
  }
}

/** Declarations of what the emission of a function came to need. */
function prologue(e: Emitter, frame: Frame): string {
  const names = Array.from({ length: frame.depthMax }, (_, i) => `${e.prefix}${i}`);
  const temporaries = names.length > 0 ? `let ${names.join(',')};` : '';
  return temporaries + (frame.needsArguments ? `const ${e.prefix}arguments=arguments;` : '');
}

function inFunction(
  e: Emitter,
  info: FunctionInfo,
  mode: Mode,
  reason: string,
  write: (frame: Frame) => void,
): void {
  const frame = newFrame(info, mode, reason);
  if (info.usesArguments && info.kind !== 'arrow') frame.needsArguments = true;
  e.inFrame(frame, () => write(frame));
}

/** Writes the statements of a block, with the stepped forms of its function declarations put in place first. */
export function blockContents(e: Emitter, block: SyntaxNode): void {
  const statements = statementsOf(block);
  const attached = statements.map((statement) => attachment(e, statement)).join('');
  e.add(attached);
  e.range(block.start + 1, block.end - 1, statements);
}

/** The statement that gives a function declaration its stepped form, or nothing. */
export function attachment(e: Emitter, statement: SyntaxNode): string {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const node = isExport ? statement.declaration : statement;
  if (node?.type !== 'FunctionDeclaration' || node.declare) return '';
  const info = e.analysis.infoOf.get(node)!;
  if (!isStepped(info)) return '';
  const name = (node.id as SyntaxNode | null)?.name ?? `${e.prefix}default`;
  const form = `${e.prefix}f_${name}`;
  const given = node.generator ? `${e.use('generatorForm')}(${form})` : form;
  return `${name}[${e.use('STEP')}]=${given};`;
}

/** Writes a function as it stands, its inside as code that cannot be stepped. */
function plainFunction(e: Emitter, info: FunctionInfo, bodyOnly = false): void {
  const { node } = info;
  const mode: Mode = info.isColoured ? 'guard' : e.frame.mode === 'guard' ? 'guard' : 'free';
  const isRefused = info.isColoured && info.node.async;
  inFunction(e, info, mode, refusalReason(info), (frame) => {
    const start = bodyOnly ? e.find('(', node.typeParameters?.end ?? node.start) : node.start;
    const returnStart = node.returnType?.start ?? node.body.start;
    e.range(start, returnStart, headNodes(node));
    if (node.returnType !== null && node.returnType !== undefined) returnType(e, node);
    const entry = isRefused ? asyncEntry(e, info) : null;
    if (node.body.type !== 'BlockStatement') {
      if (entry !== null) e.add(`(${entry}&&await ${e.use('NEVER')},`);
      e.emit(node.body);
      if (entry !== null) e.add(')');
      return;
    }
    e.copy(node.body.start, node.body.start + 1);
    const slot = e.output.reserve();
    if (entry !== null) e.add(`if(${entry})await ${e.use('NEVER')};`);
    e.add(parameterProperties(info, node));
    blockContents(e, node.body);
    e.add('}');
    e.output.fill(slot, frame.needsArguments ? prologue(e, frame) : '');
  });
}

/** A thread that enters an async function is refused there, for what follows an `await` would run unseen. */
function asyncEntry(e: Emitter, info: FunctionInfo): string {
  const { node } = info;
  const point = e.point('call', node, Math.min(node.end, node.body.start + 1));
  return `${e.use('isRefused')}(${point},${JSON.stringify(refusalReason(info))})`;
}

function headNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  if ((node.id as SyntaxNode | null) !== null && node.id !== undefined) nodes.push(node.id);
  if (node.typeParameters !== null && node.typeParameters !== undefined) {
    nodes.push(node.typeParameters);
  }
  return [...nodes, ...node.params];
}

/** Blanks a return type; an arrow must stand on the line of its parameters, so line breaks go behind it. */
function returnType(e: Emitter, node: SyntaxNode): void {
  const type = node.returnType!;
  if (node.type !== 'ArrowFunctionExpression') {
    e.blank(type.start, type.end);
    e.range(type.end, node.body.start, []);
    return;
  }
  const arrow = e.find('=>', type.end);
  e.copy(arrow, arrow + 2);
  e.keepLines(type.start, arrow);
  e.copy(arrow + 2, node.body.start);
}

/** Assignments for the parameters of a constructor that are properties at once; `super` comes first where there is one. */
function parameterProperties(info: FunctionInfo, node: SyntaxNode): string {
  if (info.kind !== 'constructor' || (info.classNode?.superClass ?? null) !== null) return '';
  return propertyAssignments(node);
}

/** `this.a=a;` for each parameter that is a property. */
export function propertyAssignments(node: SyntaxNode): string {
  let text = '';
  for (const parameter of node.params) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const inner = parameter.parameter;
    const name = inner.type === 'AssignmentPattern' ? inner.left.name : inner.name;
    text += `this.${name}=${name};`;
  }
  return text;
}

const declaration: Handler = (e, node) => {
  const info = e.analysis.infoOf.get(node)!;
  if (!isStepped(info)) {
    plainFunction(e, info);
    return;
  }
  const name = (node.id as SyntaxNode | null)?.name ?? `${e.prefix}default`;
  const run = e.use(node.generator ? 'generator' : 'run');
  const stepped = `${e.prefix}f_${name}`;
  e.add(
    `function ${name}(${placeholders(e, node)}){return ${run}(${stepped}.apply(this,arguments))}`,
  );
  if (e.frame.info.kind !== 'module' && canLift(info)) liftedDeclaration(e, info, stepped);
  else {
    e.add(`function* ${stepped}`, node.start);
    steppedBody(e, info);
  }
};

/** A nested declaration: its stepped form is a plain function that calls the lifted generator. */
function liftedDeclaration(e: Emitter, info: FunctionInfo, stepped: string): void {
  const { target, first } = lift(e, info);
  const receiver = info.usesThis ? '.call(this,' : '(';
  e.add(`function ${stepped}(...${e.prefix}a){return ${target}${receiver}`);
  e.add(`${[...first, `...${e.prefix}a`].join(',')})}`);
  e.keepLines(info.node.start, info.node.end);
}

interface Lifted {
  readonly target: string;
  /** Captured names, to be given before the arguments. */
  readonly first: readonly string[];
}

/** Emits a function's stepped form behind the module. */
function lift(e: Emitter, info: FunctionInfo): Lifted {
  const target = e.newName('L');
  const first = [...info.captured].map((binding) => binding.name);
  const lifted = e.capture(() => {
    e.add(`\nfunction* ${target}`, info.node.start);
    steppedBody(e, info, first);
  });
  e.tail.append(lifted);
  return { target, first };
}

/** Writes a function expression, an arrow or a literal's method as an expression. */
function functionValue(e: Emitter, info: FunctionInfo): void {
  const { node } = info;
  const isArrow = info.kind === 'arrow';
  if (node.generator) {
    e.add(`${e.use('generatorFunction')}(function*`, node.start);
    steppedBody(e, info);
    e.add(')');
    return;
  }
  if (!canLift(info)) {
    freshFunction(e, info);
    return;
  }
  const { target, first } = lift(e, info);
  const names = simpleParameters(node);
  const own = names ?? [`...${e.prefix}a`];
  const passed = [...first, ...own].join(',');
  const call = info.usesThis
    ? `${target}.call(${['this', passed].filter(Boolean).join(',')})`
    : `${target}(${passed})`;
  const head = isArrow ? `(${own.join(',')})=>` : `function(${own.join(',')})`;
  const wrap = (text: string): string => (isArrow ? text : `{return ${text}}`);
  e.add(`${e.use('twinned')}(${head}${wrap(`${e.use('run')}(${call})`)},${head}${wrap(call)})`);
  e.keepLines(node.start, node.end);
}

/** A function whose generator is made where it stands: correct for all captures, and slow. */
function freshFunction(e: Emitter, info: FunctionInfo): void {
  const { node } = info;
  const ownName =
    node.type === 'FunctionExpression' ? (node.id as SyntaxNode | null)?.name : undefined;
  if (ownName !== undefined) e.add(`(()=>{const ${ownName}=`);
  e.add(`${e.use(info.kind === 'arrow' ? 'freshArrow' : 'freshFunction')}(function*`, node.start);
  steppedBody(e, info);
  e.add(info.kind === 'arrow' ? (info.usesThis ? ',this)' : ')') : ')');
  if (ownName !== undefined) e.add(`;return ${ownName}})()`);
}

const functionExpression: Handler = (e, node) => {
  const info = e.analysis.infoOf.get(node)!;
  if (isStepped(info)) functionValue(e, info);
  else plainFunction(e, info);
};

const property: Handler = (e, node) => {
  const isMember = node.method || node.kind === 'get' || node.kind === 'set';
  if (!isMember) {
    if (node.shorthand) shorthand(e, node);
    else {
      if (node.computed) e.range(node.start, node.key.end, [node.key]);
      else e.copy(node.start, node.key.end);
      e.range(node.key.end, node.end, [node.value]);
    }
    return;
  }
  const info = e.analysis.infoOf.get(node.value)!;
  if (isStepped(info)) {
    e.add(node.computed ? '[' : '', node.start);
    e.emit(node.key);
    e.add(node.computed ? ']:' : ':');
    functionValue(e, info);
    e.keepLines(node.start, node.value.start);
    return;
  }
  if (node.computed) e.range(node.start, node.key.end, [node.key]);
  else e.copy(node.start, node.key.end);
  e.copy(node.key.end, e.find('(', node.value.typeParameters?.end ?? node.key.end));
  plainFunction(e, info, true);
};

/** `{ a }` or `{ a = 1 }`: the name is key and value at once. */
function shorthand(e: Emitter, node: SyntaxNode): void {
  if (node.value.type === 'AssignmentPattern') {
    e.copy(node.start, node.key.end);
    e.range(node.key.end, node.end, [node.value.right]);
  } else if (node.key.name === 'arguments') {
    e.add('arguments:');
    e.emit(node.value);
  } else e.copy(node.start, node.start + node.key.name.length);
}

const identifier: Handler = (e, node) => {
  if (
    node.name === 'arguments' &&
    e.frame.info.kind === 'arrow' &&
    !e.analysis.bindingOf.has(node)
  ) {
    e.add(`${e.prefix}arguments`, node.start);
  } else e.copy(node.start, node.start + node.name.length);
  e.blank(node.start + node.name.length, node.end);
};

const block: Handler = (e, node) => {
  e.copy(node.start, node.start + 1);
  blockContents(e, node);
  e.copy(node.end - 1, node.end);
};

export { plainFunction };

/** Handlers by node type. */
export const functionHandlers: Readonly<Record<string, Handler>> = {
  FunctionDeclaration: declaration,
  FunctionExpression: functionExpression,
  ArrowFunctionExpression: functionExpression,
  Property: property,
  Identifier: identifier,
  BlockStatement: block,
};
