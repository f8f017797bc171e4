/**
 * The memory that the main thread shares with its workers: a counter that hands out tickets, a stop sign, and for each
 * worker what it is doing.
 *
 * It outlives a worker, so the main thread knows what a dead one was at.
 */

const NEXT = 0;
const STOP = 1;
/** Slots are a cache line each, so that workers do not slow each other down. */
const SLOT = 16;
/** Position of the ticket in work plus one, or 0. */
const POSITION = 0;
/** Run in work, counted from the ticket's first. */
const OFFSET = 1;
/** Changes whenever a run is begun. */
const BEAT = 2;

/** An Int32Array with a line of its own for the counter and one for each worker. */
export type Control = Int32Array;

/** Makes the memory for so many workers, with the first position to hand out. */
export function createControl(workers: number, from: number): Control {
  const control = new Int32Array(new SharedArrayBuffer(4 * SLOT * (workers + 1)));
  control[NEXT] = from;
  return control;
}

/** Takes the next position; no two calls return the same. */
export function takePosition(control: Control): number {
  return Atomics.add(control, NEXT, 1);
}

/** Tells all workers to begin no further ticket. */
export function stopAll(control: Control): void {
  Atomics.store(control, STOP, 1);
}

/** Whether no further ticket is to be begun. */
export function isStopped(control: Control): boolean {
  return Atomics.load(control, STOP) !== 0;
}

/** Says that a worker begins a ticket. */
export function beginTicket(control: Control, slot: number, position: number): void {
  Atomics.store(control, SLOT * (slot + 1) + OFFSET, 0);
  Atomics.store(control, SLOT * (slot + 1) + POSITION, position + 1);
  Atomics.add(control, SLOT * (slot + 1) + BEAT, 1);
}

/** Says that a worker begins a run. */
export function beginRun(control: Control, slot: number, offset: number): void {
  Atomics.store(control, SLOT * (slot + 1) + OFFSET, offset);
  Atomics.add(control, SLOT * (slot + 1) + BEAT, 1);
}

/** Says that a worker has handed in its ticket. */
export function endTicket(control: Control, slot: number): void {
  Atomics.store(control, SLOT * (slot + 1) + POSITION, 0);
}

/** What a worker is doing. */
export interface SlotState {
  /** Position of the ticket in work, or -1 between tickets. */
  readonly position: number;
  readonly offset: number;
  readonly beat: number;
}

/** Reads a worker's slot. */
export function readSlot(control: Control, slot: number): SlotState {
  const base = SLOT * (slot + 1);
  return {
    position: Atomics.load(control, base + POSITION) - 1,
    offset: Atomics.load(control, base + OFFSET),
    beat: Atomics.load(control, base + BEAT),
  };
}
