import type { KnownLeak } from '../../../models/sync-map/rules.ts';
import type { Moment, ObservedEntry } from './moment.ts';
import type { Stage, Transition } from './rule.ts';

/** Most snapshots and departed entries that are kept for a last look at the end of a run, the newest ones. */
const KEPT_MAX = 32;

/** A published read map with what it held then. */
export interface KeptSnapshot {
  readonly map: ReadonlyMap<unknown, ObservedEntry>;
  readonly keys: readonly unknown[];
  readonly entries: readonly ObservedEntry[];
}

/** What a run leaves behind that later rules need: counts, old snapshots, entries that left both maps. */
export class RunHistory {
  promotionCount = 0;
  clearCount = 0;
  copyCount = 0;
  readonly snapshots: KeptSnapshot[] = [];
  /** Expunged entries that a promotion dropped. */
  readonly departed: ObservedEntry[] = [];
  /** Entries that the operations of the known leak left deleted in dirty, since the last promotion or clear. */
  readonly leftBehind: Set<ObservedEntry> = new Set<ObservedEntry>();
  /** How many of them the rule has seen in dirty. */
  leftBehindCount = 0;

  /** Takes in a transition before its rules are checked. */
  record(transition: Transition, leak: KnownLeak | null): void {
    const { before, after, stage } = transition;
    if (before.dirtySize < 0 && after.dirtySize >= 0) this.copyCount += 1;
    if (stage === 'clear' && (before.readSize > 0 || before.amended)) this.clearCount += 1;
    if (after.dirtyMap !== before.dirtyMap || stage === 'clear') this.#forgetLeaks();
    if (after.readMap !== before.readMap) this.#recordPublication(before, after);
    if (leak !== null) this.#recordLeak(transition, leak);
  }

  #forgetLeaks(): void {
    this.leftBehind.clear();
    this.leftBehindCount = 0;
  }

  #recordPublication(before: Moment, after: Moment): void {
    if (isPromoted(before, after)) {
      this.promotionCount += 1;
      for (let row = 0; row < before.readSize; row += 1) {
        if (before.kinds[row] === 'expunged') push(this.departed, before.readEntries[row]!);
      }
    }
    push(this.snapshots, {
      map: after.readMap,
      keys: after.keys.slice(0, after.readSize),
      entries: after.readEntries.slice(0, after.readSize) as ObservedEntry[],
    });
  }

  #recordLeak(transition: Transition, leak: KnownLeak): void {
    const { stage, place, key, after } = transition;
    if (place !== 'dirtyOnly') return;
    const entry = after.dirtyMap?.get(key);
    if (entry === undefined) return;
    const isDeletion = stage !== 'compareAndDelete' || transition.expectedFlag;
    if (entry.kind !== 'nil') this.leftBehind.delete(entry);
    else if (isDeletion && isOneOf(stage, leak)) this.leftBehind.add(entry);
  }
}

/** Whether dirty has become read. */
export function isPromoted(before: Moment, after: Moment): boolean {
  return before.dirtyMap !== null && after.readMap === before.dirtyMap;
}

function isOneOf(stage: Stage, leak: KnownLeak): boolean {
  return (leak.operations as readonly string[]).includes(stage);
}

function push<T>(list: T[], item: T): void {
  if (list.length === KEPT_MAX) list.shift();
  list.push(item);
}
