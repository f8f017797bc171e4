/** Programs of the tree-bucket map: what stands in the JSON, and its check. */
import { z } from 'zod';
import type { ZodType } from 'zod';
import type { Operation, Program } from '../../src/core/program.ts';
import { valueTokenSchema, type ValueToken } from '../value-token.ts';

/** Integers `from`, `from + stride`, …, `count` of them; as keys. */
export interface KeyRun {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
}

/** Operations that may stand inside a `forEach`. */
export type SimpleOperation =
  | { readonly op: 'set'; readonly k: ValueToken; readonly v: ValueToken }
  | { readonly op: 'get' | 'has' | 'delete'; readonly k: ValueToken }
  | { readonly op: 'clear' }
  /** `set` for each key of the run; the values count up from `v`. */
  | ({ readonly op: 'fill'; readonly v: number } & KeyRun)
  /** `delete` for each key of the run. */
  | ({ readonly op: 'drain' } & KeyRun);

/** An operation done in the callback of a `forEach`, at the call of 0-based index `at`. */
export type NestedOperation = SimpleOperation & { readonly at: number };

export type TreeBucketOperation =
  | SimpleOperation
  /** Makes an iterator under a number; one that had the number is left where it is. */
  | { readonly op: 'iterate'; readonly it: number; readonly kind: 'keys' | 'values' | 'entries' }
  /** Takes steps of an iterator, if there is one of that number. */
  | { readonly op: 'next'; readonly it: number; readonly count: number }
  /** Compares all entries at once. */
  | { readonly op: 'entries' }
  /** Iterates by callback; the callback throws at call `throwAt`, if it gets so far. */
  | {
      readonly op: 'forEach';
      readonly nested: readonly NestedOperation[];
      readonly throwAt?: number;
    }
  /** Clones the map and goes on with one of the two; the other is left alone and must not change. */
  | { readonly op: 'clone'; readonly keep: 'original' | 'clone' };

/** How the map is made. */
export interface TreeBucketSetup {
  readonly hint: number;
  /** `own`: the engine's own hash. Else that of `plainHash`, of which the bits of the mask are kept. */
  readonly hash: 'own' | { readonly mask: number };
  readonly seed: number;
}

/** Longest run of keys, and most steps, that one operation may ask for. */
export const COUNT_MAX = 2_000;

const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const count = z.int().min(0).max(COUNT_MAX);
const key = { k: valueTokenSchema };
const keyRun = { from: int32, count, stride: z.int().min(1).max(65_536) };
const iterator = { it: z.int().min(0).max(7) };

const simpleShapes = {
  set: { op: z.literal('set'), ...key, v: valueTokenSchema },
  get: { op: z.literal('get'), ...key },
  has: { op: z.literal('has'), ...key },
  delete: { op: z.literal('delete'), ...key },
  clear: { op: z.literal('clear') },
  fill: { op: z.literal('fill'), ...keyRun, v: int32 },
  drain: { op: z.literal('drain'), ...keyRun },
};

const at = { at: z.int().min(0) };
const nestedSchema = z.discriminatedUnion('op', [
  z.strictObject({ ...simpleShapes.set, ...at }),
  z.strictObject({ ...simpleShapes.get, ...at }),
  z.strictObject({ ...simpleShapes.has, ...at }),
  z.strictObject({ ...simpleShapes.delete, ...at }),
  z.strictObject({ ...simpleShapes.clear, ...at }),
  z.strictObject({ ...simpleShapes.fill, ...at }),
  z.strictObject({ ...simpleShapes.drain, ...at }),
]);

const operationSchema = z.discriminatedUnion('op', [
  z.strictObject(simpleShapes.set),
  z.strictObject(simpleShapes.get),
  z.strictObject(simpleShapes.has),
  z.strictObject(simpleShapes.delete),
  z.strictObject(simpleShapes.clear),
  z.strictObject(simpleShapes.fill),
  z.strictObject(simpleShapes.drain),
  z.strictObject({
    op: z.literal('iterate'),
    ...iterator,
    kind: z.enum(['keys', 'values', 'entries']),
  }),
  z.strictObject({ op: z.literal('next'), ...iterator, count }),
  z.strictObject({ op: z.literal('entries') }),
  z.strictObject({
    op: z.literal('forEach'),
    nested: z.array(nestedSchema),
    throwAt: z.int().min(0).optional(),
  }),
  z.strictObject({ op: z.literal('clone'), keep: z.enum(['original', 'clone']) }),
]);

/** Accepts exactly the programs of this target. */
export const treeBucketProgramSchema: ZodType<Program> = z.strictObject({
  setup: z.strictObject({
    hint: z.int().min(0).max(100_000),
    hash: z.union([z.literal('own'), z.strictObject({ mask: int32 })], {
      error: 'expected "own" or {"mask": a signed 32-bit integer}',
    }),
    seed: int32,
  }),
  draws: z.array(z.int().min(0).max(0xffff_ffff)),
  threads: z.array(z.array(operationSchema)).length(1),
}) as unknown as ZodType<Program>;

/** An operation of a program that passed the schema, with its type. */
export function asTreeBucketOperation(operation: Operation): TreeBucketOperation {
  return operation as unknown as TreeBucketOperation;
}

/** The set-up of a program that passed the schema, with its type. */
export function asTreeBucketSetup(setup: Program['setup']): TreeBucketSetup {
  return setup as unknown as TreeBucketSetup;
}
