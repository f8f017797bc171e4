/** What a program uses, learned before it is explored. */
import type { Machine } from './machine.ts';

/** Each round can show a feature that was not there before it; there are fewer features than this. */
const ROUNDS_MAX = 8;

/**
 * Learns from one execution what the program uses, so that recording begins right (K5 of `machine.ts`).
 * The machine is left at the end of that execution.
 */
export function learn(machine: Machine, stepsMax: number): void {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    machine.restart();
    let enabled = machine.enabled();
    while (enabled !== 0 && machine.position < stepsMax) {
      machine.step(31 - Math.clz32(enabled & -enabled));
      enabled = machine.enabled();
    }
    if (!machine.refresh()) return;
  }
}
