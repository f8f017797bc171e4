/** How the map of a program is made. */
import { drawSource } from '../../src/core/program.ts';
import type { Program } from '../../src/core/program.ts';
import type { ModelOrder } from './state.ts';

/** Whether NaN is a key that is found again (`sameValueZero`) or a new one each time (`float64`). */
export const KEY_KINDS = ['sameValueZero', 'float64'] as const;

/** In which order native maps are visited: as inserted, the other way round, or shuffled by the draws of the program. */
export const ORDER_KINDS = ['insertion', 'reverse', 'drawn'] as const;

/** The set-up of a program of this target. */
export interface SyncMapSetup {
  readonly keys: (typeof KEY_KINDS)[number];
  readonly order: (typeof ORDER_KINDS)[number];
}

/** Reads the set-up of a program that has passed the schema. */
export function setupOf(program: Program): SyncMapSetup {
  return program.setup as unknown as SyncMapSetup;
}

/** The visiting order of a program. Each call makes one of its own, which draws from the start. */
export function orderOf(setup: SyncMapSetup, draws: readonly number[]): ModelOrder | undefined {
  if (setup.order === 'insertion') return undefined;
  if (setup.order === 'reverse') {
    return (keys) => Array.from(keys, (_, index) => keys.length - 1 - index);
  }
  const draw = drawSource(draws);
  return (keys) => {
    const indices = Array.from(keys, (_, index) => index);
    for (let last = indices.length - 1; last > 0; last -= 1) {
      const chosen = draw() % (last + 1);
      const index = indices[last]!;
      indices[last] = indices[chosen]!;
      indices[chosen] = index;
    }
    return indices;
  };
}
