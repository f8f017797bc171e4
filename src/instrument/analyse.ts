/**
 * Names, functions and their uses: one walk over the tree.
 *
 * The walk declares names where it meets them and notes every use with its scope; uses are resolved at the end, when all
 * names are known, so that hoisting needs no walk of its own.
 */
import { gettersOf, markUse, memberName, METHOD_KINDS, newFunction } from './function-info.ts';
import { walkPattern } from './patterns.ts';
import { lookUp } from './scope.ts';
import type { Analysis, Binding, BindingKind, FunctionInfo, FunctionKind, Scope } from './scope.ts';
import { childrenOf, isErased, isFunction, statementsOf, unwrapped, keyText } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

interface Use {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly isWrite: boolean;
}

/** Walks a program. */
export const analyse = (program: SyntaxNode): Analysis => new Walk(program).finish();

class Walk {
  readonly #root: FunctionInfo;
  readonly #moduleScope: Scope;
  readonly #functions: FunctionInfo[] = [];
  readonly #infoOf = new Map<SyntaxNode, FunctionInfo>();
  readonly #uses: Use[] = [];
  readonly #bindingOf = new Map<SyntaxNode, Binding>();
  readonly #privateMembers = new Map<SyntaxNode, Map<string, SyntaxNode>>();
  readonly #privateOwner = new Map<SyntaxNode, SyntaxNode>();
  readonly #methodNames = new Set<string>();
  #scope: Scope;
  #function: FunctionInfo;
  readonly #classes: SyntaxNode[] = [];
  #loopDepth = 0;

  constructor(program: SyntaxNode) {
    this.#root = newFunction('module', program, null, null, 'module', false);
    this.#functions.push(this.#root);
    this.#moduleScope = { kind: 'module', parent: null, owner: this.#root, names: new Map() };
    this.#scope = this.#moduleScope;
    this.#function = this.#root;
    for (const statement of statementsOf(program)) this.#visit(statement);
  }

  finish(): Analysis {
    for (const use of this.#uses) this.#resolve(use);
    return {
      root: this.#root,
      functions: this.#functions,
      infoOf: this.#infoOf,
      bindingOf: this.#bindingOf,
      privateMembers: this.#privateMembers,
      privateOwner: this.#privateOwner,
      getters: gettersOf(this.#functions),
      methodNames: this.#methodNames,
      moduleScope: this.#moduleScope,
    };
  }

  #resolve({ node, scope, isWrite }: Use): void {
    const binding = lookUp(scope, node.name);
    if (binding === null) return;
    this.#bindingOf.set(node, binding);
    binding.uses += 1;
    if (isWrite) binding.writeCount += 1;
    if (binding.scope === this.#moduleScope) return;
    for (let at: FunctionInfo | null = scope.owner; at !== null; at = at.parent) {
      if (at === binding.scope.owner) break;
      at.captured.add(binding);
    }
  }

  #use(node: SyntaxNode, isWrite = false): void {
    this.#uses.push({ node, scope: this.#scope, isWrite });
  }

  #declare(identifier: SyntaxNode, kind: BindingKind, node: SyntaxNode, readyAt: number): void {
    let scope = this.#scope;
    if (kind === 'var') {
      while (scope.kind !== 'function' && scope.kind !== 'module') scope = scope.parent!;
    }
    const known = scope.names.get(identifier.name);
    if (known !== undefined) {
      known.writeCount += 1;
      this.#bindingOf.set(identifier, known);
      return;
    }
    const binding: Binding = {
      name: identifier.name,
      kind,
      scope,
      node,
      readyAt,
      writeCount: 0,
      uses: 0,
      isRepeated: kind === 'var' && this.#loopDepth > 0,
    };
    scope.names.set(identifier.name, binding);
    this.#bindingOf.set(identifier, binding);
  }

  /** Declares the names of a pattern and visits what it computes. */
  #declarePattern(pattern: SyntaxNode, kind: BindingKind, node: SyntaxNode, readyAt: number): void {
    walkPattern(pattern, node, {
      name: (identifier, holder, isRest) => {
        if (identifier.name === 'this') return;
        this.#declare(identifier, isRest && kind === 'parameter' ? 'rest' : kind, holder, readyAt);
      },
      expression: (expression) => this.#visit(expression),
    });
  }

  #inScope(kind: Scope['kind'], body: () => void): void {
    const outer = this.#scope;
    this.#scope = { kind, parent: outer, owner: this.#function, names: new Map() };
    body();
    this.#scope = outer;
  }

  #inLoop(body: () => void): void {
    this.#loopDepth += 1;
    this.#inScope('block', body);
    this.#loopDepth -= 1;
  }

  #visitAll(nodes: readonly SyntaxNode[]): void {
    for (const node of nodes) this.#visit(node);
  }

  #visit(node: SyntaxNode): void {
    if (isErased(node)) return;
    if (this.#visitStatement(node) || this.#visitExpression(node)) return;
    this.#visitAll(childrenOf(node));
  }

  #visitStatement(node: SyntaxNode): boolean {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          this.#declare(specifier.local, 'import', specifier, 0);
        }
        return true;
      case 'ExportNamedDeclaration':
        if (node.declaration !== null) this.#visit(node.declaration);
        else if (node.source === null && node.exportKind !== 'type') {
          for (const specifier of node.specifiers) {
            if (specifier.exportKind !== 'type') this.#use(specifier.local);
          }
        }
        return true;
      case 'VariableDeclaration':
        this.#visitVariables(node);
        return true;
      case 'FunctionDeclaration':
        if (node.id !== null) this.#declare(node.id, 'function', node, 0);
        this.#visitFunction(node, 'function', null);
        return true;
      case 'ClassDeclaration':
        if (node.id !== null) this.#declare(node.id, 'class', node, node.end);
        this.#visitClass(node);
        return true;
      case 'TSEnumDeclaration':
        this.#declare(node.id, 'const', node, node.end);
        return true;
      case 'BlockStatement':
        this.#inScope('block', () => this.#visitAll(statementsOf(node)));
        return true;
      case 'SwitchStatement':
        this.#inScope('switch', () => this.#visitAll(childrenOf(node)));
        return true;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.#inLoop(() => this.#visitLoop(node));
        return true;
      case 'CatchClause':
        this.#inScope('block', () => {
          if (node.param !== null)
            this.#declarePattern(node.param, 'catch', node.param, node.param.end);
          this.#visitAll(statementsOf(node.body));
        });
        return true;
      case 'LabeledStatement':
        this.#visit(node.body);
        return true;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ExportAllDeclaration':
        return true;
      default:
        return false;
    }
  }

  #visitVariables(node: SyntaxNode): void {
    for (const declarator of node.declarations) {
      const kind = node.kind === 'using' || node.kind === 'await using' ? 'const' : node.kind;
      this.#declarePattern(declarator.id, kind as BindingKind, declarator, declarator.end);
      if (declarator.init !== null) this.#visit(declarator.init);
    }
  }

  #visitLoop(node: SyntaxNode): void {
    if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
      if (node.left.type === 'VariableDeclaration') this.#visit(node.left);
      else this.#visitTarget(node.left);
      this.#visit(node.right);
      this.#visit(node.body);
      return;
    }
    this.#visitAll(childrenOf(node));
  }

  #visitExpression(node: SyntaxNode): boolean {
    switch (node.type) {
      case 'Identifier':
        if (node.name === 'arguments') markUse(this.#function, 'usesArguments');
        else this.#use(node);
        return true;
      case 'ThisExpression':
        markUse(this.#function, 'usesThis');
        return true;
      case 'Super':
        markUse(this.#function, 'usesSuper');
        return true;
      case 'MetaProperty':
        if (node.meta.name === 'new') markUse(this.#function, 'usesNewTarget');
        return true;
      case 'PrivateIdentifier':
        this.#usePrivateName(node);
        return true;
      case 'MemberExpression':
        this.#visit(node.object);
        if (node.computed || node.property.type === 'PrivateIdentifier') this.#visit(node.property);
        return true;
      case 'AssignmentExpression':
        this.#visitTarget(node.left);
        if (node.operator !== '=' && node.left.type === 'Identifier') this.#use(node.left);
        this.#visit(node.right);
        return true;
      case 'UpdateExpression':
        this.#visitTarget(node.argument!);
        if (unwrapped(node.argument!).type === 'Identifier') this.#use(unwrapped(node.argument!));
        return true;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#visitFunction(node, node.type === 'FunctionExpression' ? 'function' : 'arrow', null);
        return true;
      case 'ClassExpression':
        this.#visitClass(node);
        return true;
      case 'ObjectExpression':
        for (const property of node.properties) this.#visitProperty(property);
        return true;
      case 'JSXIdentifier':
        if (/^[\p{Lu}$_]/u.test(node.name)) this.#use(node);
        return true;
      default:
        return false;
    }
  }

  #visitProperty(property: SyntaxNode): void {
    if (property.type !== 'Property') {
      this.#visit(property);
      return;
    }
    if (property.computed) this.#visit(property.key);
    const isAccessor = property.kind === 'get' || property.kind === 'set';
    if (property.method || isAccessor) {
      const kind =
        property.kind === 'get' ? 'getter' : property.kind === 'set' ? 'setter' : 'method';
      this.#noteMethodName(property);
      this.#visitFunction(property.value, kind, null, true, memberName(property));
      return;
    }
    if (isFunction(property.value)) this.#noteMethodName(property);
    this.#visit(property.value);
  }

  #noteMethodName(member: SyntaxNode): void {
    if (member.computed) return;
    this.#methodNames.add(keyText(member.key));
  }

  /** The target of an assignment: names in it are written, not read. */
  #visitTarget(node: SyntaxNode): void {
    walkPattern(unwrapped(node), node, {
      name: (identifier) => this.#use(identifier, true),
      expression: (expression) => this.#visit(expression),
    });
  }

  #usePrivateName(node: SyntaxNode): void {
    for (let i = this.#classes.length - 1; i >= 0; i--) {
      const owner = this.#classes[i]!;
      if (!this.#privateMembers.get(owner)!.has(node.name)) continue;
      this.#privateOwner.set(node, owner);
      break;
    }
    for (let at: FunctionInfo | null = this.#function; at !== null; at = at.parent) {
      at.usesPrivateNames = true;
    }
  }

  #visitClass(node: SyntaxNode): void {
    const members = new Map<string, SyntaxNode>();
    for (const member of statementsOf(node.body)) {
      if (member.key?.type !== 'PrivateIdentifier') continue;
      // A getter and a setter share a name.
      const { name } = member.key;
      if (member.kind === 'set') members.set(`set ${name}`, member);
      if (member.kind !== 'set' || !members.has(name)) members.set(name, member);
    }
    this.#privateMembers.set(node, members);
    if (node.superClass !== null) this.#visit(node.superClass);
    this.#inScope('class', () => {
      if (node.id !== null) this.#declare(node.id, 'own-name', node, node.start);
      this.#classes.push(node);
      for (const member of statementsOf(node.body)) this.#visitMember(member, node);
      this.#classes.pop();
    });
  }

  #visitMember(member: SyntaxNode, classNode: SyntaxNode): void {
    if (isErased(member)) return;
    if (member.type === 'StaticBlock') {
      this.#visitSpecial(member, 'static-block', classNode, () =>
        this.#visitAll(statementsOf(member)),
      );
      return;
    }
    if (member.computed) this.#visit(member.key);
    if (member.type === 'MethodDefinition') {
      if (member.value.body === null) return;
      const kind = METHOD_KINDS.get(member.kind) ?? 'method';
      this.#noteMethodName(member);
      this.#visitFunction(member.value, kind, classNode, false, memberName(member));
      return;
    }
    const value = member.value as SyntaxNode | null;
    if (value === null) return;
    if (isFunction(value)) this.#noteMethodName(member);
    this.#visitSpecial(member, 'field', classNode, () => this.#visit(value));
  }

  #visitSpecial(
    node: SyntaxNode,
    kind: FunctionKind,
    classNode: SyntaxNode,
    body: () => void,
  ): void {
    const info = newFunction(kind, node, this.#function, classNode, kind, false);
    this.#enter(info, node, body);
  }

  #visitFunction(
    node: SyntaxNode,
    kind: FunctionKind,
    classNode: SyntaxNode | null,
    isLiteralMember = false,
    name?: string,
  ): void {
    const label = name ?? (node.id as SyntaxNode | null)?.name ?? '(anonymous)';
    const info = newFunction(kind, node, this.#function, classNode, label, isLiteralMember);
    const walk = (): void => {
      this.#enter(info, node, () => {
        for (const parameter of node.params) {
          this.#declarePattern(parameter, 'parameter', parameter, node.start);
        }
        if (node.body.type === 'BlockStatement') this.#visitAll(statementsOf(node.body));
        else this.#visit(node.body);
      });
    };
    const isNamed = node.type === 'FunctionExpression' && (node.id as SyntaxNode | null) !== null;
    if (!isNamed) walk();
    else {
      this.#inScope('block', () => {
        this.#declare(node.id, 'own-name', node, node.start);
        walk();
      });
    }
  }

  #enter(info: FunctionInfo, node: SyntaxNode, body: () => void): void {
    const outer = this.#function;
    const loopDepth = this.#loopDepth;
    this.#functions.push(info);
    this.#infoOf.set(node, info);
    this.#function = info;
    this.#loopDepth = 0;
    this.#inScope('function', body);
    this.#loopDepth = loopDepth;
    this.#function = outer;
  }
}
