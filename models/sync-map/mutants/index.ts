/** The seeded bugs of sync.Map. */
import type { Mutant } from '../../mutant.ts';
import { entryMutants } from './entries.ts';
import { interleavingMutants } from './interleaving.ts';
import { promotionMutants } from './promotion.ts';
import { removalMutants } from './removal.ts';

/** All of them, by identifier. */
export const mutants: readonly Mutant[] = [
  ...removalMutants,
  ...entryMutants,
  ...promotionMutants,
  ...interleavingMutants,
].toSorted((first, second) => (first.id < second.id ? -1 : 1));
