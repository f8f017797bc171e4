/** A value that stands in a JSON file as it is. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One operation of a thread: its name and its arguments, as they stand in a trace. */
export interface Operation {
  readonly op: string;
  readonly [argument: string]: Json;
}

/**
 * The operations each modelled thread runs, with everything else that a run depends on.
 *
 * A program is plain JSON, complete in itself: no seed, no generator. The same program gives the same run, for ever.
 */
export interface Program {
  /** How the map is made: profile, key kind, hash, hint. Each target has its own shape for this. */
  readonly setup: { readonly [key: string]: Json };
  /**
   * The random draws the engine receives, in order, 32 bits each, unsigned. A run that needs more starts over at the
   * first; an empty list gives zeros.
   */
  readonly draws: readonly number[];
  /** The operations, a list for each thread. Sequential programs have one thread. */
  readonly threads: readonly (readonly Operation[])[];
}

/** Hands out the draws of a program: cyclic, 0 when there are none. */
export function drawSource(draws: readonly number[]): () => number {
  const count = draws.length;
  if (count === 0) return () => 0;
  let next = 0;
  return () => {
    const draw = draws[next]!;
    next = next + 1 === count ? 0 : next + 1;
    return draw;
  };
}
