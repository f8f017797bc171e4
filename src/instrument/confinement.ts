/**
 * A proof, from the text of a module alone, that its threads share nothing but elements of typed arrays.
 *
 * What is proved is what `step.ts` calls confined: then an explorer may leave threads that took no step where they are,
 * in place of running the whole program again. The proof is a list of what the module consists of, and everything that
 * is not on the list ends it:
 *
 * C1. At the top of the module stand functions, constants that are numbers, strings or the like, imports of
 *     `defineProgram` and of files beside this one, and the program. So functions are all that threads have in common by
 *     name, and no name at the top ever changes.
 * C2. A function at the top is called or is a part of the program, and is never handed around: nobody can hang anything
 *     on it. Of the globals only those without a state are used, by calling them.
 * C3. Threads, set-up and check stand at the top themselves, so a variable of a function belongs to one thread's run.
 * C4. What is written to: variables of functions, properties of literals that the same function made, and elements,
 *     `x[i] = v`. Where set-up returns a view, x is that view or something of the thread's own; where it returns a record
 *     of views, x must visibly not be the record itself. Ways from a value to its class are not taken.
 * C5. Methods are called on arrays that the same function made, and on no other object; in a check, those that change
 *     nothing on any.
 * C6. The check writes to variables and literals of its own, and to nothing else.
 * C7. Threads read elements in steps and in no other way: copies of all fields of an object, and patterns that name elements,
 *     would read those of a view unseen. Views that are turned into text or a number are refused when it happens.
 *
 * What set-up returns is looked at when it has run (`isFlat` of `confined-state.ts`), and shared objects that threads create
 * are found by the explorer.
 */
import {
  GLOBAL_CLASSES,
  GLOBAL_FUNCTIONS,
  GLOBAL_OBJECTS,
  GLOBAL_VALUES,
  HARMLESS,
  READING_METHODS,
  UNSEEN_CALLS,
  hasUnseenReads,
  isConfinedImport,
  isIndex,
  isPrimitiveSyntax,
  isReflective,
  readsUnseen,
} from './confined-names.ts';
import { weaker, type Confinement } from './confined-state.ts';
import { walkPattern } from './patterns.ts';
import { isConstant } from './scope.ts';
import type { Analysis, Binding } from './scope.ts';
import { childrenOf, isErased, isFunction, keyText, statementsOf, unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Proves what it can of a module. Cost: one walk over the tree. */
export function confinementOf(program: SyntaxNode, analysis: Analysis): Confinement {
  const proof = new Proof(analysis);
  return proof.holds(program) ? proof.confinement : 'none';
}

class Proof {
  readonly #analysis: Analysis;
  /** Functions at the top that a check calls, C6. */
  readonly #pure = new Set<SyntaxNode>();
  /** Functions that are threads: given what set-up returned, unless something calls them too. */
  readonly #threads = new Set<SyntaxNode>();
  readonly #called = new Set<SyntaxNode>();
  /** Whether a write was let pass because it stands in a thread, C4. */
  #trustsThreads = false;
  /** Weakened by writes to elements of what could be the record, C4. */
  confinement: Confinement = 'record';
  #isCheck = false;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  holds(program: SyntaxNode): boolean {
    for (const statement of statementsOf(program)) this.#findThreads(statement);
    if (!statementsOf(program).every((statement) => this.#isTop(statement))) return false;
    this.#isCheck = true;
    // The set grows while it is walked: what a check calls may call others.
    for (const called of this.#pure) if (!this.#isCode(called)) return false;
    const isCalled = [...this.#threads].some((thread) => this.#called.has(thread));
    if (isCalled && this.#trustsThreads) this.confinement = 'view';
    return true;
  }

  #findThreads(statement: SyntaxNode): void {
    const [first] = statement.declarations ?? [];
    const call = statement.declaration ?? first?.init ?? null;
    const parts = call === null ? [] : (unwrapped(call).arguments?.[0]?.properties ?? []);
    for (const { type, key, value } of parts) {
      if (type !== 'Property' || keyText(key) !== 'threads') continue;
      for (const element of unwrapped(value).elements ?? []) {
        const thread = element === null ? null : unwrapped(element);
        const code = thread === null || isFunction(thread) ? thread : this.#topFunction(thread);
        if (code !== null) this.#threads.add(code);
      }
    }
  }

  /** C1. */
  #isTop(statement: SyntaxNode): boolean {
    if (isErased(statement)) return true;
    switch (statement.type) {
      case 'ImportDeclaration':
        return isConfinedImport(statement);
      case 'ExportNamedDeclaration':
        if (statement.exportKind === 'type') return true;
        return statement.declaration !== null && this.#isExported(statement.declaration);
      case 'ExportDefaultDeclaration':
        return this.#isTopValue(statement.declaration!);
      case 'FunctionDeclaration':
        return this.#isCode(statement);
      case 'VariableDeclaration':
        return (
          statement.kind === 'const' &&
          statement.declarations.every(
            ({ id, init }) => id.type === 'Identifier' && init !== null && this.#isTopValue(init),
          )
        );
      default:
        return false;
    }
  }

  /** Other modules may call it. */
  #isExported(declaration: SyntaxNode): boolean {
    this.#called.add(declaration);
    for (const { init } of declaration.declarations ?? []) {
      if (init !== null) this.#called.add(unwrapped(init));
    }
    return this.#isTop(declaration);
  }

  #isTopValue(node: SyntaxNode): boolean {
    const value = unwrapped(node);
    if (isFunction(value)) return this.#isCode(value);
    if (value.type === 'CallExpression') return this.#isProgram(value);
    if (value.type === 'Identifier') return this.#analysis.bindingOf.has(value);
    return isPrimitiveSyntax(value);
  }

  /** C3. */
  #isProgram({ callee, arguments: given }: SyntaxNode): boolean {
    const parts = given.length === 1 ? unwrapped(given[0]!) : null;
    if (callee.name !== 'defineProgram' || parts?.type !== 'ObjectExpression') return false;
    return parts.properties.every((property) => {
      if (property.type !== 'Property' || property.computed || property.kind !== 'init')
        return false;
      const value = unwrapped(property.value);
      switch (keyText(property.key)) {
        case 'name':
          return isPrimitiveSyntax(value);
        case 'setup':
          return this.#isPart(value);
        case 'threads':
          return (
            value.type === 'ArrayExpression' &&
            value.elements.every((thread) => thread !== null && this.#isPart(unwrapped(thread)))
          );
        case 'check':
          return this.#isCheckPart(value);
        default:
          return false;
      }
    });
  }

  #isPart(value: SyntaxNode): boolean {
    if (isFunction(value)) return this.#isCode(value);
    return value.type === 'Identifier' && this.#topFunction(value) !== null;
  }

  #isCheckPart(value: SyntaxNode): boolean {
    const checked = isFunction(value) ? value : this.#topFunction(value);
    if (checked === null) return false;
    this.#pure.add(checked);
    return true;
  }

  /** The function at the top of this module that a name stands for. */
  #topFunction(identifier: SyntaxNode): SyntaxNode | null {
    const binding = this.#analysis.bindingOf.get(identifier);
    if (binding === undefined || !this.#isTopBinding(binding)) return null;
    if (binding.kind === 'function') return binding.node;
    const init = binding.node.type === 'VariableDeclarator' ? binding.node.init : null;
    return init !== null && isFunction(unwrapped(init)) ? unwrapped(init) : null;
  }

  #isTopBinding(binding: Binding): boolean {
    return binding.scope === this.#analysis.moduleScope;
  }

  /** Everything from a node downwards. */
  #isCode(node: SyntaxNode): boolean {
    if (isErased(node)) return true;
    const inner = unwrapped(node);
    if (inner !== node) return this.#isCode(inner);
    if (isFunction(node)) return this.#isPlainFunction(node);
    switch (node.type) {
      case 'Identifier':
        return this.#isValue(node);
      case 'CallExpression':
        return this.#isCall(node);
      case 'NewExpression':
        return this.#isGlobal(node.callee, GLOBAL_CLASSES) && node.arguments.every(this.#code);
      case 'AssignmentExpression':
        return this.#isTarget(node.left) && this.#isCode(node.right);
      case 'UpdateExpression':
        return this.#isTarget(node.argument!);
      case 'VariableDeclaration':
        return node.declarations.every(
          ({ id, init }) => this.#isPattern(id) && (init === null || this.#isCode(init)),
        );
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#isLoopOver(node);
      case 'CatchClause':
        return (node.param === null || this.#isPattern(node.param)) && this.#isCode(node.body);
      case 'Property':
        return (
          node.kind === 'init' &&
          (!node.computed || this.#isCode(node.key)) &&
          this.#isCode(node.value)
        );
      default:
        return this.#isHarmless(node);
    }
  }

  readonly #code = (node: SyntaxNode): boolean => this.#isCode(node);

  #isHarmless(node: SyntaxNode): boolean {
    if (!HARMLESS.has(node.type) || node.operator === 'delete') return false;
    if (readsUnseen(node)) return false;
    // Names of members and labels are no values.
    if (node.type === 'MemberExpression') {
      if (node.property.type === 'PrivateIdentifier' || isReflective(node)) return false;
      return this.#isCode(node.object) && (!node.computed || this.#isCode(node.property));
    }
    if (node.type === 'LabeledStatement') return this.#isCode(node.body);
    if (node.type === 'BreakStatement' || node.type === 'ContinueStatement') return true;
    return childrenOf(node).every(this.#code);
  }

  #isPlainFunction(node: SyntaxNode): boolean {
    if (node.async || node.generator) return false;
    return node.params.every((parameter) => this.#isPattern(parameter)) && this.#isCode(node.body);
  }

  #isLoopOver(node: SyntaxNode): boolean {
    if (node.await) return false;
    const { left } = node;
    const isTarget =
      left.type === 'VariableDeclaration' ? this.#isCode(left) : this.#isTarget(left);
    return isTarget && this.#isCode(node.right) && this.#isCode(node.body);
  }

  /** C2: a name whose value is used. */
  #isValue(identifier: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(identifier);
    if (binding === undefined) return GLOBAL_VALUES.has(identifier.name);
    if (!this.#isTopBinding(binding)) return true;
    const { init } = binding.node;
    return binding.kind === 'const' && init !== null && isPrimitiveSyntax(unwrapped(init));
  }

  #isGlobal(node: SyntaxNode, names: ReadonlySet<string>): boolean {
    return (
      node.type === 'Identifier' && names.has(node.name) && !this.#analysis.bindingOf.has(node)
    );
  }

  #isCall({ callee: written, arguments: given }: SyntaxNode): boolean {
    const callee = unwrapped(written);
    if (!given.every(this.#code)) return false;
    if (callee.type === 'Identifier') return this.#isCallable(callee);
    if (callee.type === 'MemberExpression') return this.#isMethod(callee);
    return isFunction(callee) && this.#isCode(callee);
  }

  #isCallable(callee: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(callee);
    if (binding === undefined) return GLOBAL_FUNCTIONS.has(callee.name);
    const called = this.#topFunction(callee);
    if (called !== null) this.#called.add(called);
    if (!this.#isCheck || !this.#isTopBinding(binding)) return true;
    if (called !== null) this.#pure.add(called);
    return called !== null;
  }

  /** C5, and C6: of `Atomics` a check may load only. */
  #isMethod({ object, property, computed }: SyntaxNode): boolean {
    if (computed || property.type !== 'Identifier') return false;
    const receiver = unwrapped(object);
    if (this.#isGlobal(receiver, GLOBAL_OBJECTS)) {
      if (this.#isCheck) return receiver.name !== 'Atomics' || property.name === 'load';
      return !UNSEEN_CALLS.has(`${receiver.name}.${property.name}`);
    }
    if (!this.#isCode(receiver)) return false;
    if (this.#isCheck && READING_METHODS.has(property.name)) return true;
    return receiver.type === 'ArrayExpression' || this.#isOwnLiteral(receiver, 'ArrayExpression');
  }

  /** Whether a name is a constant of a function, and a literal of that kind. */
  #isOwnLiteral(node: SyntaxNode, type: 'ArrayExpression' | 'ObjectExpression'): boolean {
    const init = this.#ownConstant(node);
    return init !== null && init.type === type;
  }

  /** What a constant of a function was made as; `null` for anything else. */
  #ownConstant(node: SyntaxNode): SyntaxNode | null {
    const binding = this.#analysis.bindingOf.get(node);
    if (binding === undefined || this.#isTopBinding(binding) || binding.kind !== 'const')
      return null;
    const { type, id, init } = binding.node;
    return type === 'VariableDeclarator' && id.type === 'Identifier' && init !== null
      ? unwrapped(init)
      : null;
  }

  #isPattern(pattern: SyntaxNode): boolean {
    return this.#eachTarget(pattern, () => true);
  }

  /** C4: what is assigned to. */
  #isTarget(pattern: SyntaxNode): boolean {
    return this.#eachTarget(pattern, (name) => {
      const binding = this.#analysis.bindingOf.get(name);
      return binding !== undefined && !this.#isTopBinding(binding);
    });
  }

  #eachTarget(pattern: SyntaxNode, isName: (name: SyntaxNode) => boolean): boolean {
    let isConfined = !hasUnseenReads(pattern);
    walkPattern(pattern, pattern, {
      name: (identifier) => {
        isConfined &&= isName(identifier);
      },
      expression: (node) => {
        isConfined &&= node.type === 'MemberExpression' ? this.#isWrite(node) : this.#isCode(node);
      },
    });
    return isConfined;
  }

  /** C4 and C6: a member that is written to, or that a pattern computes. */
  #isWrite(member: SyntaxNode): boolean {
    const object = unwrapped(member.object);
    if (!this.#isHarmless(member)) return false;
    if (this.#isOwnLiteral(object, 'ObjectExpression')) return true;
    if (this.#isOwnLiteral(object, 'ArrayExpression')) return true;
    if (
      this.#isCheck ||
      !member.computed ||
      (member.property.type === 'Literal' && !isIndex(member.property))
    )
      return false;
    if (object.type === 'MemberExpression' ? object.computed : object.type !== 'Identifier') {
      return false;
    }
    if (!this.#isVisiblyNoRecord(object)) this.confinement = weaker(this.confinement, 'view');
    return true;
  }

  /** C4: made by the function itself, or a member of what a thread is given. */
  #isVisiblyNoRecord(object: SyntaxNode): boolean {
    const value = object.type === 'Identifier' ? this.#ownConstant(object) : object;
    if (value?.type === 'NewExpression') return true;
    if (value?.type !== 'MemberExpression' || value.computed) return false;
    const binding = this.#analysis.bindingOf.get(unwrapped(value.object));
    if (binding?.kind !== 'parameter' || !isConstant(binding)) return false;
    const { node } = binding.scope.owner;
    const [first] = node.params;
    if (!this.#threads.has(node) || first?.type !== 'Identifier') return false;
    this.#trustsThreads = true;
    return first.name === binding.name;
  }
}
