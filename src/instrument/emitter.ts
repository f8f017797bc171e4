/**
 * The state of one emission: output, frame, points, and the handlers by node type.
 *
 * Emission is recursive: a handler writes the new form of its node, copies the source between the children it keeps and
 * calls `emit` for each child. Nothing is edited afterwards, so forms nest in any depth.
 */
import type { Classifier } from './colour.ts';
import { InstrumentError } from './instrument-error.ts';
import { lineBreaksIn, lineOf, Output } from './output.ts';
import { PointTable } from './points.ts';
import type { PointKind } from './points.ts';
import type { Analysis, FunctionInfo } from './scope.ts';
import { childrenOf, isErased } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/**
 * How the code of a function is emitted.
 *
 * `step`: announces and delegates, in a generator. `guard`: as it is, but a step reached here by a thread is refused.
 * `free`: as it is, for module-level code, which no thread runs.
 */
export type Mode = 'step' | 'guard' | 'free';

/** The function being emitted. */
export interface Frame {
  readonly info: FunctionInfo;
  readonly mode: Mode;
  /** Why a step cannot happen here; for `guard`. */
  readonly reason: string;
  /** Temporary variables in use. */
  depth: number;
  /** Greatest `depth` so far. */
  depthMax: number;
  /** Whether an arrow inside needs the function's `arguments`. */
  needsArguments: boolean;
  /** Names of flags that unknown calls clear, one for each enclosing spin loop. */
  readonly spinFlags: string[];
}

/** Writes one node. */
export type Handler = (emitter: Emitter, node: SyntaxNode) => void;

/** What an emission is made from. */
export interface EmitterInput {
  readonly code: string;
  readonly file: string;
  readonly lineStarts: readonly number[];
  readonly analysis: Analysis;
  readonly classifier: Classifier;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly isTypeScript: boolean;
  readonly isCommonJs: boolean;
  readonly firstPoint: number | undefined;
  readonly resolveImport: (specifier: string) => string;
  readonly metaUrl: string | undefined;
}

/** The emission of one module. */
export class Emitter {
  readonly input: EmitterInput;
  readonly code: string;
  readonly analysis: Analysis;
  readonly classifier: Classifier;
  readonly points: PointTable;
  /** Functions that were lifted out of the place they stood at; goes behind the module. */
  readonly tail: Output = new Output();
  /** Names of the run-time support in use. */
  readonly used: Set<string> = new Set();
  /** Prefix of all generated names; occurs nowhere in the source. */
  readonly prefix: string;
  output: Output = new Output();
  frame: Frame;
  #nameCount = 0;

  constructor(input: EmitterInput) {
    this.input = input;
    this.code = input.code;
    this.analysis = input.analysis;
    this.classifier = input.classifier;
    this.points = new PointTable(input.file, input.code, input.lineStarts);
    let prefix = '$_';
    while (input.code.includes(prefix)) prefix += '_';
    this.prefix = prefix;
    this.frame = newFrame(input.analysis.root, 'free', '');
  }

  /** Writes a node in its new form. */
  emit(node: SyntaxNode): void {
    if (isErased(node)) {
      this.blank(node.start, node.end);
      return;
    }
    const handler = this.input.handlers[node.type];
    if (handler === undefined) this.children(node);
    else handler(this, node);
  }

  /** Writes a node as it stands, its children in their new form. */
  children(node: SyntaxNode): void {
    this.range(node.start, node.end, childrenOf(node));
  }

  /** Copies source from `start` to `end`, except for the nodes, which are emitted. */
  range(start: number, end: number, nodes: readonly SyntaxNode[]): void {
    let at = start;
    for (const node of nodes) {
      // A shorthand property's key and value are one text.
      if (node.start < at) continue;
      this.copy(at, node.start);
      this.emit(node);
      at = node.end;
    }
    this.copy(at, end);
  }

  /** Copies source. */
  copy(start: number, end: number): void {
    if (end > start) this.output.copy(this.code.slice(start, end), start);
  }

  /** Writes spaces for source, line breaks kept. */
  blank(start: number, end: number): void {
    this.output.add(this.code.slice(start, end).replace(/[^\r\n]/gu, ' '));
  }

  /** Writes new text, which errors report at offset `at`. */
  add(text: string, at?: number): void {
    this.output.add(text, at);
  }

  /** Writes line breaks for source that went elsewhere, so that what follows keeps its line. */
  keepLines(start: number, end: number): void {
    this.output.add('\n'.repeat(lineBreaksIn(this.code.slice(start, end))));
  }

  /** Writes the new form of a node: `body`, then the line breaks that the new form lost, then `close`. */
  form(node: SyntaxNode, body: () => void, close = ''): void {
    const before = this.output.lineBreakCount;
    body();
    const written = this.output.lineBreakCount - before;
    const wanted = lineBreaksIn(this.code.slice(node.start, node.end));
    if (wanted > written) this.output.add('\n'.repeat(wanted - written));
    this.output.add(close);
  }

  /** Name of a function of the run-time support. */
  use(name: string): string {
    this.used.add(name);
    return this.prefix + name;
  }

  /** A name that occurs nowhere else in the module. */
  newName(label: string): string {
    return `${this.prefix}${label}${this.#nameCount++}`;
  }

  /** Takes a temporary variable of the frame; `release` gives back the one taken last. */
  temporary(): string {
    const { frame } = this;
    const name = `${this.prefix}${frame.depth}`;
    frame.depth += 1;
    if (frame.depth > frame.depthMax) frame.depthMax = frame.depth;
    return name;
  }

  /** Gives back the temporary variables taken last. */
  release(count: number): void {
    this.frame.depth -= count;
  }

  /** Adds a point and returns its number as code. */
  point(kind: PointKind, node: SyntaxNode, end?: number): string {
    const id = this.points.add(kind, node, end);
    const { firstPoint } = this.input;
    return firstPoint === undefined ? `${this.prefix}b+${id}` : String(firstPoint + id);
  }

  /** Emits with another frame. */
  inFrame(frame: Frame, body: () => void): void {
    const outer = this.frame;
    this.frame = frame;
    body();
    this.frame = outer;
  }

  /** Emits into an output of its own, which is returned. */
  capture(body: () => void): Output {
    const outer = this.output;
    const own = new Output();
    this.output = own;
    body();
    this.output = outer;
    return own;
  }

  /** Emits with the same frame, but as code that cannot be stepped. */
  guarded(reason: string, body: () => void): void {
    if (this.frame.mode !== 'step') body();
    else this.inFrame(newFrame(this.frame.info, 'guard', reason), body);
  }

  /** Offset of the next `text` from `start` on that does not stand in a comment. */
  find(text: string, start: number): number {
    const { code } = this;
    for (let at = start; at < code.length; at++) {
      if (code.startsWith('//', at)) at = code.indexOf('\n', at);
      else if (code.startsWith('/*', at)) at = code.indexOf('*/', at) + 1;
      else if (code.startsWith(text, at)) return at;
      if (at < start) break;
    }
    return code.length;
  }

  /** Gives up on the module. */
  refuse(code: string, message: string, node: SyntaxNode, todo?: string): never {
    const line = lineOf(this.input.lineStarts, node.start);
    const column = node.start - this.input.lineStarts[line]! + 1;
    throw new InstrumentError(
      code,
      message,
      { file: this.input.file, line: line + 1, column },
      todo,
    );
  }
}

/** A frame for a function. */
export function newFrame(info: FunctionInfo, mode: Mode, reason: string): Frame {
  return { info, mode, reason, depth: 0, depthMax: 0, needsArguments: false, spinFlags: [] };
}
