import { visitorKeys } from 'oxc-parser';

/**
 * A node of the syntax tree, ESTree with TypeScript's additions.
 *
 * One open shape for all node types instead of a union of 165: the emitter asks for the type and then reads the fields
 * that ESTree defines for it. A field of another node type reads as `undefined`. Offsets are UTF-16 units.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly kind: string;
  readonly operator: string;
  readonly raw: string;
  readonly value: SyntaxNode;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly prefix: boolean;
  readonly static: boolean;
  readonly shorthand: boolean;
  readonly method: boolean;
  readonly async: boolean;
  readonly generator: boolean;
  readonly await: boolean;
  readonly delegate: boolean;
  readonly declare: boolean;
  readonly expression: SyntaxNode;
  readonly importKind: string;
  readonly exportKind: string;
  readonly object: SyntaxNode;
  readonly property: SyntaxNode;
  readonly callee: SyntaxNode;
  readonly arguments: readonly SyntaxNode[];
  readonly argument: SyntaxNode | null;
  readonly typeArguments: SyntaxNode | null;
  readonly typeAnnotation: SyntaxNode | null;
  readonly typeParameters: SyntaxNode | null;
  readonly returnType: SyntaxNode | null;
  readonly left: SyntaxNode;
  readonly right: SyntaxNode;
  readonly test: SyntaxNode | null;
  readonly update: SyntaxNode | null;
  readonly init: SyntaxNode | null;
  readonly consequent: SyntaxNode;
  readonly alternate: SyntaxNode | null;
  readonly id: SyntaxNode;
  readonly key: SyntaxNode;
  readonly params: readonly SyntaxNode[];
  readonly param: SyntaxNode | null;
  readonly parameter: SyntaxNode;
  readonly body: SyntaxNode;
  readonly declaration: SyntaxNode | null;
  readonly declarations: readonly SyntaxNode[];
  readonly decorators: readonly SyntaxNode[];
  readonly elements: readonly (SyntaxNode | null)[];
  readonly properties: readonly SyntaxNode[];
  readonly superClass: SyntaxNode | null;
  readonly superTypeArguments: SyntaxNode | null;
  readonly specifiers: readonly SyntaxNode[];
  readonly local: SyntaxNode;
  readonly imported: SyntaxNode;
  readonly exported: SyntaxNode;
  readonly source: SyntaxNode | null;
  readonly members: readonly SyntaxNode[];
  readonly initializer: SyntaxNode | null;
  readonly quasi: SyntaxNode;
  readonly tag: SyntaxNode;
  readonly label: SyntaxNode;
  readonly meta: SyntaxNode;
}

/** The children of a node in the order they stand in the source. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const keys = visitorKeys[node.type];
  if (keys === undefined || keys.length === 0) return [];
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  const children: SyntaxNode[] = [];
  for (const key of keys) {
    const child = fields[key];
    if (Array.isArray(child)) {
      for (const element of child as (SyntaxNode | null)[]) {
        if (element !== null) children.push(element);
      }
    } else if (child !== null && child !== undefined) children.push(child as SyntaxNode);
  }
  let isSorted = true;
  for (let i = 1; i < children.length; i++) {
    if (children[i]!.start < children[i - 1]!.start) isSorted = false;
  }
  return isSorted ? children : children.sort((a, b) => a.start - b.start);
}

/** The statements of a program, a block or a static block; of a class body, its members. */
export function statementsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.body as unknown as readonly SyntaxNode[];
}

/** The expression inside parentheses and type syntax, neither of which does anything at run time. */
export function unwrapped(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (
    inner.type === 'ParenthesizedExpression' ||
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSNonNullExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSTypeAssertion' ||
    inner.type === 'TSInstantiationExpression'
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** The text of a literal, `undefined` if the node is not a string literal. */
export function stringValue(node: SyntaxNode): string | undefined {
  const value = node.value as unknown;
  return node.type === 'Literal' && typeof value === 'string' ? value : undefined;
}

/** The key of a member that is a name, a string or a number. */
export function keyText(key: SyntaxNode): string {
  const { name, value } = key as unknown as { name?: string; value: string | number };
  return name ?? String(value);
}

/** Whether a node is a function of any kind, arrows included. */
export function isFunction(node: SyntaxNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** Whether a node is type syntax that leaves nothing behind at run time. */
export function isErased(node: SyntaxNode): boolean {
  return ERASED.has(node.type) || (node.declare && DECLARABLE.has(node.type));
}

const ERASED = new Set([
  'TSTypeAnnotation',
  'TSTypeParameterDeclaration',
  'TSTypeParameterInstantiation',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSClassImplements',
  'TSIndexSignature',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSAbstractAccessorProperty',
  'TSNamespaceExportDeclaration',
]);

const DECLARABLE = new Set([
  'VariableDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSEnumDeclaration',
  'TSModuleDeclaration',
  'PropertyDefinition',
]);
