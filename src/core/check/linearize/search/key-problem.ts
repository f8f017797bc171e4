/** The observations of one key, renumbered for the search. */
import { ABSENT, emptyHistory, NEVER } from '../history.ts';
import { APPEND, MODIFY, NOT, observe, READ, WRITE, type Observations } from '../observations.ts';

/** One key's operations, 0, 1, 2 … by call, with states numbered from 0 (ABSENT). */
export interface KeyProblem {
  readonly key: number;
  readonly operationCount: number;
  readonly stateCount: number;
  readonly kind: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By operation: index of its return in `events`, NEVER if it may act at any later time, or not at all. */
  readonly due: Int32Array;
  /** By operation: its place among the open ones; places are used again after a return. */
  readonly slot: Int32Array;
  readonly slotCount: number;
  /** `2 x operation` for a call, `2 x operation + 1` for a return. */
  readonly events: Int32Array;
  readonly initialState: number;
  /** By operation: its observation. */
  readonly observation: Int32Array;
  /** By state: value id. Empty for keys without appends, whose states are not read. */
  readonly valueOfState: Int32Array;
  readonly hasAppend: boolean;
}

/** The problems of the keys whose `isWanted` is 1, in the order of the keys. Cost: O(observations + events). */
export function keyProblems(observations: Observations, isWanted: Uint8Array): KeyProblem[] {
  const { count, key, call, ret, eventCount, keyCount } = observations;
  const sizes = new Int32Array(keyCount);
  const byEvent = new Int32Array(eventCount);
  for (let at = 0; at < count; at++) {
    if (isWanted[key[at]!] === 0) continue;
    sizes[key[at]!]!++;
    byEvent[call[at]!] = 2 * at + 1;
    if (ret[at] !== NEVER) byEvent[ret[at]!] = 2 * at + 2;
  }
  const builders: (ProblemBuilder | null)[] = [];
  for (let one = 0; one < keyCount; one++) {
    builders.push(isWanted[one] === 1 ? new ProblemBuilder(observations, one, sizes[one]!) : null);
  }
  const localOf = new Int32Array(count);
  const stateOf = new Int32Array(observations.pairCount).fill(-1);
  for (let event = 0; event < eventCount; event++) {
    const code = byEvent[event]! - 1;
    if (code < 0) continue;
    const at = code >> 1;
    const builder = builders[key[at]!]!;
    if ((code & 1) === 0) localOf[at] = builder.call(at, stateOf);
    else builder.ret(localOf[at]!);
  }
  return builders.flatMap((builder) => (builder === null ? [] : [builder.build(stateOf)]));
}

/** A builder that builds nothing; see `kept` in `monitor.ts`. */
let kept: ProblemBuilder | null = null;

/** A problem without operations. */
export function emptyProblem(): KeyProblem {
  kept ??= new ProblemBuilder(observe(emptyHistory()), 0, 0);
  return kept.build(new Int32Array(0));
}

class ProblemBuilder {
  readonly #observations: Observations;
  readonly #key: number;
  readonly #kind: Uint8Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #due: Int32Array;
  readonly #slot: Int32Array;
  readonly #observation: Int32Array;
  readonly #events: Int32Array;
  readonly #states: number[] = [ABSENT];
  readonly #freeSlots: number[] = [];
  #slotCount = 0;
  #operationCount = 0;
  #eventCount = 0;

  constructor(observations: Observations, key: number, size: number) {
    this.#observations = observations;
    this.#key = key;
    this.#kind = new Uint8Array(size);
    this.#from = new Int32Array(size);
    this.#to = new Int32Array(size);
    this.#due = new Int32Array(size).fill(NEVER);
    this.#slot = new Int32Array(size);
    this.#observation = new Int32Array(size);
    this.#events = new Int32Array(size * 2);
  }

  call(at: number, stateOf: Int32Array): number {
    const { kind, from, to } = this.#observations;
    const operation = this.#operationCount++;
    this.#kind[operation] = kind[at]!;
    this.#observation[operation] = at;
    this.#from[operation] = this.#state(from[at]!, stateOf);
    this.#to[operation] = kind[at] === APPEND ? to[at]! : this.#state(to[at]!, stateOf);
    this.#events[this.#eventCount++] = 2 * operation;
    this.#slot[operation] = this.#freeSlots.pop() ?? this.#slotCount++;
    return operation;
  }

  ret(operation: number): void {
    this.#due[operation] = this.#eventCount;
    this.#events[this.#eventCount++] = 2 * operation + 1;
    this.#freeSlots.push(this.#slot[operation]!);
  }

  build(stateOf: Int32Array): KeyProblem {
    const { initial, hasAppend, valueOf } = this.#observations;
    const states = this.#states;
    const initialState = this.#state(initial[this.#key] ?? ABSENT, stateOf);
    const valueOfState = new Int32Array(hasAppend[this.#key] === 1 ? states.length : 0);
    for (let state = 1; state < valueOfState.length; state++) {
      valueOfState[state] = valueOf(states[state]!);
    }
    return {
      key: this.#key,
      operationCount: this.#operationCount,
      stateCount: states.length,
      kind: this.#kind,
      from: this.#from,
      to: this.#to,
      due: this.#due,
      slot: this.#slot,
      slotCount: this.#slotCount,
      events: this.#events.subarray(0, this.#eventCount),
      initialState,
      observation: this.#observation,
      valueOfState,
      hasAppend: hasAppend[this.#key] === 1,
    };
  }

  #state(pair: number, stateOf: Int32Array): number {
    if (pair === ABSENT) return 0;
    if (stateOf[pair] === -1) {
      stateOf[pair] = this.#states.length;
      this.#states.push(pair);
    }
    return stateOf[pair]!;
  }
}

export { APPEND, MODIFY, NOT, READ, WRITE };
