/** Calls of anything: what is called is known at run time only, and optional chains are unrolled. */
import { operand, value } from './emit-access.ts';
import type { Emitter, Handler } from './emitter.ts';
import { PLACED_CALLS, VIEW_METHODS } from './known-names.ts';
import { unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Whether a call runs the function's code at once, so that it can be delegated to. */
export function isDelegable(node: SyntaxNode): boolean {
  return !node.generator && !node.async;
}

/** Start of the parenthesis of a call's arguments. */
export function argumentsStart(e: Emitter, node: SyntaxNode): number {
  return e.find('(', node.typeArguments?.end ?? node.callee.end);
}

/** Writes the arguments with their parentheses. */
export function argumentList(e: Emitter, node: SyntaxNode): void {
  e.range(argumentsStart(e, node), node.end, node.arguments);
}

/** The function to call: the stepped form if there is one, else the function itself, which must be one. */
export function calleeText(e: Emitter, callee: SyntaxNode, found: string, step: string): string {
  const text = e.code.slice(callee.start, callee.end).replace(/\s+/gu, ' ').slice(0, 80);
  const missing = `${e.use('missing')}(${JSON.stringify(text)})`;
  return `(${step}===undefined?typeof ${found}==="function"?${found}:${missing}:${step})`;
}

/** A call of anything. */
export function dynamicCall(e: Emitter, node: SyntaxNode): void {
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
        if (callee.type === 'Identifier' && PLACED_CALLS.has(callee.name)) {
          e.add(`${step}===undefined||${e.use('site')}(${e.point('call', node)}),`);
        }
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

/** Where the parts of a method call stand. */
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
const SITE_METHODS: ReadonlySet<string> = new Set([
  ...VIEW_METHODS,
  ...PLACED_CALLS,
  'apply',
  'call',
  'from',
]);

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
export const chain: Handler = (e, node) => {
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
    const point = e.point('read', node);
    const read = `yield ${e.use('readElement')}(${object},${key.text},${point})`;
    const place = `${object}[${key.text}]`;
    const trapped = `${e.use('isTrapped')}(${object})?yield* ${e.use('trapGet')}(${object},${key.text},${point})`;
    e.add(
      `${current}=${e.use('isElement')}(${object},${key.text})?(${read},${place}):${trapped}:${place}`,
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
