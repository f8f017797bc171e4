import type { Point, PointKind } from '../points.ts';

/** Line, column, kind and expression of a point, as stepped modules carry them. */
export type PointRow = readonly [line: number, column: number, kind: PointKind, expression: string];

interface PointBlock {
  readonly first: number;
  readonly file: string;
  readonly rows: readonly PointRow[];
}

const blocks: PointBlock[] = [];
let nextPoint = 0;

/**
 * Takes the points of a module that is being loaded and returns the number of its first one.
 *
 * **Determinism** numbers follow the order in which modules are loaded, unless `first` says otherwise.
 */
export function registerPoints(file: string, rows: readonly PointRow[], first?: number): number {
  const start = first ?? nextPoint;
  blocks.push({ first: start, file, rows });
  nextPoint = Math.max(nextPoint, start + rows.length);
  return start;
}

/** Returns the place behind a number that a stepped thread announced; `undefined` for -1 and unknown numbers. */
export function pointAt(id: number): Point | undefined {
  for (let i = blocks.length - 1; i >= 0; i--) {
    const { first, file, rows } = blocks[i]!;
    const row = rows[id - first];
    if (row === undefined) continue;
    const [line, column, kind, expression] = row;
    return { id, file, line, column, kind, expression };
  }
  return undefined;
}

/** Returns the number that the next module's first point will have. */
export function nextPointNumber(): number {
  return nextPoint;
}
