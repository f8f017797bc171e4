/** Calls: delegation where the callee can be stepped, which is mostly known at run time only. */
import {
  atomicsCall,
  collected,
  guardedObject,
  operand,
  plainMember,
  value,
} from './emit-access.ts';
import { isViewCopy } from './colour.ts';
import type { Emitter, Handler } from './emitter.ts';
import { SHARED_CLASSES, OBJECT_METHODS, VIEW_METHODS } from './known-names.ts';
import { unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';
import type { PointKind } from './points.ts';

const call: Handler = (e, node) => {
  if (node.callee.type === 'Identifier' && e.classifier.isGlobal(node.callee, 'eval')) {
    e.refuse(
      'E-INSTRUMENT-005',
      'code that eval runs cannot be made steppable',
      node,
      'Write it out.',
    );
  }
  const callClass = e.classifier.call(node);
  if (callClass.kind === 'atomics') {
    atomicsCall(e, node, callClass.operation);
    return;
  }
  if (callClass.kind === 'refused' && e.frame.mode !== 'free') {
    e.add(`(${e.use('guard')}(${e.point('wait', node)},"by Atomics.waitAsync"),`);
    plainCall(e, node);
    e.add(')');
    return;
  }
  if (e.frame.mode !== 'step') {
    guardedCall(e, node);
    return;
  }
  if (callClass.kind === 'known' && callClass.info.isColoured && isDelegable(callClass.info.node)) {
    if (callClass.binding.scope.kind === 'module')
      delegate(e, node, `${e.prefix}f_${callClass.binding.name}`);
    else dynamicCall(e, node);
  } else if (
    callClass.kind === 'private' &&
    callClass.info.isColoured &&
    isDelegable(callClass.info.node)
  ) {
    delegatePrivate(e, node);
  } else if (callClass.kind === 'object') objectCall(e, node, callClass.method);
  else if (callClass.kind === 'dynamic') dynamicCall(e, node);
  else plainCall(e, node);
};

function isDelegable(node: SyntaxNode): boolean {
  return !node.generator && !node.async;
}

/** Start of the parenthesis of a call's arguments. */
function argumentsStart(e: Emitter, node: SyntaxNode): number {
  return e.find('(', node.typeArguments?.end ?? node.callee.end);
}

/** Writes a call as it stands, with its callee in member form untouched. */
function plainCall(e: Emitter, node: SyntaxNode): void {
  const callee = unwrapped(node.callee);
  if (callee.type === 'MemberExpression' && callee === node.callee) plainMember(e, callee);
  else e.emit(node.callee);
  e.blank(node.callee.end, argumentsStart(e, node));
  argumentList(e, node);
}

/** Writes the arguments with their parentheses. */
function argumentList(e: Emitter, node: SyntaxNode): void {
  e.range(argumentsStart(e, node), node.end, node.arguments);
}

/** In code that cannot be stepped, receivers of methods that may touch shared memory are looked at. */
function guardedCall(e: Emitter, node: SyntaxNode): void {
  const callee = unwrapped(node.callee);
  const isGuarded =
    e.frame.mode === 'guard' &&
    callee.type === 'MemberExpression' &&
    callee === node.callee &&
    callee.object.type !== 'Super' &&
    callee.property.type === 'Identifier' &&
    !callee.computed &&
    (VIEW_METHODS.has(callee.property.name) ||
      OBJECT_METHODS[callee.property.name] === node.arguments.length) &&
    e.classifier.call(node).kind !== 'plain';
  if (!isGuarded) {
    plainCall(e, node);
    return;
  }
  e.form(node, () => {
    guardedObject(e, node, callee.object);
    e.copy(callee.object.end, callee.end);
    e.blank(callee.end, argumentsStart(e, node));
    argumentList(e, node);
  });
}

function delegate(e: Emitter, node: SyntaxNode, target: string): void {
  e.add('(yield* ', node.start);
  e.add(target, node.callee.start);
  e.keepLines(node.callee.start, argumentsStart(e, node));
  argumentList(e, node);
  e.add(')');
}

function delegatePrivate(e: Emitter, node: SyntaxNode): void {
  const callee = unwrapped(node.callee);
  e.add('(yield* ', callee.property.start);
  e.range(callee.start, callee.property.start, [callee.object]);
  e.add(`#${e.prefix}${callee.property.name}`, callee.property.start);
  e.blank(callee.end, argumentsStart(e, node));
  argumentList(e, node);
  e.add(')');
}

/** A call of what may be a method of AtomicRef, AtomicBoolean or Mutex: the step is inlined for those. */
function objectCall(e: Emitter, node: SyntaxNode, method: string): void {
  const callee = unwrapped(node.callee);
  e.form(
    node,
    () => {
      e.add('(');
      const object = operand(e, callee.object);
      const found = e.temporary();
      const step = e.temporary();
      e.add(`${step}=(${found}=${object.text}`);
      e.copy(callee.object.end, callee.end);
      e.add(`)?.[${e.use('STEP')}],`);
      const operands = node.arguments.map((argument) => operand(e, argument));
      const list = operands.map(({ text }) => text).join(',');
      const expected = method === 'compareAndSwap' ? `${operands[0]!.text},` : '';
      const point = e.point(OBJECT_POINTS[method]!, node);
      const announce = `${e.use(OBJECT_ANNOUNCERS[method]!)}(${object.text},${expected}${point})`;
      e.add(`${step}===${e.use(OBJECT_MARKS[method]!)}?(yield ${announce},`, node.start);
      e.add(`${object.text}.`);
      e.add(`${method}(${list})):`, callee.property.start);
      const clear = e.frame.spinFlags.map((flag) => `${flag}=false,`).join('');
      e.add(`(${clear}${found}=${calleeText(e, callee, found, step)}.`);
      e.add(
        `call(${[object.text, ...operands.map(({ text }) => text)].join(',')})`,
        callee.property.start,
      );
      e.add(`,${step}===undefined?${found}:yield* ${found})`, callee.property.start);
      const temporaries = operands.reduce((sum, { temporaries: count }) => sum + count, 0);
      e.release(2 + object.temporaries + temporaries);
    },
    ')',
  );
}

const OBJECT_POINTS: Readonly<Record<string, PointKind>> = {
  load: 'load',
  store: 'store',
  swap: 'update',
  compareAndSwap: 'compareExchange',
  lock: 'lock',
  tryLock: 'tryLock',
  unlock: 'unlock',
};

const OBJECT_ANNOUNCERS: Readonly<Record<string, string>> = {
  load: 'objectLoad',
  store: 'objectStore',
  swap: 'objectSwap',
  compareAndSwap: 'objectCompareAndSwap',
  lock: 'mutexLock',
  tryLock: 'mutexTryLock',
  unlock: 'mutexUnlock',
};

const OBJECT_MARKS: Readonly<Record<string, string>> = {
  load: 'LOAD_STEP',
  store: 'STORE_STEP',
  swap: 'SWAP_STEP',
  compareAndSwap: 'COMPARE_STEP',
  lock: 'LOCK_STEP',
  tryLock: 'TRY_LOCK_STEP',
  unlock: 'UNLOCK_STEP',
};

/** The function to call: the stepped form if there is one, else the function itself, which must be one. */
function calleeText(e: Emitter, callee: SyntaxNode, found: string, step: string): string {
  const text = e.code.slice(callee.start, callee.end).replace(/\s+/gu, ' ').slice(0, 80);
  const missing = `${e.use('missing')}(${JSON.stringify(text)})`;
  return `(${step}===undefined?typeof ${found}==="function"?${found}:${missing}:${step})`;
}

/** A call of anything. */
function dynamicCall(e: Emitter, node: SyntaxNode): void {
  e.form(
    node,
    () => {
      e.add('(');
      const callee = unwrapped(node.callee);
      if (callee.type === 'MemberExpression') dynamicMethod(e, node, callee);
      else if (callee.type === 'ChainExpression' && callee.expression.type === 'MemberExpression') {
        // `(a?.b)()`: the parentheses end the chain, but a is the receiver all the same.
        const { object, current, step } = unrolledChain(e, callee);
        e.add(`),${step}=${current}?.[${e.use('STEP')}],`);
        finishCall(e, node, callee.expression, { object, found: current, step, at: node.start });
        e.release(3);
      } else {
        const target = operand(e, node.callee);
        const step = e.temporary();
        e.add(`${step}=${target.text}?.[${e.use('STEP')}],`);
        const result = target.temporaries === 1 ? target.text : e.temporary();
        // The line breaks before the parenthesis would end a statement nowhere here.
        e.add(`${result}=${calleeText(e, callee, target.text, step)}`);
        e.add('', node.start);
        argumentList(e, node);
        e.add(`,${step}===undefined?${result}:`);
        e.add(`yield* ${result}`, node.start);
        e.release(2);
      }
    },
    ')',
  );
}

function dynamicMethod(e: Emitter, node: SyntaxNode, callee: SyntaxNode): void {
  const isSuper = callee.object.type === 'Super';
  const object = isSuper ? { text: 'this', temporaries: 0 } : operand(e, callee.object);
  const found = e.temporary();
  const step = e.temporary();
  e.add(`${found}=${isSuper ? 'super' : object.text}`);
  e.range(callee.object.end, callee.end, callee.computed ? [callee.property] : []);
  e.add(`,${step}=${found}?.[${e.use('STEP')}],`);
  const at = callee.property.start;
  finishCall(e, node, callee, { object: object.text, found, step, at });
  e.release(2 + object.temporaries);
}

interface MethodParts {
  readonly object: string;
  readonly found: string;
  readonly step: string;
  readonly at: number;
  /** Whether the result is to stand in `found` afterwards, too. */
  readonly isKept?: boolean;
}

/** Writes the call itself, once receiver, function and stepped form stand in variables; the result is `found`. */
function finishCall(e: Emitter, node: SyntaxNode, callee: SyntaxNode, parts: MethodParts): void {
  const { object, found, step, at, isKept = false } = parts;
  const name = callee.property.type === 'Identifier' ? callee.property.name : '';
  if (!callee.computed && SITE_METHODS.has(name)) {
    e.add(`${step}===undefined||${e.use('site')}(${e.point('call', node)}),`);
  }
  e.add(`${found}=${calleeText(e, callee, found, step)}.`);
  e.add('call', at);
  const open = argumentsStart(e, node);
  e.add(`(${object}${node.arguments.length > 0 ? ',' : ''}`);
  e.range(open + 1, node.end, node.arguments);
  e.add(`,${isKept ? `${found}=` : ''}${step}===undefined?${found}:`);
  e.add(`yield* ${found}`, at);
}

/** Methods whose stepped forms touch elements themselves: they report the place of their call. */
const SITE_METHODS: ReadonlySet<string> = new Set([...VIEW_METHODS, 'apply', 'call', 'from']);

interface Link {
  readonly kind: 'member' | 'call';
  readonly node: SyntaxNode;
}

/** Temporary variables of an unrolled chain. */
interface ChainNames {
  /** The receiver of the value, if a member came last. */
  readonly object: string;
  readonly current: string;
  readonly step: string;
}

/** An optional chain, unrolled: each link works on the value before it. */
const chain: Handler = (e, node) => {
  if (e.frame.mode !== 'step') {
    e.children(node);
    return;
  }
  e.form(node, () => unrolledChain(e, node), ')');
  e.release(3);
};

/** Writes a chain up to its last parenthesis; three temporary variables stay taken. */
function unrolledChain(e: Emitter, node: SyntaxNode): ChainNames {
  const links: Link[] = [];
  let base = node.expression;
  let firstOptional = 0;
  for (;;) {
    const inner = base.type === 'TSNonNullExpression' ? base.expression : base;
    if (inner.type !== 'MemberExpression' && inner.type !== 'CallExpression') break;
    links.unshift({ kind: inner.type === 'CallExpression' ? 'call' : 'member', node: inner });
    if (inner.optional) firstOptional = links.length;
    base = inner.type === 'CallExpression' ? inner.callee : inner.object;
  }
  // What stands before the first `?.` is emitted as an expression of its own, except a receiver that a call needs.
  let skip = links.length - firstOptional;
  if (links[skip]!.kind === 'call' && skip > 0) skip -= 1;
  if (skip > 0) base = links[skip - 1]!.node;
  return chainLinks(e, node, base, links.slice(skip));
}

function chainLinks(
  e: Emitter,
  node: SyntaxNode,
  base: SyntaxNode,
  links: readonly Link[],
): ChainNames {
  const names = { object: e.temporary(), current: e.temporary(), step: e.temporary() };
  const { current } = names;
  const isSuper = base.type === 'Super';
  if (isSuper) e.add('(');
  else {
    e.add(`(${current}=`);
    value(e, base);
    e.add(',');
  }
  let closers = '';
  let hasReceiver = false;
  for (const link of links) {
    if (link.node.optional) {
      e.add(`${current}==null?${current}=undefined:(`);
      closers += ')';
    }
    if (link.kind === 'member') {
      chainMember(e, link.node, names, isSuper && link === links[0]);
      hasReceiver = true;
    } else {
      chainCall(e, link.node, names, hasReceiver);
      hasReceiver = false;
    }
    e.add(',');
  }
  e.add(`${current}${closers}`, node.start);
  return names;
}

function chainMember(e: Emitter, node: SyntaxNode, names: ChainNames, isSuper: boolean): void {
  const { object, current } = names;
  e.add(`${object}=${isSuper ? 'this' : current},`);
  const from = isSuper ? 'super' : object;
  if (node.property.type === 'PrivateIdentifier') {
    const getter = e.classifier.privateGetter(node.property);
    const isStepped = getter?.isColoured === true;
    const name = node.property.name;
    e.add(`${current}=`);
    e.add(
      isStepped ? `yield* ${from}.#${e.prefix}${name}()` : `${from}.#${name}`,
      node.property.start,
    );
  } else if (!node.computed) {
    const { name } = node.property;
    if (!isSuper && e.classifier.accessors.has(name)) {
      e.add(`${current}=(${current}=${e.use('getter')}(${object},"${name}"))===undefined?`);
      e.add(`${object}.${name}:yield* ${current}.call(${object})`, node.property.start);
    } else e.add(`${current}=${from}.${name}`, node.property.start);
  } else if (isSuper || !e.classifier.mayBeElement(node)) {
    e.add(`${current}=${from}[`);
    e.emit(node.property);
    e.add(']');
  } else {
    const key = operand(e, node.property);
    const read = `yield ${e.use('readElement')}(${object},${key.text},${e.point('read', node)})`;
    const place = `${object}[${key.text}]`;
    e.add(
      `${current}=${e.use('isElement')}(${object},${key.text})?(${read},${place}):${place}`,
      node.start,
    );
    e.release(key.temporaries);
  }
}

function chainCall(e: Emitter, node: SyntaxNode, names: ChainNames, hasReceiver: boolean): void {
  const { object, current, step } = names;
  const callee = unwrapped(node.callee);
  const isPrivate = hasReceiver && callee.property.type === 'PrivateIdentifier';
  const method = isPrivate ? e.classifier.privateMethod(callee.property) : undefined;
  if (method?.isColoured === true && isDelegable(method.node)) {
    e.add(`${current}=yield* `, callee.property.start);
    e.add(`${object}.#${e.prefix}${callee.property.name}`);
    argumentList(e, node);
    return;
  }
  e.add(`${step}=${current}?.[${e.use('STEP')}],`);
  if (hasReceiver) {
    const at = callee.property.start;
    finishCall(e, node, callee, { object, found: current, step, at, isKept: true });
    return;
  }
  e.add(`${current}=${calleeText(e, callee, current, step)}`);
  argumentList(e, node);
  e.add(`,${current}=${step}===undefined?${current}:yield* ${current}`, node.start);
}

const construct: Handler = (e, node) => {
  const callee = unwrapped(node.callee);
  const name = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
  const isShared =
    !(callee.type === 'MemberExpression' && callee.computed) && SHARED_CLASSES.has(name);
  if (isShared) e.add(`${e.use('made')}(`);
  if (e.frame.mode === 'step' && isViewCopy(node, e.classifier)) viewCopy(e, node);
  else if (e.frame.mode === 'guard' && isViewCopy(node, e.classifier)) guardedCopy(e, node);
  else e.children(node);
  if (isShared) e.add(')');
};

/** A typed array made from what may be another one, whose elements are then read. */
function viewCopy(e: Emitter, node: SyntaxNode): void {
  const argument = node.arguments[0]!;
  e.copy(node.start, argument.start);
  const source = e.temporary();
  e.add(`(${source}=`);
  value(e, argument);
  e.add(`,${e.use('isSharedView')}(${source})?`);
  e.add(
    `yield* ${e.use('collect')}(${source},Infinity,${e.point('call', node)}):${source})`,
    node.start,
  );
  e.release(1);
  e.copy(argument.end, node.end);
}

function guardedCopy(e: Emitter, node: SyntaxNode): void {
  const argument = node.arguments[0]!;
  e.copy(node.start, argument.start);
  guardedObject(e, node, argument);
  e.copy(argument.end, node.end);
}

const taggedTemplate: Handler = (e, node) => {
  if (e.frame.mode !== 'step') {
    e.children(node);
    return;
  }
  const tag = unwrapped(node.tag);
  const isMethod = tag.type === 'MemberExpression' && tag.object.type !== 'Super';
  if (tag.type === 'MemberExpression' && e.classifier.isGlobal(unwrapped(tag.object), 'String')) {
    e.children(node);
    return;
  }
  e.form(
    node,
    () => {
      e.add('(');
      const object = isMethod ? operand(e, tag.object) : { text: 'undefined', temporaries: 0 };
      const found = e.temporary();
      const step = e.temporary();
      e.add(`${found}=`);
      if (isMethod) {
        e.add(object.text);
        e.range(tag.object.end, tag.end, tag.computed ? [tag.property] : []);
      } else value(e, node.tag);
      e.add(`,${step}=${found}?.[${e.use('STEP')}],`);
      e.add(`${found}=${calleeText(e, tag, found, step)}.`);
      e.add(`apply(${object.text},${e.use('template')}`, node.start);
      e.emit(node.quasi);
      e.add(`),${step}===undefined?${found}:`);
      e.add(`yield* ${found}`, node.start);
      e.release(2 + object.temporaries);
    },
    ')',
  );
};

const spread: Handler = (e, node) => {
  if (e.frame.mode !== 'step' || e.classifier.isPlainIterable(node.argument!)) {
    e.children(node);
    return;
  }
  e.add('...');
  collected(e, node.argument!);
};

/** An object literal: its spreads copy properties and iterate nothing. */
const objectLiteral: Handler = (e, node) => {
  let at = node.start;
  for (const property of node.properties) {
    e.copy(at, property.start);
    if (property.type === 'SpreadElement') {
      e.copy(property.start, property.argument!.start);
      e.emit(property.argument!);
      e.copy(property.argument!.end, property.end);
    } else e.emit(property);
    at = property.end;
  }
  e.copy(at, node.end);
};

const yieldExpression: Handler = (e, node) => {
  if (e.frame.mode !== 'step') {
    e.children(node);
    return;
  }
  if (node.delegate) e.add(`(yield* ${e.use('delegate')}(`, node.start);
  else e.add(`(yield new ${e.prefix}Given(`, node.start);
  if (!node.delegate) e.use('Given');
  if (node.argument !== null) e.emit(node.argument);
  e.add('))');
};

/** Handlers by node type. */
export const callHandlers: Readonly<Record<string, Handler>> = {
  CallExpression: call,
  ChainExpression: chain,
  NewExpression: construct,
  TaggedTemplateExpression: taggedTemplate,
  SpreadElement: spread,
  ObjectExpression: objectLiteral,
  YieldExpression: yieldExpression,
};
