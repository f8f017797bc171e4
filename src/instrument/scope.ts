import type { SyntaxNode } from './syntax.ts';

/** How a name came to be. `own-name` is the name of a function or class expression, seen inside it only. */
export type BindingKind =
  | 'import'
  | 'function'
  | 'class'
  | 'own-name'
  | 'parameter'
  | 'rest'
  | 'var'
  | 'let'
  | 'const'
  | 'catch';

/** One declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  readonly scope: Scope;
  /** The declaring node: a declarator, a function, a class, an import specifier, a pattern's identifier. */
  readonly node: SyntaxNode;
  /** Offset from which on the name has its value, for code that runs in the order of the text. */
  readonly readyAt: number;
  /** Assignments, the initial one excluded. */
  writeCount: number;
  /** All uses. */
  uses: number;
  /** A `var` that is initialised in a loop: a new value each time, in one variable. */
  isRepeated: boolean;
}

/** A region of names. */
export interface Scope {
  readonly kind: 'module' | 'function' | 'block' | 'switch' | 'class';
  readonly parent: Scope | null;
  /** The function whose activation holds the names. */
  readonly owner: FunctionInfo;
  readonly names: Map<string, Binding>;
}

/** What a function is to the language. `field` stands for a field's initialiser, which runs as a method of its own. */
export type FunctionKind =
  | 'module'
  | 'function'
  | 'arrow'
  | 'method'
  | 'getter'
  | 'setter'
  | 'constructor'
  | 'field'
  | 'static-block';

/** What the analysis knows of one function. */
export interface FunctionInfo {
  readonly kind: FunctionKind;
  readonly node: SyntaxNode;
  readonly parent: FunctionInfo | null;
  /** The class whose member it is. */
  readonly classNode: SyntaxNode | null;
  /** Stands in an object literal. */
  readonly isLiteralMember: boolean;
  /** A name for messages. */
  readonly name: string;
  usesThis: boolean;
  usesArguments: boolean;
  usesSuper: boolean;
  usesNewTarget: boolean;
  usesPrivateNames: boolean;
  /** Refers to names of enclosing functions or blocks. */
  readonly captured: Set<Binding>;
  /** Functions of the module it calls by name. */
  readonly callees: Set<FunctionInfo>;
  /** May reach a scheduling point: decided by `colour`. */
  isColoured: boolean;
  /** Some parameter's default or computed key may reach one. */
  hasParameterSteps: boolean;
}

/** Looks a name up from a scope outwards. */
export function lookUp(scope: Scope, name: string): Binding | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const binding = at.names.get(name);
    if (binding !== undefined) return binding;
  }
  return null;
}

/** Whether a name keeps the value it was given first. */
export function isConstant(binding: Binding): boolean {
  return binding.writeCount === 0 && !binding.isRepeated;
}

/** What one walk over a module finds out. */
export interface Analysis {
  readonly root: FunctionInfo;
  /** Every function, fields' initialisers and static blocks included, outer before inner. */
  readonly functions: readonly FunctionInfo[];
  /** By function node; for fields and static blocks, by the member. */
  readonly infoOf: ReadonlyMap<SyntaxNode, FunctionInfo>;
  /** What each identifier in value position refers to; absent for globals. */
  readonly bindingOf: ReadonlyMap<SyntaxNode, Binding>;
  /** By class node: its private members by name. */
  readonly privateMembers: ReadonlyMap<SyntaxNode, ReadonlyMap<string, SyntaxNode>>;
  /** The class that declares the private name of a private identifier. */
  readonly privateOwner: ReadonlyMap<SyntaxNode, SyntaxNode>;
  /** Getters that the module defines anywhere, by name; private names begin with `#`. */
  readonly getters: ReadonlyMap<string, readonly FunctionInfo[]>;
  /** Names of methods that the module defines anywhere. */
  readonly methodNames: ReadonlySet<string>;
  /** Module names that are used as values or exported by name: the others may be types. */
  readonly moduleScope: Scope;
}
