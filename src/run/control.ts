/** The memory that the main thread shares with its worker threads: a counter that hands out tickets, and a stop sign. */

const NEXT = 0;
const STOP = 1;

/** An Int32Array of the counter and the sign. */
export type Control = Int32Array;

/** Makes the memory, with the first position to hand out. */
export function createControl(from: number): Control {
  const control = new Int32Array(new SharedArrayBuffer(8));
  control[NEXT] = from;
  return control;
}

/** Tells all workers to begin no further ticket. */
export function stopAll(control: Control): void {
  Atomics.store(control, STOP, 1);
}

/** Positions that may be handed out. */
export interface Positions {
  /** One past the last position, or -1 for no end. */
  readonly end: number;
  /** Positions that are done already. */
  readonly done: ReadonlySet<number>;
}

/** Takes the next position that is not done, or -1 when there is none, or all are to stop; no two calls return the same. */
export function takePosition(control: Control, { end, done }: Positions): number {
  while (Atomics.load(control, STOP) === 0) {
    const position = Atomics.add(control, NEXT, 1);
    if (end >= 0 && position >= end) break;
    if (!done.has(position)) return position;
  }
  return -1;
}
