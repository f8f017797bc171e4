import { lineOf } from './output.ts';
import type { SyntaxNode } from './syntax.ts';

/** What a point is. */
export type PointKind =
  | 'load'
  | 'store'
  | 'update'
  | 'compareExchange'
  | 'wait'
  | 'notify'
  | 'read'
  | 'write'
  | 'lock'
  | 'tryLock'
  | 'unlock'
  /** A call that may read or write elements of a typed array by itself, as `fill` does. */
  | 'call'
  /** The back edge of a loop. */
  | 'loop';

/** A place of the source that a stepped thread may announce. Lines and columns are counted from 1. */
export interface Point {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: PointKind;
  /** The source text, cut at 80 characters, on one line. */
  readonly expression: string;
}

const EXPRESSION_LENGTH_MAX = 80;

/** The points of a module as they are found. */
export class PointTable {
  readonly points: Point[] = [];
  readonly #file: string;
  readonly #code: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, code: string, lineStarts: readonly number[]) {
    this.#file = file;
    this.#code = code;
    this.#lineStarts = lineStarts;
  }

  /** Adds a point for a node and returns its number within the module. */
  add(kind: PointKind, node: SyntaxNode, end: number = node.end): number {
    const line = lineOf(this.#lineStarts, node.start);
    const id = this.points.length;
    const expression = cut(this.#code.slice(node.start, end).replace(/\s+/gu, ' ').trim());
    const column = node.start - this.#lineStarts[line]! + 1;
    this.points.push({ id, file: this.#file, line: line + 1, column, kind, expression });
    return id;
  }
}

function cut(text: string): string {
  if (text.length <= EXPRESSION_LENGTH_MAX) return text;
  return `${text.slice(0, EXPRESSION_LENGTH_MAX - 1)}…`;
}
