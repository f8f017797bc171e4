/** Random sequential programs for sync.Map. */
import { Arbitrary, Stream, Value } from 'fast-check';
import type { Random } from 'fast-check';
import type { Operation, Program } from '../../src/core/program.ts';
import type { ValueToken } from '../value-token.ts';
import { CHURNS, PHASES } from './generate/phases.ts';
import type { Weights } from './generate/phases.ts';
import type { OperationName, SyncMapRules } from './rules.ts';
import { Vocabulary } from './generate/vocabulary.ts';

/** Fewest and most phases of a program, and operations of a phase. Their means make about 150 operations a program. */
const PHASE_COUNT = { min: 2, max: 7 };
const PHASE_LENGTH = { min: 8, max: 50 };
/** Most operations inside one range, and how deep ranges nest. */
const NESTED_MAX = 4;
const DEPTH_MAX = 2;

type NestedOperation = Operation & { readonly at: number };

/**
 * Programs of a few phases, each with its own mixture of operations: new keys, reads, deletes, overwrites, ranges, keys
 * that come and go.
 *
 * **Determinism** draws from fast-check's generator and from nothing else. Does not shrink: a failing program is made
 * smaller by the project's own shrinker, which knows operations.
 */
export function syncMapPrograms(rules: SyncMapRules): Arbitrary<Program> {
  return new ProgramArbitrary(rules);
}

/** What a profile has of the phases and churns. */
interface Mixture {
  /** For each phase its operations, each as often as its weight says. */
  readonly tables: readonly (readonly OperationName[])[];
  readonly churns: readonly OperationName[];
}

class ProgramArbitrary extends Arbitrary<Program> {
  readonly #mixture: Mixture;

  constructor(rules: SyncMapRules) {
    super();
    this.#mixture = {
      tables: PHASES.map((weights) => tableOf(weights, rules)),
      churns: CHURNS.filter((name) => rules.operations.includes(name)),
    };
  }

  override generate(random: Random): Value<Program> {
    return new Value(new ProgramWriter(this.#mixture, random).write(), undefined);
  }

  override canShrinkWithoutContext(_value: unknown): _value is Program {
    return false;
  }

  override shrink(): Stream<Value<Program>> {
    return Stream.nil();
  }
}

/** Writes one program. */
class ProgramWriter {
  readonly #mixture: Mixture;
  readonly #random: Random;
  readonly #words: Vocabulary;
  readonly #operations: Operation[] = [];

  constructor(mixture: Mixture, random: Random) {
    this.#mixture = mixture;
    this.#random = random;
    this.#words = new Vocabulary(random);
  }

  write(): Program {
    const phaseCount = this.#random.nextInt(PHASE_COUNT.min, PHASE_COUNT.max);
    for (let phase = 0; phase < phaseCount; phase += 1) this.#phase();
    const order = this.#pick(['insertion', 'insertion', 'reverse', 'drawn'] as const);
    const draws: number[] = [];
    if (order === 'drawn') {
      for (let count = this.#random.nextInt(1, 16); count > 0; count -= 1) {
        draws.push(this.#random.nextInt(-0x8000_0000, 0x7fff_ffff) >>> 0);
      }
    }
    const keys = this.#pick(['sameValueZero', 'float64'] as const);
    return { setup: { keys, order }, draws, threads: [this.#operations] };
  }

  #phase(): void {
    let length = this.#random.nextInt(PHASE_LENGTH.min, PHASE_LENGTH.max);
    this.#words.moveWindow();
    if (this.#random.nextInt(0, 5) === 0) {
      this.#churn(length >> 1);
      return;
    }
    const table = this.#pick(this.#mixture.tables);
    for (; length > 0; length -= 1) this.#operations.push(this.#operation(this.#pick(table), 0));
  }

  /** Keys that are stored and removed again, one after the other: what leaks, if anything does. */
  #churn(rounds: number): void {
    const removal = this.#pick(this.#mixture.churns);
    for (let round = 0; round < rounds; round += 1) {
      const key = this.#words.key();
      this.#operations.push(this.#withKey('store', key));
      if (this.#random.nextInt(0, 7) > 0) this.#operations.push(this.#withKey(removal, key));
    }
  }

  #operation(name: OperationName, depth: number): Operation {
    if (name === 'range') return this.#range(depth);
    if (name !== 'clear') return this.#withKey(name, this.#words.key());
    this.#words.forgetAll();
    return { op: 'clear' };
  }

  #withKey(name: OperationName, k: ValueToken): Operation {
    const words = this.#words;
    switch (name) {
      case 'store':
      case 'swap':
        return { op: name, k, v: words.newValue(k) };
      case 'loadOrStore':
        return { op: name, k, v: words.newValueIfAbsent(k) };
      case 'compareAndSwap': {
        const old = words.guess(k);
        return { op: name, k, old, v: words.newValueIfEqual(k, old) };
      }
      case 'compareAndDelete': {
        const old = words.guess(k);
        words.forgetIfEqual(k, old);
        return { op: name, k, old };
      }
      case 'delete':
      case 'loadAndDelete':
        words.forget(k);
        return { op: name, k };
      default:
        return { op: name, k };
    }
  }

  #range(depth: number): Operation {
    const random = this.#random;
    const pairs = this.#words.keyCount;
    const nested: NestedOperation[] = [];
    if (depth < DEPTH_MAX && random.nextInt(0, 1) === 0) {
      const table = this.#pick(this.#mixture.tables);
      for (let count = random.nextInt(1, NESTED_MAX); count > 0; count -= 1) {
        const at = random.nextInt(0, Math.min(pairs, 6));
        nested.push({ at, ...this.#operation(this.#pick(table), depth + 1) });
      }
      nested.sort((first, second) => first.at - second.at);
    }
    return {
      op: 'range',
      ...(random.nextInt(0, 3) === 0 ? { stop: random.nextInt(1, pairs) } : {}),
      ...(nested.length > 0 ? { nested } : {}),
    };
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.nextInt(0, items.length - 1)]!;
  }
}

function tableOf(weights: Weights, rules: SyncMapRules): readonly OperationName[] {
  return rules.operations.flatMap((name) =>
    new Array<OperationName>(weights[name] ?? 0).fill(name),
  );
}
