/**
 * Reads-from guided sampling: schedules that showed a new pair of a read and its writer are kept,
 * changed and tried again.
 *
 * Source of the idea: Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox Fuzzing for Concurrency
 * Testing", ASPLOS 2024. A kept schedule is a set of *wishes*: this read should read from that
 * write. A run follows its wishes where it can, by holding back a read until its writer was last
 * and a write that would come between, and partial-order sampling otherwise.
 *
 * What is kept lasts for one epoch of `EPOCH` runs, so that any run can be made again from the
 * start of its epoch.
 */
import type { Integers } from '../../../random/integers.ts';
import { COMPOUND_BASE } from '../../footprint.ts';
import { KIND_BITS } from '../../step.ts';
import { pos } from './pos.ts';
import { lowest, type SamplingContext, type SamplingStrategy } from './strategy.ts';

/** Runs after which everything kept is forgotten. */
export const EPOCH = 256;
/** Kept schedules of an epoch. */
const KEPT_MAX = 64;

/**
 * Key of a read event to key of the write event it should read from; events are keyed by thread and
 * number.
 */
type Wishes = Map<number, number>;

const INITIAL = 0;

/** Reads-from guided greybox sampling. */
export function greybox(context: SamplingContext): SamplingStrategy {
  return new Greybox(context);
}

class Greybox implements SamplingStrategy {
  readonly name = 'greybox';
  readonly #context: SamplingContext;
  readonly #fallback: SamplingStrategy;
  #random!: Integers;
  #runs = 0;
  #kept: { wishes: Wishes; uses: number }[] = [];
  /** Pairs seen in the epoch, as `read * 2 ** 21 + write`. */
  #pairs = new Set<number>();
  #wishes: Wishes = new Map();
  /** Last writer of each location in this run. */
  readonly #lastWriter = new Map<number, number>();

  constructor(context: SamplingContext) {
    this.#context = context;
    this.#fallback = pos(context);
  }

  begin(random: Integers): void {
    this.#random = random;
    if (this.#runs++ % EPOCH === 0) {
      this.#kept = [];
      this.#pairs = new Set();
    }
    this.#lastWriter.clear();
    this.#wishes = this.#mutate();
    this.#fallback.begin(random);
  }

  /** A kept schedule, the less used the likelier, with a wish added, changed or dropped. */
  #mutate(): Wishes {
    if (this.#kept.length === 0 || this.#random.below(4) === 0) return new Map();
    const first = this.#kept[this.#random.below(this.#kept.length)]!;
    const second = this.#kept[this.#random.below(this.#kept.length)]!;
    const base = first.uses <= second.uses ? first : second;
    base.uses++;
    const wishes: Wishes = new Map(base.wishes);
    const pairs = [...this.#pairs];
    for (let change = this.#random.below(3); change >= 0; change--) {
      if (wishes.size > 0 && this.#random.below(3) === 0) {
        wishes.delete([...wishes.keys()][this.#random.below(wishes.size)]!);
      } else {
        const pair = pairs[this.#random.below(pairs.length)]!;
        wishes.set(Math.floor(pair / 0x20_0000), pair % 0x20_0000);
      }
    }
    return wishes;
  }

  choose(enabled: number): number {
    if (this.#wishes.size === 0) return this.#fallback.choose(enabled);
    let welcome = 0;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const t = lowest(rest);
      if (!this.#isHeldBack(t)) welcome |= 1 << t;
    }
    return this.#fallback.choose(welcome === 0 ? enabled : welcome);
  }

  #isHeldBack(t: number): boolean {
    const { machine } = this.#context;
    const location = machine.codes[t]! >> KIND_BITS;
    const last = this.#lastWriter.get(location) ?? INITIAL;
    const wish = this.#wishes.get(keyOf(t, machine.eventCounts[t]!));
    if (wish !== undefined && wish !== last) return true;
    const footprint = machine.footprint(t);
    if (footprint >= COMPOUND_BASE || (footprint & 1) === 0) return false;
    for (const [read, write] of this.#wishes) {
      if (write !== last) continue;
      const reader = read >> 16;
      if (reader === t) continue;
      const isOpen = (read & 0xffff) === machine.eventCounts[reader];
      if (isOpen && machine.codes[reader]! >> KIND_BITS === location) return true;
    }
    return false;
  }

  stepped(t: number): void {
    const { trail } = this.#context;
    const i = trail.length - 1;
    const footprint = trail.footprint[i]!;
    if (footprint < COMPOUND_BASE && (footprint & 1) === 1) {
      this.#lastWriter.set(footprint >> 1, keyOf(t, trail.index[i]!));
    }
    this.#fallback.stepped?.(t);
  }

  ended(): void {
    const { trail } = this.#context;
    const shown: Wishes = new Map();
    let hasNew = false;
    for (let i = 0; i < trail.length; i++) {
      if (trail.footprint[i]! >= COMPOUND_BASE) continue;
      const writer = trail.writeBefore[i]!;
      const read = keyOf(trail.thread[i]!, trail.index[i]!);
      const write = writer < 0 ? INITIAL : keyOf(trail.thread[writer]!, trail.index[writer]!);
      const pair = read * 0x20_0000 + write;
      if (!this.#pairs.has(pair)) {
        this.#pairs.add(pair);
        hasNew = true;
        shown.set(read, write);
      } else if (this.#wishes.get(read) === write) shown.set(read, write);
    }
    if (hasNew && this.#kept.length < KEPT_MAX) this.#kept.push({ wishes: shown, uses: 0 });
  }
}

function keyOf(thread: number, index: number): number {
  return (thread << 16) | index;
}
