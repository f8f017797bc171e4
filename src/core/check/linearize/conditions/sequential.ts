/**
 * Sequential consistency: one order of all operations that a map allows and that keeps the order of each process; real
 * time does not count.
 *
 * It is no property of the single keys: two keys, each fine by itself, may contradict each other. So the search is over
 * the whole map. What changes nothing acts as soon as it can; a value that somebody still has to see is not replaced
 * while nobody is left to write it again.
 */
import type { Budget } from '../budget.ts';
import { ABSENT, NEVER, type History } from '../history.ts';
import type { HistoryVerdict } from '../judge.ts';
import { APPEND, MODIFY, NOT, READ, type Observations } from '../observations.ts';
import {
  CLEAR,
  collectUnits,
  LEN,
  SNAPSHOT,
  snapshotStates,
  type Unit,
} from '../whole-map/whole-map-problem.ts';

/** Configurations remembered at most; beyond that some ground is gone over twice. */
const SEEN_MAX = 1_000_000;

export interface SequentialJudgement {
  readonly verdict: HistoryVerdict;
  /** Configurations explored. */
  readonly nodeCount: number;
}

/** Judges a history by sequential consistency. Cost: exponential at worst, within the budget. */
export function judgeSequential(
  history: History,
  observations: Observations,
  budget: Budget,
): SequentialJudgement {
  if (observations.contradictions.length > 0) return { verdict: 'not-linearizable', nodeCount: 0 };
  return new SequentialSearch(history, observations, budget).run();
}

/** One operation of a process: its units act in any order, all before the next operation. */
interface Call {
  readonly units: readonly number[];
  readonly isOptional: boolean;
}

interface Step {
  readonly unit: number;
  readonly statesBefore: readonly number[];
}

interface Frame {
  readonly trailLength: number;
  readonly candidates: readonly number[];
  next: number;
}

class SequentialSearch {
  readonly #history: History;
  readonly #observations: Observations;
  readonly #budget: Budget;
  readonly #units: readonly Unit[];
  readonly #processes: readonly (readonly Call[])[];
  readonly #processOf: Int32Array;
  readonly #snapshots: ReadonlyMap<number, Int32Array>;
  readonly #positions: Int32Array;
  readonly #isDone: Uint8Array;
  #states: number[];
  /** By state: reads and replacements that must still happen, and writes that may. */
  readonly #needs: Map<number, number> = new Map();
  readonly #writers: Map<number, number> = new Map();
  #clearsLeft = 0;
  #requiredLeft = 0;
  readonly #trail: Step[] = [];
  readonly #texts: Map<string, number> = new Map();
  readonly #textOf: Map<number, string> = new Map();

  constructor(history: History, observations: Observations, budget: Budget) {
    const { keyCount, pairCount, initial } = observations;
    this.#history = history;
    this.#observations = observations;
    this.#budget = budget;
    const keys = Array.from({ length: keyCount }, (_, key) => key);
    const rows = new Uint8Array(history.operationCount);
    for (const row of observations.wholeMapRows) rows[row] = 1;
    this.#units = collectUnits(history, observations, rows, Int32Array.from(keys));
    this.#snapshots = new Map(
      this.#units.flatMap(({ snapshotRow }, unit) =>
        snapshotRow < 0
          ? []
          : [[unit, snapshotStates(history, observations, keys, snapshotRow)] as const],
      ),
    );
    this.#states = keys.map((key) => (initial[key] === ABSENT ? pairCount + key : initial[key]!));
    this.#isDone = new Uint8Array(this.#units.length);
    this.#processOf = new Int32Array(this.#units.length);
    this.#processes = this.#sortByProcess();
    this.#positions = new Int32Array(this.#processes.length);
    for (const [unit] of this.#units.entries()) this.#count(unit, 1);
  }

  run(): SequentialJudgement {
    const seen = new Set<string>();
    const frames: Frame[] = [];
    let nodeCount = 0;
    for (;;) {
      this.#actIdle();
      if (this.#requiredLeft === 0) return { verdict: 'linearizable', nodeCount };
      if (nodeCount >= this.#budget.nodes || (nodeCount % 1024 === 1023 && this.#budget.isOver())) {
        return { verdict: 'inconclusive', nodeCount };
      }
      const id = this.#configuration();
      const isNew = !seen.has(id);
      if (isNew) {
        if (seen.size < SEEN_MAX) seen.add(id);
        nodeCount++;
      }
      const candidates = isNew ? this.#candidates() : [];
      frames.push({ trailLength: this.#trail.length, candidates, next: 0 });
      if (!this.#tryNext(frames)) return { verdict: 'not-linearizable', nodeCount };
    }
  }

  #sortByProcess(): Call[][] {
    const { process } = this.#history;
    const indexOf = new Map<number, number>();
    const calls: { row: number; units: number[]; isOptional: boolean }[][] = [];
    for (const [unit, { row, ret }] of this.#units.entries()) {
      const number = process[row]!;
      let index = indexOf.get(number);
      if (index === undefined) {
        index = calls.length;
        indexOf.set(number, index);
        calls.push([]);
      }
      this.#processOf[unit] = index;
      const last = calls[index]!.at(-1);
      if (last?.row === row) last.units.push(unit);
      else calls[index]!.push({ row, units: [unit], isOptional: ret === NEVER });
    }
    return calls;
  }

  #tryNext(frames: Frame[]): boolean {
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      while (this.#trail.length > frame.trailLength) this.#undo(this.#trail.pop()!);
      const unit = frame.candidates[frame.next++];
      if (unit !== undefined) {
        this.#act(unit);
        return true;
      }
      frames.pop();
    }
    return false;
  }

  #nextUnits(): number[] {
    return this.#processes.flatMap((calls, process) =>
      (calls[this.#positions[process]!]?.units ?? []).filter((unit) => this.#isDone[unit] === 0),
    );
  }

  #actIdle(): void {
    for (let hasActed = true; hasActed;) {
      hasActed = false;
      for (const unit of this.#nextUnits()) {
        if (!this.#isIdle(unit)) continue;
        this.#act(unit);
        hasActed = true;
      }
    }
  }

  #isIdle(unit: number): boolean {
    const { kind, key, from, to } = this.#units[unit]!;
    if (kind === READ) return this.#states[key] === from;
    if (kind === NOT) return this.#states[key] !== from;
    if (kind === LEN) {
      return this.#states.filter((state) => this.#isPresent(state)).length === to;
    }
    if (kind !== SNAPSHOT) return false;
    return this.#snapshots
      .get(unit)!
      .every((state, index) => state === -1 || state === this.#states[index]);
  }

  #isPresent(state: number): boolean {
    const { pairCount, keyCount } = this.#observations;
    return state < pairCount || state >= pairCount + keyCount;
  }

  #candidates(): number[] {
    return this.#nextUnits()
      .filter((unit) => this.#canAct(unit))
      .toSorted((left, right) => left - right);
  }

  #canAct(unit: number): boolean {
    const { kind, key, from, to, ret } = this.#units[unit]!;
    if (kind === CLEAR) return this.#states.every((state, one) => this.#canLeave(state, one, 0));
    if (kind === READ || kind === NOT || kind === LEN || kind === SNAPSHOT) return false;
    const state = this.#states[key]!;
    if (kind === MODIFY && from !== state) return false;
    if (kind !== APPEND && to === state) return true;
    return this.#canLeave(state, key, kind === MODIFY && ret !== NEVER ? 1 : 0);
  }

  #canLeave(state: number, key: number, ownUses: number): boolean {
    if (this.#observations.hasAppend[key] === 1) return true;
    if ((this.#writers.get(state) ?? 0) > 0 || (this.#needs.get(state) ?? 0) <= ownUses)
      return true;
    return !this.#isPresent(state) && this.#clearsLeft > 0;
  }

  #act(unit: number): void {
    const { kind, key, to } = this.#units[unit]!;
    this.#trail.push({ unit, statesBefore: this.#states });
    if (kind === CLEAR) {
      this.#states = this.#states.map((_, one) => this.#observations.pairCount + one);
    } else if (kind === APPEND) {
      this.#states = this.#states.with(key, this.#append(key, this.#states[key]!, to));
    } else if (kind !== READ && kind !== NOT && kind !== LEN && kind !== SNAPSHOT) {
      this.#states = this.#states.with(key, to);
    }
    this.#isDone[unit] = 1;
    this.#count(unit, -1);
    const process = this.#processOf[unit]!;
    const call = this.#processes[process]![this.#positions[process]!]!;
    if (call.units.every((one) => this.#isDone[one] === 1)) this.#positions[process]!++;
  }

  #undo({ unit, statesBefore }: Step): void {
    const process = this.#processOf[unit]!;
    const position = this.#positions[process]!;
    const isCurrent = this.#processes[process]![position]?.units.includes(unit) === true;
    if (!isCurrent) this.#positions[process] = position - 1;
    this.#isDone[unit] = 0;
    this.#states = [...statesBefore];
    this.#count(unit, 1);
  }

  #count(unit: number, change: number): void {
    const { kind, from, to, ret } = this.#units[unit]!;
    if (ret !== NEVER) this.#requiredLeft += change;
    if (kind === CLEAR) this.#clearsLeft += change;
    else if (kind === READ) add(this.#needs, from, change);
    else if (kind !== NOT && kind !== LEN && kind !== SNAPSHOT && kind !== APPEND) {
      add(this.#writers, to, change);
      if (kind === MODIFY && ret !== NEVER) add(this.#needs, from, change);
    }
  }

  #configuration(): string {
    const partial = this.#nextUnits().length;
    const done = this.#processes.map((calls, process) =>
      (calls[this.#positions[process]!]?.units ?? []).map((unit) => this.#isDone[unit]).join(''),
    );
    return `${this.#positions.join(',')};${partial};${done.join(',')};${this.#states.join(',')}`;
  }

  /** The state after appending; texts that no value has get numbers beyond all other states. */
  #append(key: number, state: number, value: number): number {
    const { pairCount, keyCount, valueOf } = this.#observations;
    const decode = (id: number): string => JSON.parse(this.#history.texts.value(id)) as string;
    const before = this.#textOf.get(state) ?? (state < pairCount ? decode(valueOf(state)) : '');
    const text = before + decode(value);
    if (this.#texts.size === 0) this.#enterTexts(decode);
    const id = `${key} ${text}`;
    let found = this.#texts.get(id);
    if (found === undefined) {
      found = pairCount + keyCount + this.#texts.size;
      this.#texts.set(id, found);
    }
    this.#textOf.set(found, text);
    return found;
  }

  #enterTexts(decode: (id: number) => string): void {
    const { pairCount, valueOf } = this.#observations;
    const enter = (key: number, state: number): void => {
      if (state >= 0 && state < pairCount && state !== ABSENT) {
        this.#texts.set(`${key} ${decode(valueOf(state))}`, state);
      }
    };
    for (const { kind, key, from, to } of this.#units) {
      enter(key, from);
      if (kind !== APPEND) enter(key, to);
    }
    for (const [key, state] of this.#observations.initial.entries()) enter(key, state);
  }
}

function add(counts: Map<number, number>, state: number, change: number): void {
  counts.set(state, (counts.get(state) ?? 0) + change);
}
