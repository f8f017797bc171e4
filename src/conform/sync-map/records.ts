/** The lines of a recorded sync.Map trace, checked for their shape. */
import { z } from 'zod';
import { ConformInputError } from '../input-error.ts';

/** The columns of `s`, in order. */
export const STATE_COLUMNS = [
  'readLen',
  'amended',
  'dirtyLen',
  'misses',
  'nilInRead',
  'expungedInRead',
] as const;

/** The first line of a trace. */
export interface SyncMapTraceHeader {
  /** Version of the Go that recorded it: `go1.19.8`. */
  readonly go: string;
  /** Number of operations in the file. */
  readonly stats: { readonly ops: number };
}

/** State of an entry: its value, or a word. */
export type RecordedEntry = number | 'nil' | 'expunged';

/** The entries of one of the two maps, by key. */
export type RecordedEntries = Readonly<Record<string, RecordedEntry>>;

/** The full state of a map, as `st` has it. */
export interface RecordedState {
  readonly read: RecordedEntries;
  readonly amended: boolean;
  readonly dirty: RecordedEntries | null;
  readonly misses: number;
}

/** What can stand on a line beside the call. */
export interface StateAfter {
  /** The columns of the state. */
  readonly s: readonly number[];
  /** The digest of the state. */
  readonly d?: number | undefined;
  readonly st?: RecordedState | undefined;
  readonly ev?: readonly string[] | undefined;
}

type Calls = {
  load: { k: number; r: number | null };
  store: { k: number; v: number };
  loadOrStore: { k: number; v: number; r: [number, boolean] };
  loadAndDelete: { k: number; r: number | null };
  delete: { k: number };
  swap: { k: number; v: number; r: number | null };
  compareAndSwap: { k: number; old: number; v: number; r: boolean };
  compareAndDelete: { k: number; old: number; r: boolean };
  clear: object;
};

/** A call, with its result `r` if it has one. */
export type CallRecord = { [Name in keyof Calls]: { op: Name } & Calls[Name] }[keyof Calls];

/** A call inside a range: the result only where the recorder wrote it down. */
export type NestedRecord = {
  [Name in keyof Calls]: { op: Name; at: number; r?: unknown } & Omit<Calls[Name], 'r'>;
}[keyof Calls];

/** A whole range. */
export interface RangeCall {
  readonly op: 'range';
  /** The loop ended itself after that many pairs. */
  readonly stop?: number | undefined;
  readonly nested?: readonly NestedRecord[] | undefined;
  /** The pairs in the order in which they were given. */
  readonly r: readonly (readonly [number, number])[];
}

/** One operation with its result and the state after it. */
export type SyncMapRecord = (CallRecord | RangeCall) & StateAfter;

const k = z.int();
const v = z.int();
const old = z.int();
const found = z.union([v, z.null()], { error: 'expected a value or null' });
const at = z.int().min(0);

/** The arguments and the result of each call. */
const CALLS = {
  load: { k, r: found },
  store: { k, v },
  loadOrStore: { k, v, r: z.tuple([v, z.boolean()]) },
  loadAndDelete: { k, r: found },
  delete: { k },
  swap: { k, v, r: found },
  compareAndSwap: { k, old, v, r: z.boolean() },
  compareAndDelete: { k, old, r: z.boolean() },
  clear: {},
};
const NAMES = Object.keys(CALLS).join(', ');

const entryState = z.union([v, z.literal('nil'), z.literal('expunged')], {
  error: 'expected a value, "nil" or "expunged"',
});
const entries = z.record(z.string().regex(/^-?\d+$/), entryState);

const stateAfter = {
  s: z.array(z.int()).length(STATE_COLUMNS.length),
  d: z.int().min(0).max(0xffff_ffff).optional(),
  st: z
    .object({ read: entries, amended: z.boolean(), dirty: entries.nullable(), misses: z.int() })
    .optional(),
  ev: z.array(z.string()).optional(),
};

/** A union with one object for each call. */
function callUnion(
  shapeOf: (shape: z.ZodRawShape) => z.ZodRawShape,
  others: readonly z.ZodObject[],
  names: string,
): z.ZodType {
  const [first, ...rest] = [
    ...Object.entries(CALLS).map(([op, shape]) =>
      z.object({ op: z.literal(op), ...shapeOf(shape) }),
    ),
    ...others,
  ];
  return z.discriminatedUnion('op', [first!, ...rest], { error: `expected one of ${names}` });
}

const nestedSchema = callUnion(
  ({ r, ...shape }) => ({ ...shape, at, ...(r === undefined ? {} : { r: z.optional(r) }) }),
  [],
  NAMES,
);

const rangeSchema = z.object({
  op: z.literal('range'),
  stop: z.int().min(1).optional(),
  nested: z.array(nestedSchema).optional(),
  r: z.array(z.tuple([k, v])),
  ...stateAfter,
});

const recordSchema = callUnion(
  (shape) => ({ ...shape, ...stateAfter }),
  [rangeSchema],
  `${NAMES}, range`,
) as z.ZodType<SyncMapRecord>;

const headerSchema: z.ZodType<SyncMapTraceHeader> = z.object({
  kind: z.literal('syncmap', { error: 'expected "syncmap"' }),
  go: z.string().regex(/^go1\.\d+/, { error: 'expected a version such as go1.19.8' }),
  sCols: z.array(z.string()).refine((columns) => columns.join() === STATE_COLUMNS.join(), {
    error: `expected ${STATE_COLUMNS.join(', ')}`,
  }),
  stats: z.object({ ops: z.int().min(0) }),
});

/** Where a line stands. */
export interface LinePlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Reads the header. @throws ConformInputError */
export function parseHeader(text: string, place: LinePlace): SyncMapTraceHeader {
  return parse(headerSchema, text, place);
}

/** Reads one operation. @throws ConformInputError */
export function parseRecord(text: string, place: LinePlace): SyncMapRecord {
  return parse(recordSchema, text, place);
}

function parse<T>(schema: z.ZodType<T>, text: string, { file, line }: LinePlace): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConformInputError(file, line, `the line is not JSON (${reason})`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.length === 0 ? '' : `at ${issue.path.join('.')}: `;
  throw new ConformInputError(file, line, `${path}${issue.message}`);
}
