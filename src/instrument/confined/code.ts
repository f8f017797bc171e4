/**
 * The part of the proof of `proof.ts` that is about functions: C2 to C5.
 *
 * Shared names (`shared-names.ts`) may stand in few places only: before the brackets of an element, as the first argument of
 * `Atomics`, before a method that changes nothing, as an argument of a function of the module. In all others, even in a
 * text, reading the elements would not be a step.
 */
import { isPureMethod, isRefusedName, PURE_CALLS, PURE_GLOBALS, PURE_NEW } from './names.ts';
import { SharedNames } from './shared-names.ts';
import type { Analysis, Binding, FunctionInfo } from '../scope.ts';
import { childrenOf, isErased, isFunction, keyText, stringValue, unwrapped } from '../syntax.ts';
import type { SyntaxNode } from '../syntax.ts';

/** Statements whose parts are all that there is to look at. */
const PLAIN_STATEMENTS = new Set([
  'BlockStatement',
  'BreakStatement',
  'CatchClause',
  'ContinueStatement',
  'DoWhileStatement',
  'EmptyStatement',
  'ExpressionStatement',
  'ForOfStatement',
  'ForStatement',
  'IfStatement',
  'LabeledStatement',
  'ReturnStatement',
  'SwitchCase',
  'SwitchStatement',
  'ThrowStatement',
  'TryStatement',
  'VariableDeclaration',
  'WhileStatement',
]);
/** Expressions and patterns of which the same is true. */
const PLAIN_EXPRESSIONS = new Set([
  'ArrayExpression',
  'BinaryExpression',
  'ChainExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'ObjectExpression',
  'SequenceExpression',
  'SpreadElement',
  'TemplateElement',
  'TemplateLiteral',
  'UnaryExpression',
]);

/** Looks at the functions of one module, again and again until no name is found to be shared any more. */
export class ConfinedCode {
  /** C4: whether a shared name must be a typed array. */
  needsView = false;
  /** C4: whether an element was assigned of something that is neither shared nor the function's own. */
  hasStrays = false;
  readonly #analysis: Analysis;
  readonly #names: SharedNames;
  /** Functions at the top level that assign elements themselves, and whom they call. */
  readonly #writers = new Set<FunctionInfo>();
  readonly #callees = new Map<FunctionInfo, Set<FunctionInfo>>();
  /** The function that is looked at, and the one at the top level that it stands in. */
  #function: FunctionInfo;
  #outermost: FunctionInfo;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#names = new SharedNames(analysis);
    this.#function = analysis.root;
    this.#outermost = analysis.root;
  }

  /** Grows with what becomes known of names: what was looked at before has to be looked at again. */
  get known(): number {
    return this.#names.known;
  }

  /** Whether a name stands for a primitive constant of the module. */
  isConstantName(binding: Binding | undefined): boolean {
    return binding?.kind === 'const' && this.functionOf(binding) === null;
  }

  /** The function that a name of the module stands for, or `null`. */
  functionOf({ kind, node, scope }: Binding): FunctionInfo | null {
    if (scope !== this.#analysis.moduleScope) return null;
    if (kind === 'function') return this.#analysis.infoOf.get(node) ?? null;
    if (kind !== 'const' || node.type !== 'VariableDeclarator' || node.init === null) return null;
    return this.#analysis.infoOf.get(unwrapped(node.init)) ?? null;
  }

  /** Whether a function keeps to C2, C3 and C4. */
  isConfinedFunction(node: SyntaxNode): boolean {
    const info = this.#analysis.infoOf.get(node)!;
    if (node.async || node.generator) return false;
    const [outerFunction, outermost] = [this.#function, this.#outermost];
    if (outerFunction.kind === 'module') this.#outermost = info;
    this.#function = info;
    const isConfined =
      node.params.every((parameter) => this.#isConfinedPattern(parameter)) &&
      this.#isConfined(node.body);
    this.#function = outerFunction;
    this.#outermost = outermost;
    return isConfined;
  }

  /** Makes a parameter shared. Returns whether it could be. */
  share({ params }: SyntaxNode, index: number): boolean {
    const parameter = params[index];
    return parameter === undefined || this.#names.share(parameter, false);
  }

  /** A value that is not shared, or a statement. */
  #isConfined(given: SyntaxNode): boolean {
    if (isErased(given)) return true;
    const node = unwrapped(given);
    if (PLAIN_STATEMENTS.has(node.type)) return this.#isConfinedStatement(node);
    switch (node.type) {
      case 'Literal':
        return !('regex' in node);
      case 'Identifier':
        return this.#isValue(node) && !this.#names.isShared(node);
      case 'Property':
        return this.#isConfinedProperty(node) && this.#isConfined(node.value);
      case 'MemberExpression':
        return this.#isConfinedRead(node) && !this.#names.isShared(node);
      case 'AssignmentExpression':
        return this.#isConfinedTarget(node.left) && this.#isConfined(node.right);
      case 'UpdateExpression':
        return this.#isConfinedTarget(node.argument!);
      case 'CallExpression':
        return this.#isConfinedCall(node);
      case 'NewExpression':
        return this.#isGlobal(node.callee, PURE_NEW) && this.#areConfined(node.arguments);
      case 'UnaryExpression':
        return node.operator !== 'delete' && this.#isConfined(node.argument!);
      default:
        return PLAIN_EXPRESSIONS.has(node.type) && this.#areConfined(childrenOf(node));
    }
  }

  #areConfined(nodes: readonly SyntaxNode[]): boolean {
    return nodes.every((node) => this.#isConfined(node));
  }

  #isConfinedStatement(node: SyntaxNode): boolean {
    switch (node.type) {
      case 'BreakStatement':
      case 'ContinueStatement':
        return true;
      case 'LabeledStatement':
        return this.#isConfined(node.body);
      case 'CatchClause':
        return (
          (node.param === null || this.#isConfinedPattern(node.param)) &&
          this.#isConfined(node.body)
        );
      case 'ForOfStatement':
        return (
          !node.await &&
          node.left.type === 'VariableDeclaration' &&
          this.#isConfined(node.left) &&
          this.#isConfinedOrShared(node.right) &&
          this.#isConfined(node.body)
        );
      case 'VariableDeclaration':
        return (
          ['const', 'let', 'var'].includes(node.kind) &&
          node.declarations.every((one) => this.#isConfinedDeclaration(one))
        );
      default:
        return this.#areConfined(childrenOf(node));
    }
  }

  #isConfinedDeclaration({ id, init }: SyntaxNode): boolean {
    if (!this.#isConfinedPattern(id)) return false;
    if (init === null || !this.#names.isShared(init))
      return init === null || this.#isConfined(init);
    if (!this.#isConfinedOrShared(init)) return false;
    // The elements of a typed array are numbers.
    if (id.type === 'ArrayPattern') return true;
    return this.#names.share(
      id,
      unwrapped(init).type === 'MemberExpression' || this.#names.isProperty(init),
    );
  }

  /** Names that are declared, and what their pattern computes. */
  #isConfinedPattern(given: SyntaxNode): boolean {
    const pattern = unwrapped(given);
    switch (pattern.type) {
      case 'Identifier':
        return true;
      case 'AssignmentPattern':
        return this.#isConfinedPattern(pattern.left) && this.#isConfined(pattern.right);
      case 'RestElement':
        return this.#isConfinedPattern(pattern.argument!);
      case 'ArrayPattern':
        return pattern.elements.every((one) => one === null || this.#isConfinedPattern(one));
      case 'ObjectPattern':
        return pattern.properties.every(
          (one) =>
            (one.type === 'RestElement' || this.#isConfinedProperty(one)) &&
            this.#isConfinedPattern(one.type === 'RestElement' ? one : one.value),
        );
      default:
        return false;
    }
  }

  #isConfinedProperty(node: SyntaxNode): boolean {
    const isPlain = node.type === 'Property' && node.kind === 'init' && !node.method;
    return isPlain && !node.computed && !isRefusedName(keyText(node.key));
  }

  /** A name that stands for a value: one of this function's or of those around it, or a constant of the module. */
  #isValue(node: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(node);
    if (binding === undefined) return ['undefined', 'NaN', 'Infinity'].includes(node.name);
    if (binding.scope === this.#analysis.moduleScope) return this.isConstantName(binding);
    return binding.kind !== 'function' && binding.kind !== 'class' && binding.kind !== 'own-name';
  }

  #isConfinedOrShared(given: SyntaxNode): boolean {
    const node = unwrapped(given);
    if (!this.#names.isShared(node)) return this.#isConfined(node);
    return node.type === 'Identifier' || this.#isConfinedRead(node);
  }

  #isConfinedRead(node: SyntaxNode): boolean {
    if (node.computed) {
      return (
        (this.#names.isShared(node.object)
          ? this.#isElementOf(unwrapped(node.object))
          : this.#isConfined(node.object)) && this.#isConfinedKey(node.property)
      );
    }
    if (node.property.type !== 'Identifier' || isRefusedName(node.property.name)) return false;
    const names = this.#namesOf(node.object);
    if (names !== null) return node.object.name !== 'Atomics' && names.has(node.property.name);
    return this.#isConfinedOrShared(node.object);
  }

  #isConfinedKey(key: SyntaxNode): boolean {
    const text = stringValue(unwrapped(key));
    return text === undefined ? this.#isConfined(key) : !isRefusedName(text);
  }

  /** What may be used of a global object, or `null` if the node names none. */
  #namesOf(node: SyntaxNode): ReadonlySet<string> | null {
    if (node.type !== 'Identifier' || this.#analysis.bindingOf.has(node)) return null;
    return PURE_GLOBALS.get(node.name) ?? null;
  }

  #isGlobal(node: SyntaxNode, names: ReadonlySet<string>): boolean {
    return (
      node.type === 'Identifier' && !this.#analysis.bindingOf.has(node) && names.has(node.name)
    );
  }

  /** C2 and C4. */
  #isConfinedTarget(given: SyntaxNode): boolean {
    const node = unwrapped(given);
    if (node.type === 'Identifier') {
      const binding = this.#analysis.bindingOf.get(node);
      return binding !== undefined && binding.scope.owner === this.#function;
    }
    if (node.type !== 'MemberExpression' || !node.computed) return false;
    this.#writers.add(this.#outermost);
    const object = unwrapped(node.object);
    // What is not known to be shared yet may become so: that a function is handed it shows at a call.
    if (!this.#names.isShared(object)) this.hasStrays ||= !this.#isOwn(object);
    else if (!this.#isElementOf(object)) return false;
    return this.#isConfinedKey(node.property);
  }

  /** C4: what is shared and stands before brackets is a typed array, or has to be found to be one. */
  #isElementOf(object: SyntaxNode): boolean {
    if (object.type === 'MemberExpression') return this.#isConfinedRead(object);
    if (!this.#names.isProperty(object)) this.needsView = true;
    return true;
  }

  /** Whether a name is that of an array which this very function made. */
  #isOwn(given: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(unwrapped(given));
    if (binding?.kind !== 'const' || binding.scope.owner !== this.#function) return false;
    const { type, id, init } = binding.node;
    if (type !== 'VariableDeclarator' || id.type !== 'Identifier' || init === null) return false;
    return ['ArrayExpression', 'NewExpression'].includes(unwrapped(init).type);
  }

  /** C3. */
  #isConfinedCall(node: SyntaxNode): boolean {
    const callee = unwrapped(node.callee);
    if (callee.type === 'Identifier') return this.#isConfinedNameCall(node, callee);
    if (callee.type !== 'MemberExpression' || callee.computed) return false;
    const { object, property } = callee;
    const { name } = property;
    const names = this.#namesOf(object);
    if (names !== null) {
      if (!names.has(name)) return false;
      if (object.name !== 'Atomics') return this.#areArguments(node.arguments, Infinity);
      if (name !== 'load') this.#writers.add(this.#outermost);
      const [view, ...rest] = node.arguments;
      return view !== undefined && this.#isConfinedOrShared(view) && this.#areConfined(rest);
    }
    if (name === 'push') return this.#isOwn(object) && this.#areConfined(node.arguments);
    // A callback's third argument is the array, and may then be shared.
    const parametersMax = this.#names.isShared(object) ? 2 : Infinity;
    return (
      isPureMethod(name) &&
      this.#isConfinedOrShared(object) &&
      this.#areArguments(node.arguments, parametersMax)
    );
  }

  #areArguments(nodes: readonly SyntaxNode[], parametersMax: number): boolean {
    return nodes.every((one) => {
      const node = unwrapped(one);
      if (!isFunction(node)) return this.#isConfined(node);
      const hasRest = node.params.some(({ type }) => type === 'RestElement');
      const isShort =
        parametersMax === Infinity || (node.params.length <= parametersMax && !hasRest);
      return isShort && this.isConfinedFunction(node);
    });
  }

  /** A call of a function of the module, which may be given what is shared, or of a global one. */
  #isConfinedNameCall(node: SyntaxNode, callee: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(callee);
    if (binding === undefined)
      return PURE_CALLS.has(callee.name) && this.#areConfined(node.arguments);
    const called = this.functionOf(binding);
    if (called === null) return false;
    const callees = this.#callees.get(this.#outermost) ?? new Set();
    this.#callees.set(this.#outermost, callees.add(called));
    const hasSpread = node.arguments.some(({ type }) => type === 'SpreadElement');
    return node.arguments.every((one, index) => {
      if (!this.#names.isShared(one)) return this.#isConfined(one);
      if (hasSpread || !this.#isConfinedOrShared(one)) return false;
      const parameter = called.node.params[index];
      const isProperty = unwrapped(one).type === 'MemberExpression' || this.#names.isProperty(one);
      return parameter === undefined || this.#names.share(parameter, isProperty);
    });
  }

  /** C5: whether a function, or one that it calls, assigns elements. */
  assignsElements(root: FunctionInfo): boolean {
    const reached = new Set([root]);
    // The set grows while it is walked.
    for (const info of reached) {
      if (this.#writers.has(info)) return true;
      for (const callee of this.#callees.get(info) ?? []) reached.add(callee);
    }
    return false;
  }
}
