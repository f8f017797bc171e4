/**
 * Makes a failing program small: fewer operations, then simpler ones, then a simpler set-up and fewer draws.
 *
 * Every candidate is run; one is kept when it still violates the same property by the same mechanism (the message may
 * change, the essence may not). The order of candidates is fixed, so the result depends on the program alone. Operations
 * are removed in runs of halving length (the idea of delta debugging: Zeller and Hildebrandt, 2002).
 */
import type { Operation, Program } from '../program.ts';
import type { Violation } from '../property.ts';
import type { Target } from '../target.ts';

export interface ShrinkOptions {
  /** Whether a known defect counts as a violation; as in the run that failed. */
  readonly knownFails: boolean;
  /** Candidates to run at most. Reaching it ends the work with what was found. Default 20,000. */
  readonly attemptsMax?: number;
}

export interface ShrinkResult {
  readonly program: Program;
  readonly violation: Violation;
  /** Candidates run. */
  readonly attempts: number;
  /** False when the budget ended the work before nothing smaller was left to try. */
  readonly isMinimal: boolean;
}

/**
 * Returns the smallest program found that violates the same property by the same mechanism.
 *
 * Cost: at most `attemptsMax` runs of at most the given program's length.
 */
export function shrinkProgram(
  target: Target,
  program: Program,
  violation: Violation,
  options: ShrinkOptions,
): ShrinkResult {
  return new Shrinker(target, program, violation, options).run();
}

class Shrinker {
  readonly #target: Target;
  readonly #options: ShrinkOptions;
  readonly #attemptsMax: number;
  #best: Program;
  #violation: Violation;
  #attempts = 0;

  constructor(target: Target, program: Program, violation: Violation, options: ShrinkOptions) {
    this.#target = target;
    this.#options = options;
    this.#attemptsMax = options.attemptsMax ?? 20_000;
    this.#best = program;
    this.#violation = violation;
  }

  run(): ShrinkResult {
    this.#cutAfterViolation();
    // Each pass may open the way for another, so they repeat until none of them gains anything.
    let before: Program;
    do {
      before = this.#best;
      this.#removeOperations();
      this.#simplifySetup();
      this.#simplifyOperations();
      this.#simplifyDraws();
    } while (this.#best !== before && !this.#isSpent());
    return {
      program: this.#best,
      violation: this.#violation,
      attempts: this.#attempts,
      isMinimal: !this.#isSpent(),
    };
  }

  #isSpent(): boolean {
    return this.#attempts >= this.#attemptsMax;
  }

  /** Keeps the candidate if it fails in the same way. */
  #accept(candidate: Program): boolean {
    if (this.#isSpent()) return false;
    this.#attempts++;
    const { violation } = this.#target.execute(candidate, { knownFails: this.#options.knownFails });
    if (violation === null) return false;
    if (violation.property !== this.#violation.property) return false;
    if (violation.known !== this.#violation.known) return false;
    this.#best = candidate;
    this.#violation = violation;
    return true;
  }

  #cutAfterViolation(): void {
    if (this.#best.threads.length !== 1) return;
    const operations = this.#best.threads[0]!;
    const length = this.#violation.operationIndex + 1;
    if (length < operations.length)
      this.#accept(withThread(this.#best, 0, operations.slice(0, length)));
  }

  #removeOperations(): void {
    for (let thread = 0; thread < this.#best.threads.length; thread++) {
      let size = Math.max(1, this.#best.threads[thread]!.length >> 1);
      for (;;) {
        const hasRemoved = this.#removeRuns(thread, size);
        if (size > 1) size >>= 1;
        else if (!hasRemoved) break;
        if (this.#isSpent()) return;
      }
    }
  }

  /** Tries to leave out each run of `size` operations, the last ones first: what is late is needed least often. */
  #removeRuns(thread: number, size: number): boolean {
    let hasRemoved = false;
    for (let end = this.#best.threads[thread]!.length; end > 0; end -= size) {
      const operations = this.#best.threads[thread]!;
      if (end > operations.length) continue;
      const start = Math.max(0, end - size);
      const rest = [...operations.slice(0, start), ...operations.slice(end)];
      if (this.#accept(withThread(this.#best, thread, rest))) hasRemoved = true;
    }
    return hasRemoved;
  }

  #simplifySetup(): void {
    for (let isSimpler = true; isSimpler && !this.#isSpent();) {
      isSimpler = this.#target
        .simplifySetup(this.#best.setup)
        .some((setup) => this.#accept({ ...this.#best, setup }));
    }
  }

  #simplifyOperations(): void {
    for (let thread = 0; thread < this.#best.threads.length; thread++) {
      for (let index = 0; index < this.#best.threads[thread]!.length; index++) {
        while (this.#simplifyOperation(thread, index)) if (this.#isSpent()) return;
      }
    }
  }

  #simplifyOperation(thread: number, index: number): boolean {
    const operation = this.#best.threads[thread]![index]!;
    for (const simpler of this.#simplerOperations(operation)) {
      const operations = this.#best.threads[thread]!.with(index, simpler);
      if (this.#accept(withThread(this.#best, thread, operations))) return true;
    }
    return false;
  }

  /** Simpler versions of an operation, first with fewer nested ones, then by the target's own rules. */
  *#simplerOperations(operation: Operation): Generator<Operation> {
    const nested = operation['nested'];
    if (Array.isArray(nested)) {
      const list = nested as readonly Operation[];
      for (let index = list.length - 1; index >= 0; index--) {
        yield { ...operation, nested: [...list.slice(0, index), ...list.slice(index + 1)] };
      }
      for (let index = 0; index < list.length; index++) {
        for (const simpler of this.#simplerOperations(list[index]!)) {
          yield { ...operation, nested: list.with(index, simpler) };
        }
      }
    }
    yield* this.#target.simplifyOperation(operation);
  }

  #simplifyDraws(): void {
    const { draws } = this.#best;
    if (draws.length > 0 && this.#accept({ ...this.#best, draws: [] })) return;
    for (let size = draws.length >> 1; size > 0 && !this.#isSpent(); size >>= 1) {
      while (size < this.#best.draws.length) {
        if (!this.#accept({ ...this.#best, draws: this.#best.draws.slice(0, -size) })) break;
      }
    }
    for (let index = 0; index < this.#best.draws.length && !this.#isSpent(); index++) {
      this.#simplifyDraw(index);
    }
  }

  #simplifyDraw(index: number): void {
    const draw = this.#best.draws[index]!;
    for (const simpler of [0, draw & 0xff, draw & 0xffff]) {
      if (
        simpler < draw &&
        this.#accept({ ...this.#best, draws: this.#best.draws.with(index, simpler) })
      )
        return;
    }
  }
}

function withThread(program: Program, thread: number, operations: readonly Operation[]): Program {
  return { ...program, threads: program.threads.with(thread, operations) };
}
