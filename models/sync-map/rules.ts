/**
 * What the checker knows about each profile: which operations there are, which of them counts a miss, which defect is known.
 *
 * Stated once more here and not taken from the engine, whose own table is among the things to check.
 */

/** The operations of a program, those of every profile. */
export const OPERATION_NAMES = [
  'load',
  'store',
  'loadOrStore',
  'loadAndDelete',
  'delete',
  'swap',
  'compareAndSwap',
  'compareAndDelete',
  'clear',
  'range',
] as const;

/** Name of one of them. */
export type OperationName = (typeof OPERATION_NAMES)[number];

/** Profiles of the engine. */
export type ProfileName = 'go1.9' | 'go1.15.0' | 'go1.19' | 'go1.20' | 'go1.23' | 'corrected';

/**
 * Where a key is before an operation: `readLive` covers values and deleted entries of read that are not expunged;
 * `dirtyOnly` is in dirty and not in read.
 */
export type Place = 'readLive' | 'readExpunged' | 'dirtyOnly' | 'absent';

/** What becomes of a key that is in dirty alone when its value is deleted. */
export type DirtyRemoval = 'dropped' | 'leftAsNil';

/** A defect of Go that a profile keeps. */
export interface KnownLeak {
  readonly id: string;
  /** The operations that leave a deleted entry in dirty, when the key is in dirty alone. */
  readonly operations: readonly OperationName[];
}

/** The facts of one profile. */
export interface SyncMapRules {
  readonly profile: ProfileName;
  /** For `mapcheck list`. */
  readonly title: string;
  readonly operations: readonly OperationName[];
  readonly missTable: MissTable;
  readonly onDelete: DirtyRemoval;
  readonly onCompareAndDelete: DirtyRemoval;
  /** False where Delete can make dirty smaller without counting a miss, so that misses may exceed its size. */
  readonly boundsMisses: boolean;
  readonly knownLeak: KnownLeak | null;
}

/** Whether an operation that reached the slow path counts a miss, by where its key was. A key in read never counts. */
export type MissTable = Readonly<
  Record<OperationName, { readonly dirtyOnly: boolean; readonly absent: boolean }>
>;

const NEVER = { dirtyOnly: false, absent: false };
const ALWAYS = { dirtyOnly: true, absent: true };
const IF_FOUND = { dirtyOnly: true, absent: false };

const MISS_TABLE: MissTable = {
  load: ALWAYS,
  loadAndDelete: ALWAYS,
  delete: ALWAYS,
  compareAndDelete: ALWAYS,
  loadOrStore: IF_FOUND,
  compareAndSwap: IF_FOUND,
  store: NEVER,
  swap: NEVER,
  range: NEVER,
  clear: NEVER,
};

const FIRST: readonly OperationName[] = ['load', 'store', 'loadOrStore', 'delete', 'range'];
const SINCE_1_15: readonly OperationName[] = [...FIRST, 'loadAndDelete'];
const SINCE_1_20: readonly OperationName[] = [
  ...SINCE_1_15,
  'swap',
  'compareAndSwap',
  'compareAndDelete',
];

const COMPARE_AND_DELETE_LEAK: KnownLeak = {
  id: 'sync-map/compare-and-delete-leak',
  operations: ['compareAndDelete'],
};

/** The facts of each profile. */
export const SYNC_MAP_RULES: Readonly<Record<ProfileName, SyncMapRules>> = {
  'go1.9': {
    profile: 'go1.9',
    title: 'sync.Map of Go 1.9 to 1.14',
    operations: FIRST,
    missTable: { ...MISS_TABLE, delete: NEVER },
    onDelete: 'dropped',
    onCompareAndDelete: 'leftAsNil',
    boundsMisses: false,
    knownLeak: null,
  },
  'go1.15.0': {
    profile: 'go1.15.0',
    title: 'sync.Map of Go 1.15.0, whose deletes leak',
    operations: SINCE_1_15,
    missTable: MISS_TABLE,
    onDelete: 'leftAsNil',
    onCompareAndDelete: 'leftAsNil',
    boundsMisses: true,
    knownLeak: { id: 'sync-map/load-and-delete-leak', operations: ['delete', 'loadAndDelete'] },
  },
  'go1.19': {
    profile: 'go1.19',
    title: 'sync.Map of Go 1.15.2 to 1.19, which the recorded traces follow',
    operations: SINCE_1_15,
    missTable: MISS_TABLE,
    onDelete: 'dropped',
    onCompareAndDelete: 'leftAsNil',
    boundsMisses: true,
    knownLeak: null,
  },
  'go1.20': {
    profile: 'go1.20',
    title: 'sync.Map of Go 1.20 to 1.22: Swap, CompareAndSwap, CompareAndDelete',
    operations: SINCE_1_20,
    missTable: MISS_TABLE,
    onDelete: 'dropped',
    onCompareAndDelete: 'leftAsNil',
    boundsMisses: true,
    knownLeak: COMPARE_AND_DELETE_LEAK,
  },
  'go1.23': {
    profile: 'go1.23',
    title: 'sync.Map of Go 1.23, the last of its design, with Clear',
    operations: [...SINCE_1_20, 'clear'],
    missTable: MISS_TABLE,
    onDelete: 'dropped',
    onCompareAndDelete: 'leftAsNil',
    boundsMisses: true,
    knownLeak: COMPARE_AND_DELETE_LEAK,
  },
  corrected: {
    profile: 'corrected',
    title: 'sync.Map of Go 1.23 without its leak, the default for users',
    operations: [...SINCE_1_20, 'clear'],
    missTable: MISS_TABLE,
    onDelete: 'dropped',
    onCompareAndDelete: 'dropped',
    boundsMisses: true,
    knownLeak: null,
  },
};

/** Whether an operation must count a miss. */
export function countsMiss(
  rules: SyncMapRules,
  operation: OperationName,
  place: Place,
  amended: boolean,
): boolean {
  if (!amended) return false;
  const row = rules.missTable[operation];
  return (place === 'dirtyOnly' && row.dirtyOnly) || (place === 'absent' && row.absent);
}
