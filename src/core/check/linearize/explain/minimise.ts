/**
 * Finds few operations that already fail.
 *
 * An operation is dropped only where that is sound: if the larger history were linearizable, so would be the smaller one.
 * So the operations left are a proof by themselves, whatever the dropped ones did.
 * M1. What only looks (reads, failed compares, lengths, ranges) can always go.
 * M2. All operations on a value, and on the values it was replaced by or replaced, can go together, unless some write them
 *     blindly, others make them vanish, and something else needs absence, which it may owe to them. Not while a failed
 *     compare, a length or a range is left, which may owe its truth to any value.
 * M3. A deletion can go when nothing left needs absence, nor a failed compare, a length or a range.
 * M4. A write whose value nothing left asks about can go, while no failed compare, length or range is left.
 * M5. A whole key can go while no length and no range is left.
 */
import { ABSENT, OP_CLEAR, OP_LEN, OP_RANGE, type History } from '../history.ts';
import { APPEND, MODIFY, NOT, observe, READ, WRITE } from '../observations.ts';
import type { Contracts } from '../contracts.ts';

export interface Minimised {
  /** Rows left, rising. */
  readonly rows: readonly number[];
  /** Whether no single sound step is left; false if the tests allowed ran out. */
  readonly isMinimal: boolean;
}

export interface MinimiseOptions {
  readonly contracts: Contracts;
  /** Whether the history of these rows still fails. */
  readonly doesFail: (rows: readonly number[]) => boolean;
  /** Most calls of `doesFail`. */
  readonly testsMax: number;
}

/** One row's facts, as far as the rules ask. */
interface RowFacts {
  readonly row: number;
  readonly key: number;
  readonly isLook: boolean;
  readonly isCompare: boolean;
  readonly isView: boolean;
  readonly isDeletion: boolean;
  readonly needsAbsence: boolean;
  readonly hasAppend: boolean;
  /** Value groups, or none. */
  readonly group: number;
  /** Pairs written and asked for, or ABSENT. */
  readonly writes: number;
  readonly asksFor: number;
  readonly entersBlindly: boolean;
  readonly leavesAbsent: boolean;
}

/** Drops rows of a failing history until no sound step is left. */
export function minimise(
  history: History,
  startRows: readonly number[],
  options: MinimiseOptions,
): Minimised {
  const facts = rowFacts(history, options.contracts);
  const shrinking = new Shrinking(
    startRows.map((row) => facts[row]!),
    options,
  );
  while (shrinking.round());
  return { rows: shrinking.rows, isMinimal: !shrinking.isOutOfTests };
}

class Shrinking {
  #left: readonly RowFacts[];
  readonly #options: MinimiseOptions;
  #testCount = 0;

  constructor(left: readonly RowFacts[], options: MinimiseOptions) {
    this.#left = left;
    this.#options = options;
  }

  get rows(): number[] {
    return this.#left.map(({ row }) => row);
  }

  get isOutOfTests(): boolean {
    return this.#testCount >= this.#options.testsMax;
  }

  /** Tries every rule, big chunks first; whether anything went. */
  round(): boolean {
    let hasShrunk = false;
    for (const unitsOf of RULES) {
      let units: readonly (readonly RowFacts[])[] = unitsOf(this.#left);
      for (let size = units.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
        const kept = this.#tryChunks(units, size);
        hasShrunk ||= kept.length < units.length;
        units = kept;
      }
    }
    return hasShrunk && !this.isOutOfTests;
  }

  /** Tries to do without each chunk of units in turn; returns the units that stay. */
  #tryChunks(
    units: readonly (readonly RowFacts[])[],
    size: number,
  ): readonly (readonly RowFacts[])[] {
    const kept: (readonly RowFacts[])[] = [];
    for (let from = 0; from < units.length; from += size) {
      const chunk = units.slice(from, from + size);
      if (this.isOutOfTests || !this.#tryWithout(new Set(chunk.flat()))) kept.push(...chunk);
    }
    return kept;
  }

  #tryWithout(dropped: ReadonlySet<RowFacts>): boolean {
    this.#testCount++;
    const left = this.#left.filter((one) => !dropped.has(one));
    if (!this.#options.doesFail(left.map(({ row }) => row))) return false;
    this.#left = left;
    return true;
  }
}

/** Every single step that the rules allow: the rows that each drops. */
export function soundSteps(history: History, contracts: Contracts): number[][] {
  const facts = rowFacts(history, contracts);
  return RULES.flatMap((unitsOf) => unitsOf(facts)).map((unit) => unit.map(({ row }) => row));
}

type Rule = (rows: readonly RowFacts[]) => (readonly RowFacts[])[];

const RULES: readonly Rule[] = [
  // M5
  (rows) => {
    if (rows.some(({ isView }) => isView)) return [];
    return groupBy(
      rows.filter(({ key }) => key >= 0),
      ({ key }) => key,
    );
  },
  // M1, failed compares first: they stand in the way of M2 and M3.
  (rows) => rows.filter(({ isCompare }) => isCompare).map((one) => [one]),
  (rows) => rows.filter(({ isLook, isView }) => isLook && isView).map((one) => [one]),
  // M2
  (rows) => {
    if (rows.some(({ isCompare, isView, hasAppend }) => isCompare || isView || hasAppend))
      return [];
    const groups = groupBy(
      rows.filter(({ group }) => group >= 0),
      ({ group }) => group,
    );
    const absenceNeeds = rows.filter(({ needsAbsence }) => needsAbsence);
    return groups.filter((unit) => {
      const canLeaveAbsent =
        unit.some((one) => one.entersBlindly) && unit.some((one) => one.leavesAbsent);
      return !canLeaveAbsent || absenceNeeds.every((one) => unit.includes(one));
    });
  },
  // M1
  (rows) => rows.filter(({ isLook }) => isLook).map((one) => [one]),
  // M4
  (rows) => {
    if (rows.some(({ isCompare, isView, hasAppend }) => isCompare || isView || hasAppend))
      return [];
    const asked = new Set(rows.map(({ asksFor }) => asksFor));
    return rows.filter(({ writes }) => writes > ABSENT && !asked.has(writes)).map((one) => [one]);
  },
  // M3
  (rows) => {
    if (rows.some((one) => one.isCompare || one.isView || one.needsAbsence)) return [];
    return rows.filter(({ isDeletion }) => isDeletion).map((one) => [one]);
  },
];

function groupBy(
  rows: readonly RowFacts[],
  pick: (one: RowFacts) => number,
): (readonly RowFacts[])[] {
  const groups = new Map<number, RowFacts[]>();
  for (const one of rows) {
    const group = groups.get(pick(one));
    if (group === undefined) groups.set(pick(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function rowFacts(history: History, contracts: Contracts): RowFacts[] {
  const observations = observe(history, contracts);
  const { count, row, kind, from, to, key, pairCount, hasAppend, initial } = observations;
  const groups = new Groups(pairCount);
  const firstOf = new Int32Array(history.operationCount).fill(-1);
  const needsAbsence = new Uint8Array(history.operationCount);
  for (let at = count - 1; at >= 0; at--) {
    firstOf[row[at]!] = at;
    const isUse = kind[at] === READ || kind[at] === MODIFY;
    if (isUse && from[at] === ABSENT) needsAbsence[row[at]!] = 1;
    if (kind[at] === MODIFY && from[at] !== ABSENT && to[at] !== ABSENT) {
      groups.join(from[at]!, to[at]!);
    }
  }
  // A value that was there from the start was written blindly, as it were.
  const initialGroups = new Set(
    [...initial].filter((pair) => pair !== ABSENT).map((pair) => groups.find(pair)),
  );
  return Array.from({ length: history.operationCount }, (_, one) => {
    const at = firstOf[one]!;
    const what = at < 0 ? READ : kind[at]!;
    const op = history.op[one]!;
    const isWhole = op === OP_CLEAR || op === OP_LEN || op === OP_RANGE;
    const pair = what === WRITE || what === MODIFY ? to[at]! || from[at]! : (from[at] ?? ABSENT);
    const isUngrouped = isWhole || at < 0 || what === APPEND || what === NOT || pair === ABSENT;
    const group = isUngrouped ? -1 : groups.find(pair);
    return {
      row: one,
      key: history.key[one]!,
      isLook: what === READ || what === NOT || op === OP_LEN || op === OP_RANGE,
      isCompare: what === NOT,
      isView: op === OP_LEN || op === OP_RANGE,
      isDeletion: op === OP_CLEAR || (what === WRITE && to[at] === ABSENT),
      needsAbsence: needsAbsence[one] === 1,
      hasAppend: at >= 0 && hasAppend[key[at]!] === 1,
      group,
      writes: at >= 0 && (what === WRITE || what === MODIFY) ? to[at]! : ABSENT,
      asksFor: at >= 0 && (what === READ || what === MODIFY) ? from[at]! : ABSENT,
      entersBlindly: initialGroups.has(group) || (what === WRITE && at >= 0 && to[at] !== ABSENT),
      leavesAbsent: what === MODIFY && to[at] === ABSENT,
    };
  });
}

/** Values that replaced one another. */
class Groups {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  find(one: number): number {
    let root = one;
    while (this.#parent[root] !== root) root = this.#parent[root]!;
    let next = one;
    while (next !== root) {
      const after = this.#parent[next]!;
      this.#parent[next] = root;
      next = after;
    }
    return root;
  }

  join(left: number, right: number): void {
    this.#parent[this.find(left)] = this.find(right);
  }
}
