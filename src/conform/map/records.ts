/**
 * The lines of a recorded map trace, checked for their shape.
 */
import { z } from 'zod';
import { ConformInputError } from '../input-error.ts';

/** The first line of a trace. */
export interface MapTraceHeader {
  readonly kind: 'map';
  /** Version of the Go that recorded it: `go1.19.8`. */
  readonly go: string;
  readonly trace: string;
  readonly key: 'uint64' | 'uint32' | '[2]uint64' | 'string' | 'float64';
  readonly elem: 'uint64';
  /** Size of one bucket in bytes; decides how many overflow buckets come with an array. */
  readonly bucketBytes: number;
  /** Whether buckets hold pointers, so that evacuation wipes them. */
  readonly ptrBuckets: boolean;
  /** Names of the columns of `s`. */
  readonly sCols: readonly string[];
  readonly stats: { readonly ops: number; readonly dumps: number };
}

interface DrawingRecord {
  /** The random draws that the operation used, in order. */
  readonly rnd?: readonly number[] | undefined;
}

interface ChangeRecord extends DrawingRecord {
  /** The state after the operation, columns as in `sCols`. */
  readonly s: readonly number[];
  /** The new seed, if the operation changed it. */
  readonly hash0?: number | undefined;
  /** Digest of the layout after the operation. */
  readonly d?: number | undefined;
  /** Growths that started or ended. */
  readonly ev?: string | undefined;
}

interface KeyedRecord {
  readonly k: string;
  /** The key's 64-bit hash, decimal. Absent where nothing was hashed. */
  readonly h?: string | undefined;
}

/** Where an iteration began; absent if the map was empty. */
export interface StartRecord {
  readonly start?: number | undefined;
  readonly off?: number | undefined;
  readonly itB?: number | undefined;
}

interface ProductRecord {
  /** Number of the iterator. */
  readonly it: number;
  readonly k?: string | undefined;
  readonly v?: number | undefined;
  /** Next bucket, next cell, wrapped, bucket to check or -1. */
  readonly p?: readonly number[] | undefined;
  readonly end?: true | undefined;
}

export type MakeRecord = { readonly op: 'make'; readonly hint: number } & ChangeRecord;
export type SetRecord = {
  readonly op: 'set';
  readonly v: number;
  /** Where a NaN landed: bucket, position in its chain, cell. */
  readonly at?: readonly number[] | undefined;
} & ChangeRecord &
  KeyedRecord;
export type GetRecord = { readonly op: 'get'; readonly r: number | null } & KeyedRecord &
  DrawingRecord;
export type HasRecord = { readonly op: 'has'; readonly r: boolean } & KeyedRecord & DrawingRecord;
export type DeleteRecord = { readonly op: 'delete' } & ChangeRecord & KeyedRecord;
export type ClearRecord = { readonly op: 'clear' } & ChangeRecord;
export type IterationRecord = { readonly op: 'iter' } & ChangeRecord & StartRecord & ProductRecord;
export type NextRecord = { readonly op: 'next' } & DrawingRecord & ProductRecord;
export type RangeRecord = {
  readonly op: 'range';
  readonly ks: readonly string[];
  readonly vs: readonly number[];
} & ChangeRecord &
  StartRecord;

/** A line with an operation. */
export type OperationRecord =
  | MakeRecord
  | SetRecord
  | GetRecord
  | HasRecord
  | DeleteRecord
  | ClearRecord
  | IterationRecord
  | NextRecord
  | RangeRecord;

/**
 * One bucket in a dump: tophash bytes, keys (absent in short dumps), values; null where nothing is
 * left.
 */
export interface BucketRecord {
  readonly t: readonly number[];
  readonly k?: readonly (string | null)[] | undefined;
  readonly v: readonly (number | null)[];
}

/** A chain of buckets in a dump; 0 is a blank bucket. */
export type ChainRecord = 0 | readonly BucketRecord[];

/** The buckets of one array in a dump: all of them, or by index those that are not blank. */
export type LayoutRecord = null | readonly ChainRecord[] | Readonly<Record<string, ChainRecord>>;

/** A line with the layout of the map. */
export interface DumpRecord {
  readonly dump: { readonly buckets: LayoutRecord; readonly old: LayoutRecord };
  /** 0-based number of the operation before it. */
  readonly after: number;
}

const uint32 = z.int().min(0).max(0xffffffff);
const count = z.int().min(0);
const hash64 = z.string().regex(/^\d{1,20}$/, 'expected a 64-bit hash as decimal text');

const header: z.ZodType<MapTraceHeader> = z.object({
  kind: z.literal('map'),
  go: z.string().regex(/^go\d+\.\d+/, 'expected a Go version such as go1.19.8'),
  trace: z.string(),
  key: z.enum(['uint64', 'uint32', '[2]uint64', 'string', 'float64']),
  elem: z.literal('uint64'),
  bucketBytes: z.int().min(1),
  ptrBuckets: z.boolean(),
  sCols: z.array(z.string()),
  stats: z.object({ ops: count, dumps: count }),
});

const drawing = { rnd: z.array(uint32).optional() };
const change = {
  ...drawing,
  s: z.array(count),
  hash0: uint32.optional(),
  d: uint32.optional(),
  ev: z.string().optional(),
};
const keyed = { k: z.string(), h: hash64.optional() };
const started = { start: count.optional(), off: count.optional(), itB: count.optional() };
const product = {
  it: count,
  k: z.string().optional(),
  v: count.optional(),
  p: z.array(z.int()).length(4).optional(),
  end: z.literal(true).optional(),
};

const operation: z.ZodType<OperationRecord> = z.discriminatedUnion('op', [
  z.object({ op: z.literal('make'), ...change, hint: z.int() }),
  z.object({
    op: z.literal('set'),
    ...change,
    k: z.string(),
    h: hash64,
    v: count,
    at: z.array(count).length(3).optional(),
  }),
  z.object({ op: z.literal('get'), ...drawing, ...keyed, r: count.nullable() }),
  z.object({ op: z.literal('has'), ...drawing, ...keyed, r: z.boolean() }),
  z.object({ op: z.literal('delete'), ...change, ...keyed }),
  z.object({ op: z.literal('clear'), ...change }),
  z.object({ op: z.literal('iter'), ...change, ...started, ...product }),
  z.object({ op: z.literal('next'), ...drawing, ...product }),
  z.object({
    op: z.literal('range'),
    ...change,
    ...started,
    ks: z.array(z.string()),
    vs: z.array(count),
  }),
]);

const bucket = z.object({
  t: z.array(z.int().min(0).max(255)).length(8),
  k: z.array(z.string().nullable()).length(8).optional(),
  v: z.array(count.nullable()).length(8),
});
const chain = z.union([z.literal(0), z.array(bucket).min(1)]);
const layout = z.union([z.null(), z.array(chain), z.record(z.string().regex(/^\d+$/), chain)]);
const dump: z.ZodType<DumpRecord> = z.object({
  dump: z.object({ buckets: layout, old: layout }),
  after: count,
});

/** Where a line stands. */
export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const problem = `expected one JSON value, found ${text.length} characters that are none`;
    throw new ConformInputError(place.file, place.line, problem);
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, what: string, place: Place): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = ['$', ...issue.path.map((part) => `[${JSON.stringify(part)}]`)].join('');
  throw new ConformInputError(place.file, place.line, `${what}: at ${path}: ${issue.message}`);
}

/**
 * Reads the first line of a map trace.
 *
 * @throws ConformInputError if it is no header of one.
 */
export function parseHeader(text: string, place: Place): MapTraceHeader {
  return check(header, parseJson(text, place), 'expected the header of a map trace', place);
}

/**
 * Reads a line after the first.
 *
 * @throws ConformInputError if it is neither an operation nor a dump.
 */
export function parseRecord(text: string, place: Place): OperationRecord | DumpRecord {
  const value = parseJson(text, place);
  if (typeof value === 'object' && value !== null && 'dump' in value) {
    return check(dump, value, 'expected a dump', place);
  }
  return check(operation, value, 'expected an operation', place);
}
