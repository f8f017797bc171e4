/** The seeded bugs of sync.Map that a single caller can see. */
import type { Mutant } from '../../mutant.ts';
import { entryMutants } from './entries.ts';
import { promotionMutants } from './promotion.ts';
import { removalMutants } from './removal.ts';

/** All of them, by identifier. */
export const mutants: readonly Mutant[] = [
  ...removalMutants,
  ...entryMutants,
  ...promotionMutants,
].toSorted((first, second) => (first.id < second.id ? -1 : 1));
