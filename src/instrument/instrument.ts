/**
 * Plain source in, stepped source out.
 *
 * The stepped module exports the same names as the plain one, and its functions may be called as before. Beside each
 * function that may reach a scheduling point stands a generator that announces every access to shared memory before it
 * makes it; the explorer runs threads through those. One pass over the syntax tree writes everything, types are replaced
 * by spaces, and the source map leads every token back to its place.
 */
import { analyse } from './analyse.ts';
import { Classifier, colour } from './colour.ts';
import type { Confinement } from './confined-state.ts';
import { confinementOf } from './confinement.ts';
import { accessHandlers } from './emit-access.ts';
import { callHandlers } from './emit-calls.ts';
import { patternHandlers } from './emit-patterns.ts';
import { classHandlers } from './emit-classes.ts';
import { attachment, functionHandlers } from './emit-functions.ts';
import { moduleHandlers } from './emit-modules.ts';
import { statementHandlers } from './emit-statements.ts';
import { Emitter } from './emitter.ts';
import { lineStartsOf, Output } from './output.ts';
import type { SourceMap } from './output.ts';
import { parseSource, sourceKindOf } from './parse.ts';
import type { Point } from './points.ts';
import { statementsOf, stringValue } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** How a module is to be instrumented. */
export interface InstrumentOptions {
  /** The file's name in points and messages; default: the id without its query. */
  readonly file?: string;
  /** What stepped code imports its support from; default `mapcheck/stepped`. */
  readonly runtime?: string;
  /** Number of the module's first point. Without it, numbers are given out when the module is loaded. */
  readonly firstPoint?: number;
  /** Names of getters and setters in other modules that may reach a scheduling point. */
  readonly accessors?: Iterable<string>;
  /** The file is a CommonJS module: it finds its support in a global registry and keeps its form. */
  readonly isCommonJs?: boolean;
  /** Replaces the names of imported modules. */
  readonly resolveImport?: (specifier: string) => string;
  /** What `import.meta.url` says, where the stepped module is not loaded from its own place. */
  readonly metaUrl?: string;
  /** Code to stand at the beginning of the module, on its first line. */
  readonly preamble?: string;
}

/** A stepped module. */
export interface Instrumented {
  readonly code: string;
  readonly map: SourceMap;
  /** Places the module may announce, by their number within the module. */
  readonly points: readonly Point[];
  /** Names of getters and setters of classes that may reach a scheduling point: for `options.accessors` of others. */
  readonly accessors: readonly string[];
  /** Modules that are imported or re-exported by name, each once. */
  readonly imports: readonly string[];
  /** What threads of this module are proved to share; that of a program is the weakest of its modules'. */
  readonly confinement: Confinement;
}

const HANDLERS = {
  ...accessHandlers,
  ...callHandlers,
  ...patternHandlers,
  ...classHandlers,
  ...functionHandlers,
  ...moduleHandlers,
  ...statementHandlers,
};

/**
 * Makes a module steppable.
 *
 * **Cost** about 2 to 10 ms for a module of a few hundred lines.
 * **Determinism** depends on the arguments alone.
 *
 * @throws InstrumentError if the source does not parse (`E-INSTRUMENT-001`) or uses decorators, `with`, `namespace`,
 *   `import =`, `export =` or direct `eval` (`-002` to `-005`).
 */
export function instrument(
  code: string,
  id: string,
  options: InstrumentOptions = {},
): Instrumented {
  const file = options.file ?? id.replace(/[?#].*$/u, '');
  const lineStarts = lineStartsOf(code);
  const isCommonJs = options.isCommonJs ?? false;
  const program = parseSource(code, id, lineStarts, isCommonJs);
  const analysis = analyse(program);
  const classifier = new Classifier(analysis, options.accessors ?? []);
  colour(analysis, classifier);
  const imports = new Set<string>();
  const { resolveImport } = options;
  const emitter = new Emitter({
    code,
    file,
    lineStarts,
    analysis,
    classifier,
    handlers: HANDLERS,
    isTypeScript: sourceKindOf(id).isTypeScript,
    isCommonJs,
    firstPoint: options.firstPoint,
    resolveImport: (specifier) => {
      imports.add(specifier);
      return resolveImport === undefined ? specifier : resolveImport(specifier);
    },
    metaUrl: options.metaUrl,
  });
  const output = emitModule(emitter, program, options);
  return {
    code: output.text(),
    map: {
      version: 3,
      file,
      sources: [file],
      sourcesContent: [code],
      names: [],
      mappings: output.mappings(lineStarts),
    },
    points: emitter.points.points,
    accessors: [...classifier.accessors],
    imports: [...imports],
    confinement: isCommonJs ? 'none' : confinementOf(program, analysis),
  };
}

function emitModule(emitter: Emitter, program: SyntaxNode, options: InstrumentOptions): Output {
  const statements = statementsOf(program);
  let first = 0;
  while (statements[first] !== undefined && isDirective(statements[first]!)) first += 1;
  const prologueAt = statements[first]?.start ?? program.end;
  const body = emitter.capture(() => {
    emitter.range(prologueAt, emitter.code.length, statements.slice(first));
  });
  const attached = statements.map((statement) => attachment(emitter, statement)).join('');
  const output = new Output();
  output.copy(emitter.code.slice(0, prologueAt), 0);
  const runtime = options.runtime ?? 'mapcheck/stepped';
  output.add(prologue(emitter, runtime) + (options.preamble ?? '') + attached);
  output.append(body);
  output.append(emitter.tail);
  return output;
}

function isDirective(statement: SyntaxNode): boolean {
  return (
    statement.type === 'ExpressionStatement' && stringValue(statement.expression) !== undefined
  );
}

/** The line that binds the run-time support and gives the points to it. */
function prologue(emitter: Emitter, runtime: string): string {
  const { points } = emitter.points;
  const { firstPoint, file, isCommonJs } = emitter.input;
  const table = points.map(({ line, column, kind, expression }) => [
    line,
    column,
    kind,
    expression,
  ]);
  const register = emitter.use('registerPoints');
  const numbers =
    points.length === 0
      ? ''
      : `var ${emitter.prefix}b=${register}(${JSON.stringify(file)},${JSON.stringify(table)}` +
        `${firstPoint === undefined ? '' : `,${firstPoint}`});`;
  const names = [...emitter.used].sort((a, b) => (a < b ? -1 : 1));
  const list = (separator: string): string =>
    names.map((name) => `${name}${separator}${emitter.prefix}${name}`).join(',');
  const bind = isCommonJs
    ? `const {${list(':')}}=globalThis[Symbol.for("mapcheck.stepped")];`
    : `import {${list(' as ')}} from ${JSON.stringify(runtime)};`;
  return bind + numbers;
}
