/**
 * What a worker says of itself, where others can read it even after the worker's death: which ticket it is at, which run
 * of it, and that it goes on.
 *
 * A thread writes it into shared memory. A process writes it into a file that has no name any more: the system keeps what
 * was written, however the process ends.
 */

/** Position of the ticket in work plus one, or 0. */
const POSITION = 0;
/** Run in work, counted from the ticket's first. */
const OFFSET = 1;
/** Changes whenever a run is begun. */
const BEAT = 2;
/** 1 while interleavings of the run are in work. */
const INTERLEAVES = 3;

/** Words of 32 bits that a logbook takes. */
export const LOGBOOK_WORDS = 4;

/** What a worker is doing. */
export interface Progress {
  /** Position of the ticket in work, or -1 between tickets. */
  readonly position: number;
  readonly offset: number;
  readonly beat: number;
  /** Whether it is at interleavings of the run, and not at the run itself. */
  readonly interleaves: boolean;
}

/** The writer's side. */
export class Logbook {
  readonly #words: Int32Array;
  readonly #onChange: () => void;

  /** `words` are `LOGBOOK_WORDS` many, zeros at first; `onChange` is called after every change. */
  constructor(words: Int32Array, onChange: () => void = () => {}) {
    this.#words = words;
    this.#onChange = onChange;
  }

  /** Says that a ticket is begun. */
  beginTicket(position: number): void {
    Atomics.store(this.#words, OFFSET, 0);
    Atomics.store(this.#words, POSITION, position + 1);
    this.beginRun(0);
  }

  /** Says that a run is begun, or its interleavings are. */
  beginRun(offset: number, interleaves = false): void {
    Atomics.store(this.#words, OFFSET, offset);
    Atomics.store(this.#words, INTERLEAVES, interleaves ? 1 : 0);
    Atomics.add(this.#words, BEAT, 1);
    this.#onChange();
  }

  /** Says that a ticket is handed in. */
  endTicket(): void {
    Atomics.store(this.#words, POSITION, 0);
    this.#onChange();
  }
}

/** Reads a logbook. */
export function readProgress(words: Int32Array): Progress {
  return {
    position: Atomics.load(words, POSITION) - 1,
    offset: Atomics.load(words, OFFSET),
    beat: Atomics.load(words, BEAT),
    interleaves: Atomics.load(words, INTERLEAVES) !== 0,
  };
}
