/**
 * Which loops carry no state of their own from one iteration to the next.
 *
 * Such a loop, having found everything unchanged, would find it so for ever: the explorer may put its thread to sleep
 * until something changes. A loop that counts, or remembers, must not be taken for one, so every doubt says no.
 */
import type { Emitter } from './emitter.ts';
import type { Binding, FunctionInfo } from './scope.ts';
import { childrenOf, isErased, isFunction, unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** The answer for one loop. */
export interface SpinAnswer {
  readonly isSpin: boolean;
  /** Whether some call looked like one of AtomicRef's by name only: at run time it may turn out to be anything. */
  readonly isConditional: boolean;
}

/** Decides for a while, do-while or for loop. */
export function spinAnswer(e: Emitter, loop: SyntaxNode): SpinAnswer {
  const walk = new LoopWalk(e, loop);
  const parts =
    loop.type === 'DoWhileStatement'
      ? [loop.body, loop.test]
      : [loop.test, loop.body, loop.type === 'ForStatement' ? loop.update : null];
  for (const part of parts) if (part !== null) walk.visit(part, false);
  return { isSpin: walk.isPure && walk.hasStep, isConditional: walk.isConditional };
}

const PURE_NAMESPACES = new Set(['Math', 'Number', 'String', 'BigInt', 'Atomics', 'Symbol']);
const IMPURE_NODES = new Set([
  'TryStatement',
  'NewExpression',
  'YieldExpression',
  'AwaitExpression',
  'TaggedTemplateExpression',
  'ImportExpression',
  'ForOfStatement',
  'ForInStatement',
  'ClassDeclaration',
  'ClassExpression',
  'SpreadElement',
]);
const CONDITIONAL_NODES = new Set([
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'SwitchStatement',
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ChainExpression',
]);

class LoopWalk {
  isPure = true;
  hasStep = false;
  isConditional = false;
  readonly #e: Emitter;
  readonly #loop: SyntaxNode;
  /** Names of outside that each iteration sets before it reads them, or else `false`. */
  readonly #isSetFirst = new Map<Binding, boolean>();

  constructor(e: Emitter, loop: SyntaxNode) {
    this.#e = e;
    this.#loop = loop;
  }

  visit(node: SyntaxNode, isConditional: boolean): void {
    if (!this.isPure || isErased(node)) return;
    if (isFunction(node) || IMPURE_NODES.has(node.type)) {
      this.isPure = false;
      return;
    }
    if (this.#visitSpecial(node, isConditional)) return;
    const isBranching = CONDITIONAL_NODES.has(node.type);
    childrenOf(node).forEach((child, i) => {
      this.visit(child, isConditional || (isBranching && i > 0));
    });
  }

  #visitSpecial(node: SyntaxNode, isConditional: boolean): boolean {
    switch (node.type) {
      case 'Identifier':
        this.#read(node);
        return true;
      case 'ThrowStatement':
        // Leaves the loop: there is no try around it inside.
        return true;
      case 'VariableDeclarator':
        if (node.init !== null) this.visit(node.init, isConditional);
        if (node.id.type === 'Identifier') {
          if (node.init !== null) this.#write(node.id, isConditional);
        } else this.isPure = false;
        return true;
      case 'AssignmentExpression': {
        const target = unwrapped(node.left);
        if (target.type !== 'Identifier') this.isPure = false;
        else {
          if (node.operator !== '=') this.#read(target);
          this.visit(node.right, isConditional);
          this.#write(target, isConditional || node.operator.length > 2);
        }
        return true;
      }
      case 'UpdateExpression': {
        const target = unwrapped(node.argument!);
        if (target.type !== 'Identifier') this.isPure = false;
        else {
          this.#read(target);
          this.#write(target, isConditional);
        }
        return true;
      }
      case 'UnaryExpression':
        if (node.operator === 'delete') this.isPure = false;
        return false;
      case 'MemberExpression':
        this.visit(node.object, isConditional);
        if (node.computed) {
          if (this.#e.classifier.mayBeElement(node)) this.hasStep = true;
          this.visit(node.property, isConditional);
        } else if (!isPureMember(this.#e, node)) this.isPure = false;
        else if (gettersOf(this.#e, node).some(({ isColoured }) => isColoured)) this.hasStep = true;
        return true;
      case 'CallExpression':
        this.#call(node, isConditional);
        return true;
      case 'BreakStatement':
      case 'ContinueStatement':
        return true;
      default:
        return false;
    }
  }

  #call(node: SyntaxNode, isConditional: boolean): void {
    const call = this.#e.classifier.call(node);
    const callee = unwrapped(node.callee);
    const isPlain =
      call.kind === 'plain' &&
      callee.type === 'MemberExpression' &&
      PURE_NAMESPACES.has(unwrapped(callee.object).name);
    const isKnown =
      (call.kind === 'known' || call.kind === 'private') && isPureFunction(this.#e, call.info);
    if (call.kind === 'object') this.isConditional = true;
    else if (call.kind !== 'atomics' && !isPlain && !isKnown) this.isPure = false;
    if (call.kind === 'object' || call.kind === 'atomics' || isKnown) this.hasStep = true;
    if (callee.type === 'MemberExpression') this.visit(callee.object, isConditional);
    for (const argument of node.arguments) this.visit(argument, isConditional);
  }

  #isOutside(binding: Binding): boolean {
    const { body } = this.#loop;
    const { start } = binding.node;
    return binding.kind === 'var' || start < body.start || start >= body.end;
  }

  #read(node: SyntaxNode): void {
    const binding = this.#e.analysis.bindingOf.get(node);
    if (binding === undefined || !this.#isOutside(binding)) return;
    const isSetFirst = this.#isSetFirst.get(binding);
    // Not yet written in this iteration: fine as long as no later part writes it.
    if (isSetFirst === undefined) this.#isSetFirst.set(binding, false);
  }

  #write(node: SyntaxNode, isConditional: boolean): void {
    const binding = this.#e.analysis.bindingOf.get(node);
    if (binding === undefined) {
      this.isPure = false;
      return;
    }
    if (!this.#isOutside(binding)) return;
    const isSetFirst = this.#isSetFirst.get(binding);
    if (isSetFirst === false || (isSetFirst === undefined && isConditional)) this.isPure = false;
    else this.#isSetFirst.set(binding, true);
  }
}

const judging = new WeakMap<FunctionInfo, boolean>();

/** Whether a function of the module changes nothing but its own variables and shared memory. */
function isPureFunction(e: Emitter, info: FunctionInfo): boolean {
  const known = judging.get(info);
  if (known !== undefined) return known;
  // A function that calls itself is taken for impure.
  judging.set(info, false);
  const isPure =
    info.node.params.every(({ type }) => type === 'Identifier') &&
    isPureNode(e, info, info.node.body);
  judging.set(info, isPure);
  return isPure;
}

function isPureNode(e: Emitter, info: FunctionInfo, node: SyntaxNode): boolean {
  if (isErased(node) || node.type === 'ThrowStatement') return true;
  if (isFunction(node) || IMPURE_NODES.has(node.type)) return false;
  const target =
    node.type === 'AssignmentExpression'
      ? unwrapped(node.left)
      : node.type === 'UpdateExpression'
        ? unwrapped(node.argument!)
        : null;
  if (target !== null) {
    if (target.type !== 'Identifier') return false;
    if (e.analysis.bindingOf.get(target)?.scope.owner !== info) return false;
  }
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return false;
  if (node.type === 'CallExpression') {
    const call = e.classifier.call(node);
    const callee = unwrapped(node.callee);
    const isPlain =
      call.kind === 'plain' &&
      callee.type === 'MemberExpression' &&
      PURE_NAMESPACES.has(unwrapped(callee.object).name);
    const isKnown =
      (call.kind === 'known' || call.kind === 'private') && isPureFunction(e, call.info);
    if (!isPlain && !isKnown && call.kind !== 'atomics') return false;
  }
  if (node.type === 'MemberExpression' && !isPureMember(e, node)) return false;
  return childrenOf(node).every((child) => isPureNode(e, info, child));
}

/** Whether reading a member changes nothing: it is no getter that is known to, nor one of another module. */
function isPureMember(e: Emitter, node: SyntaxNode): boolean {
  if (node.computed) return true;
  const own = gettersOf(e, node);
  if (own.length === 0) return e.classifier.accessorName(node) === undefined;
  return own.every((getter) => isPureFunction(e, getter));
}

/** The getters of the module that reading a member may call. */
function gettersOf(e: Emitter, node: SyntaxNode): readonly FunctionInfo[] {
  const { type, name } = node.property;
  return e.analysis.getters.get(type === 'PrivateIdentifier' ? `#${name}` : name) ?? [];
}
