/**
 * Which functions may reach a scheduling point, and what each call is.
 *
 * A function is coloured if it holds something that may be a step, calls something unknown, or calls a coloured function
 * of its module. Colouring too much costs speed; colouring too little is reported where it matters, for a step that is
 * reached through code that was not made steppable is an error at run time.
 */
import {
  ATOMIC_OPERATIONS,
  OBJECT_METHODS,
  PLAIN_GLOBALS,
  PLAIN_METHODS,
  PLAIN_NAMESPACES,
  TYPED_ARRAYS,
} from './known-names.ts';
import { isConstant } from './scope.ts';
import type { Analysis, Binding, FunctionInfo } from './scope.ts';
import {
  childrenOf,
  isErased,
  isFunction,
  statementsOf,
  stringValue,
  unwrapped,
} from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** What a call is. */
export type CallClass =
  /** Reaches no scheduling point. */
  | { readonly kind: 'plain' }
  /** A function declaration of the module. */
  | { readonly kind: 'known'; readonly info: FunctionInfo; readonly binding: Binding }
  /** A private method of a class of the module. */
  | { readonly kind: 'private'; readonly info: FunctionInfo }
  /** `Atomics.load(…)` and the like. */
  | { readonly kind: 'atomics'; readonly operation: string }
  /** `Atomics.waitAsync(…)`. */
  | { readonly kind: 'refused' }
  /** Perhaps a method of AtomicRef, AtomicBoolean or Mutex: name and number of arguments fit. */
  | { readonly kind: 'object'; readonly method: string }
  /** Anything: decided at run time. */
  | { readonly kind: 'dynamic' };

const PLAIN: CallClass = { kind: 'plain' };
const DYNAMIC: CallClass = { kind: 'dynamic' };

/** Answers what calls and values are, from names alone. */
export class Classifier {
  readonly #analysis: Analysis;
  /** Names of accessors that may reach a scheduling point, in this module or others. */
  readonly accessors: Set<string>;

  constructor(analysis: Analysis, accessors: Iterable<string>) {
    this.#analysis = analysis;
    this.accessors = new Set(accessors);
  }

  /** Whether an identifier is a global of this name. */
  isGlobal(node: SyntaxNode, name?: string): boolean {
    if (node.type !== 'Identifier' || this.#analysis.bindingOf.has(node)) return false;
    return name === undefined || node.name === name;
  }

  /** Classifies a call, links of an optional chain included. */
  call(node: SyntaxNode): CallClass {
    const callee = unwrapped(node.callee);
    if (callee.type === 'Super') return PLAIN;
    if (callee.type === 'Identifier') return this.#namedCall(callee);
    if (callee.type !== 'MemberExpression' || callee.computed) return DYNAMIC;
    if (callee.property.type === 'PrivateIdentifier') return this.#privateCall(callee.property);
    const method = callee.property.name;
    const object = unwrapped(callee.object);
    if (object.type === 'Identifier' && this.isGlobal(object)) {
      if (object.name === 'Atomics') {
        if (method === 'waitAsync') return { kind: 'refused' };
        if (ATOMIC_OPERATIONS.has(method) && !hasSpread(node)) {
          return { kind: 'atomics', operation: method };
        }
        return hasSpread(node) ? DYNAMIC : PLAIN;
      }
      const exceptions = PLAIN_NAMESPACES.get(object.name);
      if (exceptions !== undefined && !exceptions.has(method)) return PLAIN;
    }
    if (OBJECT_METHODS[method] === node.arguments.length && !hasSpread(node)) {
      return callee.object.type === 'Super' ? DYNAMIC : { kind: 'object', method };
    }
    if (PLAIN_METHODS.has(method) && !this.#analysis.methodNames.has(method)) return PLAIN;
    return DYNAMIC;
  }

  #namedCall(callee: SyntaxNode): CallClass {
    const binding = this.#analysis.bindingOf.get(callee);
    if (binding === undefined) return PLAIN_GLOBALS.has(callee.name) ? PLAIN : DYNAMIC;
    if (binding.kind !== 'function' || !isConstant(binding)) return DYNAMIC;
    const info = this.#analysis.infoOf.get(binding.node);
    return info === undefined ? DYNAMIC : { kind: 'known', info, binding };
  }

  #privateCall(name: SyntaxNode): CallClass {
    const owner = this.#analysis.privateOwner.get(name);
    const member = owner && this.#analysis.privateMembers.get(owner)!.get(name.name);
    if (member?.type !== 'MethodDefinition' || member.kind !== 'method') return DYNAMIC;
    return { kind: 'private', info: this.#analysis.infoOf.get(member.value)! };
  }

  /** The accessor behind `object.#name`, or `undefined`. */
  privateGetter(name: SyntaxNode): FunctionInfo | undefined {
    const owner = this.#analysis.privateOwner.get(name);
    const member = owner && this.#analysis.privateMembers.get(owner)!.get(name.name);
    if (member?.type !== 'MethodDefinition' || member.kind !== 'get') return undefined;
    return this.#analysis.infoOf.get(member.value);
  }

  /** The setter behind `object.#name`, or `undefined`. */
  privateSetter(name: SyntaxNode): FunctionInfo | undefined {
    const owner = this.#analysis.privateOwner.get(name);
    const member = owner && this.#analysis.privateMembers.get(owner)!.get(`set ${name.name}`);
    return member === undefined ? undefined : this.#analysis.infoOf.get(member.value);
  }

  /** The private method that `object.#name` reads as a value, or `undefined`. */
  privateMethod(name: SyntaxNode): FunctionInfo | undefined {
    const result = this.#privateCall(name);
    return result.kind === 'private' ? result.info : undefined;
  }

  /** The name of the accessor that a member may be, `undefined` if it is none that takes steps. */
  accessorName(member: SyntaxNode): string | undefined {
    const { property } = member;
    const name = member.computed ? stringValue(property) : property.name;
    const isPublic = member.computed || property.type === 'Identifier';
    return isPublic && name !== undefined && this.accessors.has(name) ? name : undefined;
  }

  /** Whether `object[key]` may be an element of a typed array. */
  mayBeElement(member: SyntaxNode): boolean {
    if (!member.computed || member.object.type === 'Super') return false;
    const key = unwrapped(member.property);
    if (stringValue(key) !== undefined || key.type === 'TemplateLiteral') return false;
    if (key.type === 'MemberExpression' && this.isGlobal(unwrapped(key.object), 'Symbol'))
      return false;
    return !this.isPlainObject(member.object);
  }

  /** Whether iterating an expression certainly takes no steps. */
  isPlainIterable(node: SyntaxNode): boolean {
    return this.#isPlain(node, false);
  }

  /** Whether an expression certainly gives no typed array. */
  isPlainObject(node: SyntaxNode): boolean {
    return this.#isPlain(node, true);
  }

  #isPlain(node: SyntaxNode, isObjectPlain: boolean): boolean {
    const value = unwrapped(node);
    switch (value.type) {
      case 'ObjectExpression':
        return isObjectPlain;
      case 'ArrayExpression':
      case 'TemplateLiteral':
      case 'Literal':
        return true;
      case 'Identifier':
        return this.#isPlainBinding(value, isObjectPlain);
      case 'NewExpression':
        return this.isGlobal(value.callee) && PLAIN_ITERABLES.has(value.callee.name);
      case 'CallExpression': {
        const callee = unwrapped(value.callee);
        return (
          callee.type === 'MemberExpression' &&
          !callee.computed &&
          this.isGlobal(callee.object, 'Object') &&
          PLAIN_RESULTS.has(callee.property.name)
        );
      }
      default:
        return false;
    }
  }

  #isPlainBinding(identifier: SyntaxNode, isObjectPlain: boolean): boolean {
    if (identifier.name === 'arguments') return true;
    const binding = this.#analysis.bindingOf.get(identifier);
    if (binding === undefined || !isConstant(binding)) return false;
    if (binding.kind === 'rest') return true;
    const { node } = binding;
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return false;
    // A name that is initialised from itself has no value at all.
    if (node.init === null || unwrapped(node.init).type === 'Identifier') return false;
    return this.#isPlain(node.init, isObjectPlain);
  }
}

const PLAIN_ITERABLES = new Set(['Array', 'Map', 'Set', 'WeakMap', 'WeakSet']);
const PLAIN_RESULTS = new Set(['keys', 'values', 'entries', 'getOwnPropertyNames']);

/** Whether a call spreads an argument. */
export function hasSpread(node: SyntaxNode): boolean {
  return node.arguments.some((argument) => argument.type === 'SpreadElement');
}

/** Whether a function can be given a stepped form at all. */
export function isSteppable(info: FunctionInfo): boolean {
  if (info.kind === 'module' || info.kind === 'field' || info.kind === 'static-block') return false;
  if (info.kind === 'constructor' || info.node.async) return false;
  if (info.isLiteralMember && (info.usesSuper || info.kind !== 'method')) return false;
  if (info.kind === 'arrow' && (info.usesSuper || info.usesNewTarget)) return false;
  return !(info.usesNewTarget && info.kind === 'function');
}

/** Sets `isColoured` and `hasParameterSteps` of all functions. */
export function colour(analysis: Analysis, classifier: Classifier): void {
  for (const info of analysis.functions) {
    if (info.kind === 'getter' || info.kind === 'setter') collect(info, analysis, classifier);
  }
  spread(analysis);
  for (const info of analysis.functions) {
    const { kind, isColoured, name } = info;
    if (!isColoured || (kind !== 'getter' && kind !== 'setter')) continue;
    if (isSteppable(info) && name !== '' && !name.startsWith('#')) classifier.accessors.add(name);
  }
  for (const info of analysis.functions) collect(info, analysis, classifier);
  spread(analysis);
}

function spread(analysis: Analysis): void {
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const info of analysis.functions) {
      if (info.isColoured) continue;
      for (const callee of info.callees) {
        if (!callee.isColoured) continue;
        info.isColoured = true;
        isChanged = true;
        break;
      }
    }
  }
}

function collect(info: FunctionInfo, analysis: Analysis, classifier: Classifier): void {
  const { node } = info;
  if (info.kind === 'module') return;
  if (info.kind === 'field') {
    if (mayStep(node.value, info, classifier)) info.isColoured = true;
    return;
  }
  if (info.kind === 'static-block') {
    for (const statement of statementsOf(node)) {
      if (mayStep(statement, info, classifier)) info.isColoured = true;
    }
    return;
  }
  for (const parameter of node.params) {
    const calleeCount = info.callees.size;
    const isStep = mayStep(parameter, info, classifier);
    if (isStep) info.isColoured = true;
    if (isStep || info.callees.size > calleeCount) info.hasParameterSteps = true;
  }
  if (mayStep(node.body, info, classifier)) info.isColoured = true;
}

/** Whether a subtree may be a step itself; calls of the module's own functions are noted instead. */
export function mayStep(node: SyntaxNode, info: FunctionInfo, classifier: Classifier): boolean {
  if (isErased(node) || isFunction(node)) return false;
  let result = isStepNode(node, info, classifier);
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    return classMayStep(node, info, classifier);
  }
  for (const child of childrenOf(node)) {
    if (mayStep(child, info, classifier)) result = true;
  }
  return result;
}

function classMayStep(node: SyntaxNode, info: FunctionInfo, classifier: Classifier): boolean {
  let result = node.superClass !== null && mayStep(node.superClass, info, classifier);
  for (const member of statementsOf(node.body)) {
    if (member.computed && mayStep(member.key, info, classifier)) result = true;
  }
  return result;
}

function isStepNode(node: SyntaxNode, info: FunctionInfo, classifier: Classifier): boolean {
  switch (node.type) {
    case 'CallExpression': {
      const call = classifier.call(node);
      if (hasUnknownSpread(node.arguments, classifier)) return true;
      if (call.kind === 'plain') return false;
      if (call.kind !== 'known' && call.kind !== 'private') return true;
      if (isSteppable(call.info) && !call.info.node.generator) info.callees.add(call.info);
      return false;
    }
    case 'TaggedTemplateExpression':
      return true;
    case 'NewExpression':
      return isViewCopy(node, classifier) || hasUnknownSpread(node.arguments, classifier);
    case 'ArrayExpression':
      return hasUnknownSpread(node.elements, classifier);
    case 'MemberExpression':
      if (classifier.mayBeElement(node)) return true;
      if (!node.computed && node.property.type === 'PrivateIdentifier') {
        const { property } = node;
        for (const accessor of [
          classifier.privateGetter(property),
          classifier.privateSetter(property),
        ]) {
          if (accessor !== undefined && isSteppable(accessor)) info.callees.add(accessor);
        }
        return false;
      }
      return classifier.accessorName(node) !== undefined;
    case 'ForOfStatement':
      return !classifier.isPlainIterable(node.right);
    case 'VariableDeclarator':
      return (
        node.id.type === 'ArrayPattern' &&
        node.init !== null &&
        !classifier.isPlainIterable(node.init)
      );
    case 'AssignmentExpression':
      return node.left.type === 'ArrayPattern' && !classifier.isPlainIterable(node.right);
    case 'YieldExpression':
      return node.delegate;
    default:
      return false;
  }
}

/** Whether `new` builds a typed array from what may be another one. */
export function isViewCopy(node: SyntaxNode, classifier: Classifier): boolean {
  const { callee } = node;
  const first = node.arguments[0];
  if (first === undefined || first.type === 'SpreadElement' || first.type === 'Literal')
    return false;
  return (
    classifier.isGlobal(callee) && TYPED_ARRAYS.has(callee.name) && node.arguments.length === 1
  );
}

function hasUnknownSpread(
  elements: readonly (SyntaxNode | null)[],
  classifier: Classifier,
): boolean {
  return elements.some(
    (element) =>
      element?.type === 'SpreadElement' && !classifier.isPlainIterable(element.argument!),
  );
}
