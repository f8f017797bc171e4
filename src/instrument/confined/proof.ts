/**
 * Proves that a program file's threads share nothing but elements of typed arrays (P6 of `core/step.ts`), so that the
 * explorer may rewind it.
 *
 * The proof is by what the file does not contain: every node of its tree must be one of the few listed here, and what is
 * not listed, however harmless, leaves the file unproven, which only costs time. It rests on five facts.
 *
 * C1. The module has no state: its top level declares constants that are primitive, functions, and one program.
 * C2. Functions assign only variables of their own activation, and elements. They hold on to nothing: there are no closures
 *     but callbacks of methods, no classes, no `this`, no properties that are assigned.
 * C3. What they call is in the file, or a built-in function without effect but on the elements of a typed array. Clocks,
 *     random numbers and the console are not among them.
 * C4. What setup made is touched by elements alone: nothing is assigned but elements of typed arrays and of arrays that the
 *     function made itself, and nothing reads elements but in steps. What stands before the brackets is a typed array: for
 *     properties of what setup made, if that is one or an object of them; for what has the name of the whole, only if that
 *     is one. Which it is, is looked at when the program runs; so is an index that is no number.
 * C5. Neither the check nor what it calls assigns elements.
 */
import { ConfinedCode } from './code.ts';
import type { Analysis, FunctionInfo } from '../scope.ts';
import {
  childrenOf,
  isErased,
  isFunction,
  keyText,
  statementsOf,
  stringValue,
  unwrapped,
} from '../syntax.ts';
import type { SyntaxNode } from '../syntax.ts';

/** `view`: proven if setup returns a typed array. `views`: also if it returns an object of typed arrays. */
export type Confinement = 'none' | 'view' | 'views';

/** What is proven of a module. */
export function confinementOf(program: SyntaxNode, analysis: Analysis): Confinement {
  return new Proof(program, analysis).result;
}

class Proof {
  readonly result: Confinement;
  readonly #analysis: Analysis;
  readonly #code: ConfinedCode;
  #check: FunctionInfo | null = null;
  #programs = 0;

  constructor(program: SyntaxNode, analysis: Analysis) {
    this.#analysis = analysis;
    this.#code = new ConfinedCode(analysis);
    let known: number;
    let isProven: boolean;
    do {
      ({ known } = this.#code);
      isProven = this.#isProven(program);
    } while (isProven && this.#code.known > known);
    isProven &&= !this.#code.hasStrays;
    this.result = !isProven ? 'none' : this.#code.needsView ? 'view' : 'views';
  }

  #isProven(program: SyntaxNode): boolean {
    this.#programs = 0;
    this.#code.hasStrays = false;
    return (
      statementsOf(program).every((statement) => this.#topLevel(statement)) &&
      this.#programs === 1 &&
      (this.#check === null || !this.#code.assignsElements(this.#check))
    );
  }

  /** C1. */
  #topLevel(node: SyntaxNode): boolean {
    if (isErased(node)) return true;
    switch (node.type) {
      case 'ImportDeclaration':
        return node.importKind === 'type' || isDefinitionImport(node);
      case 'ExpressionStatement':
        return stringValue(node.expression) !== undefined;
      case 'ExportNamedDeclaration':
        return node.declaration === null ? node.source === null : this.#topLevel(node.declaration);
      case 'ExportDefaultDeclaration':
        return this.#isProgram(node.declaration!) || node.declaration!.type === 'Identifier';
      case 'FunctionDeclaration':
        return this.#code.isConfinedFunction(node);
      case 'VariableDeclaration':
        return node.kind === 'const' && node.declarations.every((one) => this.#constant(one));
      default:
        return false;
    }
  }

  #constant({ id, init }: SyntaxNode): boolean {
    if (id.type !== 'Identifier' || init === null) return false;
    const value = unwrapped(init);
    if (isFunction(value)) return this.#code.isConfinedFunction(value);
    return this.#isProgram(value) || this.#isPrimitive(value);
  }

  #isPrimitive(given: SyntaxNode): boolean {
    const node = unwrapped(given);
    if (node.type === 'Literal') return !('regex' in node);
    if (node.type === 'Identifier')
      return this.#code.isConstantName(this.#analysis.bindingOf.get(node));
    const isOperation = node.type === 'UnaryExpression' || node.type === 'BinaryExpression';
    return isOperation && childrenOf(node).every((part) => this.#isPrimitive(part));
  }

  /** `defineProgram({ … })` with nothing in it but what is listed here. */
  #isProgram(given: SyntaxNode): boolean {
    const node = unwrapped(given);
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return false;
    const isDefinition = this.#analysis.bindingOf.get(node.callee)?.kind === 'import';
    const [literal] = node.arguments;
    if (!isDefinition || node.arguments.length !== 1 || literal?.type !== 'ObjectExpression') {
      return false;
    }
    this.#programs++;
    return literal.properties.every((property) => this.#programPart(property));
  }

  #programPart(property: SyntaxNode): boolean {
    if (property.type !== 'Property' || property.computed || property.kind !== 'init') return false;
    const value = unwrapped(property.value);
    switch (keyText(property.key)) {
      case 'name':
        return this.#isPrimitive(value);
      case 'setup':
        return this.#programFunction(value) !== null;
      case 'threads':
        return (
          value.type === 'ArrayExpression' &&
          value.elements.every((one) => one !== null && this.#isThread(one))
        );
      case 'check':
        this.#check = this.#programFunction(value);
        return this.#check !== null;
      default:
        return false;
    }
  }

  #isThread(given: SyntaxNode): boolean {
    const thread = this.#programFunction(given);
    return thread !== null && this.#code.share(thread.node, 0);
  }

  /** A function that stands here, or whose name does. `null`: neither, or not confined. */
  #programFunction(given: SyntaxNode): FunctionInfo | null {
    const node = unwrapped(given);
    if (isFunction(node)) {
      return this.#code.isConfinedFunction(node) ? this.#analysis.infoOf.get(node)! : null;
    }
    const binding = this.#analysis.bindingOf.get(node);
    return binding === undefined ? null : this.#code.functionOf(binding);
  }
}

/** `import { defineProgram } from 'mapcheck'`. */
function isDefinitionImport({ source, specifiers }: SyntaxNode): boolean {
  return (
    stringValue(source!) === 'mapcheck' &&
    specifiers.every(
      (one) =>
        one.importKind === 'type' ||
        (one.type === 'ImportSpecifier' && keyText(one.imported) === 'defineProgram'),
    )
  );
}
