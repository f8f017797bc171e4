/** Calls: delegation where the callee can be stepped, which is mostly known at run time only. */
import { collected, guardedObject, operand, plainMember, value } from './emit-access.ts';
import { atomicsCall } from './emit-atomics.ts';
import { isViewCopy } from './colour.ts';
import {
  argumentList,
  argumentsStart,
  calleeText,
  chain,
  dynamicCall,
  isDelegable,
} from './emit-dynamic-calls.ts';
import type { Emitter, Handler } from './emitter.ts';
import {
  OBJECT_METHODS,
  SHARED_CLASSES,
  SUPPORTED_CLASSES,
  TYPED_ARRAYS,
  VIEW_METHODS,
} from './known-names.ts';
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

/** Writes a call as it stands, with its callee in member form untouched. */
function plainCall(e: Emitter, node: SyntaxNode): void {
  const callee = unwrapped(node.callee);
  if (callee.type === 'MemberExpression' && callee === node.callee) plainMember(e, callee);
  else e.emit(node.callee);
  e.blank(node.callee.end, argumentsStart(e, node));
  argumentList(e, node);
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

const construct: Handler = (e, node) => {
  const callee = unwrapped(node.callee);
  const name = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
  const support = Object.hasOwn(SUPPORTED_CLASSES, name) ? SUPPORTED_CLASSES[name] : undefined;
  if (support !== undefined && e.classifier.isGlobal(callee)) {
    e.copy(node.start, callee.start);
    e.add(e.use(support), callee.start);
    e.range(callee.end, node.end, node.arguments);
    return;
  }
  const isShared =
    !(callee.type === 'MemberExpression' && callee.computed) && SHARED_CLASSES.has(name);
  if (isShared) e.add(`${e.use('made')}(`);
  if (e.frame.mode === 'step' && isViewCopy(node, e.classifier)) viewCopy(e, node);
  else if (e.frame.mode === 'guard' && isViewCopy(node, e.classifier)) guardedCopy(e, node);
  else if (mayCopyUnseen(e, node)) unseenCopy(e, node);
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

/** Writes a value that something is about to read whole. */
function unseenValue(e: Emitter, at: SyntaxNode, node: SyntaxNode, reason: string): void {
  if (e.frame.info.kind === 'module') {
    e.emit(node);
    return;
  }
  e.add(`${e.use('unseen')}(`);
  value(e, node);
  e.add(`,${e.point('read', at)},${JSON.stringify(reason)})`);
}

/** Whether `new` may copy a view although the callee does not say so, or is given more than the view. */
function mayCopyUnseen(e: Emitter, node: SyntaxNode): boolean {
  const callee = unwrapped(node.callee);
  const first = node.arguments[0];
  if (first === undefined || first.type === 'SpreadElement' || first.type === 'Literal')
    return false;
  if (callee.type === 'MemberExpression') {
    const { name } = callee.property;
    return callee.computed || name === 'constructor' || TYPED_ARRAYS.has(name);
  }
  if (callee.type !== 'Identifier') return false;
  const binding = e.analysis.bindingOf.get(callee);
  if (binding === undefined) return TYPED_ARRAYS.has(callee.name);
  return UNKNOWN_CLASSES.has(binding.kind);
}

/** Kinds of names that may stand for any class. */
const UNKNOWN_CLASSES: ReadonlySet<string> = new Set(['const', 'let', 'var', 'parameter', 'rest']);

function unseenCopy(e: Emitter, node: SyntaxNode): void {
  const argument = node.arguments[0]!;
  e.range(node.start, argument.start, [node.callee]);
  unseenValue(e, node, argument, 'by a constructor that may copy it');
  e.range(argument.end, node.end, node.arguments.slice(1));
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
      unseenValue(e, property, property.argument!, 'by spreading its elements into an object');
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
