/** The seeded bugs of the classic map that a single caller can see. */
import type { Mutant } from '../../mutant.ts';
import { cellMutants } from './cells.ts';
import { growthMutants } from './growth.ts';
import { iterationMutants } from './iteration.ts';

/** All of them, by identifier. */
export const goMapMutants: readonly Mutant[] = [
  ...cellMutants,
  ...growthMutants,
  ...iterationMutants,
].toSorted((first, second) => (first.id < second.id ? -1 : 1));
