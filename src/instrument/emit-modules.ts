/** Imports, exports and TypeScript's syntax that leaves something behind or must vanish whole. */
import { plainMember } from './emit-access.ts';
import type { Emitter, Handler } from './emitter.ts';
import { isErased, stringValue } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Writes a module's name, as the loader wants it. */
function moduleName(e: Emitter, source: SyntaxNode): void {
  e.add(JSON.stringify(e.input.resolveImport(stringValue(source)!)), source.start);
}

/** Whether an imported name is a type for all that can be seen: TypeScript leaves such imports out. */
function isTypeOnly(e: Emitter, specifier: SyntaxNode): boolean {
  if (specifier.importKind === 'type') return true;
  if (!e.input.isTypeScript) return false;
  return e.analysis.bindingOf.get(specifier.local)!.uses === 0;
}

const importDeclaration: Handler = (e, node) => {
  if (node.importKind === 'type') {
    e.blank(node.start, node.end);
    return;
  }
  const kept = node.specifiers.filter((specifier) => !isTypeOnly(e, specifier));
  if (node.specifiers.length > 0 && kept.length === 0) {
    e.blank(node.start, node.end);
    return;
  }
  e.form(node, () => {
    if (kept.length === node.specifiers.length) e.copy(node.start, node.source!.start);
    else {
      e.add('import ', node.start);
      const named = kept
        .filter(({ type }) => type === 'ImportSpecifier')
        .map((specifier) => importedName(e, specifier));
      const whole = kept
        .filter(({ type }) => type !== 'ImportSpecifier')
        .map(({ type, local }) =>
          type === 'ImportNamespaceSpecifier' ? `* as ${local.name}` : local.name,
        );
      e.add([...whole, ...(named.length > 0 ? [`{${named.join(',')}}`] : [])].join(','));
      e.add(' from ');
    }
    moduleName(e, node.source!);
    e.copy(node.source!.end, node.end);
    if (e.code[node.end - 1] !== ';') e.add(';');
  });
};

function importedName(e: Emitter, specifier: SyntaxNode): string {
  const imported = e.code.slice(specifier.imported.start, specifier.imported.end);
  return imported === specifier.local.name ? imported : `${imported} as ${specifier.local.name}`;
}

const exportNamed: Handler = (e, node) => {
  const { declaration } = node;
  if (node.exportKind === 'type' || (declaration !== null && isErased(declaration))) {
    e.blank(node.start, node.end);
    return;
  }
  if (declaration !== null) {
    e.copy(node.start, declaration.start);
    e.emit(declaration);
    e.copy(declaration.end, node.end);
    return;
  }
  const kept = node.specifiers.filter((specifier) => !isExportedType(e, node, specifier));
  e.form(node, () => {
    if (kept.length === node.specifiers.length) e.copy(node.start, node.source?.start ?? node.end);
    else {
      const names = kept.map(({ local, exported }) => {
        const from = e.code.slice(local.start, local.end);
        const to = e.code.slice(exported.start, exported.end);
        return from === to ? from : `${from} as ${to}`;
      });
      e.add(`export {${names.join(',')}}${node.source === null ? ';' : ' from '}`, node.start);
    }
    if (node.source === null) return;
    moduleName(e, node.source);
    e.copy(node.source.end, node.end);
  });
};

function isExportedType(e: Emitter, node: SyntaxNode, specifier: SyntaxNode): boolean {
  if (specifier.exportKind === 'type') return true;
  if (node.source !== null || !e.input.isTypeScript) return false;
  return !e.analysis.bindingOf.has(specifier.local);
}

const exportAll: Handler = (e, node) => {
  if (node.exportKind === 'type') {
    e.blank(node.start, node.end);
    return;
  }
  e.copy(node.start, node.source!.start);
  moduleName(e, node.source!);
  e.copy(node.source!.end, node.end);
};

const exportDefault: Handler = (e, node) => {
  const declaration = node.declaration!;
  if (isErased(declaration)) {
    e.blank(node.start, node.end);
    return;
  }
  e.children(node);
  const isStatement =
    declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  if (!isStatement && e.code[node.end - 1] !== ';') e.add(';');
};

const importExpression: Handler = (e, node) => {
  const name = stringValue(node.source!);
  if (name === undefined) {
    e.children(node);
    return;
  }
  e.copy(node.start, node.source!.start);
  e.add(JSON.stringify(e.input.resolveImport(name)), node.source!.start);
  e.copy(node.source!.end, node.end);
};

const metaProperty: Handler = (e, node) => {
  const { metaUrl } = e.input;
  if (metaUrl === undefined || node.meta.name !== 'import') e.copy(node.start, node.end);
  else e.add(`${e.use('importMeta')}(import.meta,${JSON.stringify(metaUrl)})`, node.start);
};

/** `expression as T`, `expression!`, `<T>expression`: the expression, with spaces for the rest. */
const typed: Handler = (e, node) => {
  e.blank(node.start, node.expression.start);
  if (node.expression.type === 'MemberExpression' && isUntouched(e))
    plainMember(e, node.expression);
  else e.emit(node.expression);
  e.blank(node.expression.end, node.end);
};

function isUntouched(e: Emitter): boolean {
  return e.frame.mode === 'free';
}

const enumDeclaration: Handler = (e, node) => {
  const { name } = node.id;
  e.form(node, () => {
    const members = (node.body as unknown as { members: readonly SyntaxNode[] }).members;
    e.add(`var ${name}=((${name})=>{let ${e.prefix}v=-1;`, node.start);
    for (const member of members) {
      const key =
        member.id.name === undefined
          ? JSON.stringify(member.id.value)
          : JSON.stringify(member.id.name);
      if (member.initializer === null) e.add(`${e.prefix}v++;`);
      else {
        e.add(`${e.prefix}v=`);
        const names = new Set(members.map(({ id }) => id.name));
        if (member.initializer.type === 'Identifier' && names.has(member.initializer.name)) {
          e.add(`${name}.${member.initializer.name}`);
        } else e.emit(member.initializer);
        e.add(';');
      }
      e.add(
        `if(typeof(${name}[${key}]=${e.prefix}v)!=="string")${name}[${e.prefix}v]=${key};`,
        member.start,
      );
    }
    e.add(`return ${name}})({});`);
  });
};

function refusal(what: string, todo: string): Handler {
  return (e, node) => e.refuse('E-INSTRUMENT-003', `${what} cannot be made steppable`, node, todo);
}

/** Handlers by node type. */
export const moduleHandlers: Readonly<Record<string, Handler>> = {
  ImportDeclaration: importDeclaration,
  ExportNamedDeclaration: exportNamed,
  ExportAllDeclaration: exportAll,
  ExportDefaultDeclaration: exportDefault,
  ImportExpression: importExpression,
  MetaProperty: metaProperty,
  TSAsExpression: typed,
  TSSatisfiesExpression: typed,
  TSNonNullExpression: typed,
  TSTypeAssertion: typed,
  TSInstantiationExpression: typed,
  TSEnumDeclaration: enumDeclaration,
  TSModuleDeclaration: (e, node) => {
    if (node.kind === 'global') e.blank(node.start, node.end);
    else refusal('a namespace', 'Use a module of its own.')(e, node);
  },
  TSImportEqualsDeclaration: refusal('import … = require(…)', 'Use an import declaration.'),
  TSExportAssignment: refusal('export =', 'Use export default.'),
  TSParameterProperty: (e, node) => {
    e.blank(node.start, node.parameter.start);
    e.emit(node.parameter);
  },
  Decorator: refusal(
    'a decorator',
    'Remove it, or compile it away and point at the compiled file.',
  ),
};
