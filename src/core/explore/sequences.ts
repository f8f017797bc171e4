/** Exhaustive exploration of a family of sequential programs: every sequence, in lexicographic order. */
import type { Operation, Program } from '../program.ts';
import type { Violation } from '../property.ts';
import type { ProgramFamily, Target } from '../target.ts';

export interface FamilyReport {
  readonly family: string;
  /** Programs run: all of them, or those up to the first violation. */
  readonly programs: number;
  readonly operations: number;
  /** The first violation in lexicographic order, or `null`. */
  readonly found: { readonly program: Program; readonly violation: Violation } | null;
}

/** Runs every program of a family. Cost: `alphabet.length ** length` runs. */
export function exploreFamily(target: Target, family: ProgramFamily): FamilyReport {
  let programs = 0;
  let operations = 0;
  for (const program of programsOf(family)) {
    const outcome = target.execute(program);
    programs++;
    operations += outcome.operations;
    if (outcome.violation !== null) {
      const found = { program, violation: outcome.violation };
      return { family: family.name, programs, operations, found };
    }
  }
  return { family: family.name, programs, operations, found: null };
}

/** Number of programs of a family. */
export function familySize(family: ProgramFamily): number {
  return family.alphabet.length ** family.length;
}

function* programsOf(family: ProgramFamily): Generator<Program> {
  const digits = new Array<number>(family.length).fill(0);
  for (;;) {
    const suffix: Operation[] = digits.map((digit) => family.alphabet[digit]!);
    yield {
      setup: family.setup,
      draws: family.draws,
      threads: [[...family.prelude, ...suffix]],
    };
    let place = family.length - 1;
    while (place >= 0 && digits[place] === family.alphabet.length - 1) digits[place--] = 0;
    if (place < 0) return;
    digits[place]!++;
  }
}
