/**
 * SURW: uniform over the orders of a selected set of events, here all events at one contended
 * location, drawn anew for each run.
 *
 * Source: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS
 * 2025. One thread is designated to make the next selected event, with chances in proportion to the
 * selected events each thread has left; the others move freely but wait when they come to a
 * selected event.
 */
import type { Integers } from '../../../random/integers.ts';
import { KIND_BITS } from '../../step.ts';
import {
  anyByWeight,
  anyOf,
  lowest,
  type SamplingContext,
  type SamplingStrategy,
} from './strategy.ts';

/** Selectively uniform random walk. */
export function surw({ machine, profile }: SamplingContext): SamplingStrategy {
  const { threadCount } = machine;
  const left = new Int32Array(threadCount);
  const all = threadCount === 31 ? 0x7fff_ffff : (1 << threadCount) - 1;
  let source: Integers;
  let selected = -1;
  let designated = -1;
  const isSelected = (t: number): boolean => machine.codes[t]! >> KIND_BITS === selected;
  const designate = (set: number): void => {
    designated = anyByWeight(set, (t) => Math.max(1, left[t]!), source);
  };
  return {
    name: 'surw',
    begin: (random) => {
      source = random;
      const { contended } = profile;
      selected = contended.length === 0 ? -1 : contended[source.below(contended.length)]!;
      const counts = profile.perLocation.get(selected);
      let withSome = 0;
      for (let t = 0; t < threadCount; t++) {
        left[t] = Math.round(counts?.[t] ?? 0);
        if (left[t]! > 0) withSome |= 1 << t;
      }
      designate(withSome === 0 ? all : withSome);
    },
    choose: (enabled) => {
      let free = 0;
      for (let rest = enabled; rest !== 0; rest &= rest - 1) {
        const t = lowest(rest);
        if (t === designated || !isSelected(t)) free |= 1 << t;
      }
      // All are at a selected event and the designated thread cannot move, or has ended.
      if (free === 0) {
        designate(enabled);
        free = 1 << designated;
      }
      return anyOf(free, source);
    },
    stepped: (t) => {
      if (machine.codes[t]! >> KIND_BITS !== selected) return;
      left[t]!--;
      const candidates = machine.live;
      let withSome = 0;
      for (let rest = candidates; rest !== 0; rest &= rest - 1) {
        if (left[lowest(rest)]! > 0) withSome |= rest & -rest;
      }
      designate(withSome === 0 ? candidates : withSome);
    },
  };
}
