/** The shape of programs for a map of the user's own, as they stand in traces. */
import { z } from 'zod';
import type { ZodType } from 'zod';
import type { Program } from '../../src/core/program.ts';
import { valueTokenSchema } from '../value-token.ts';
import type { OwnMap } from './own-map.ts';

/** Longest run of keys, and most steps, that one operation may ask for. */
const COUNT_MAX = 2_000;

const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const count = z.int().min(0).max(COUNT_MAX);
const keyRun = { from: int32, count, stride: z.int().min(1).max(65_536) };
const k = { k: valueTokenSchema };
const v = { v: valueTokenSchema };
const old = { old: valueTokenSchema };
const it = { it: z.int().min(0).max(7) };

/** Arguments of every operation but those that hold others. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, ZodType>>>> = {
  get: k,
  set: { ...k, ...v },
  has: k,
  delete: k,
  clear: {},
  size: {},
  peek: k,
  entries: {},
  keys: {},
  values: {},
  load: k,
  store: { ...k, ...v },
  loadOrStore: { ...k, ...v },
  loadAndDelete: k,
  swap: { ...k, ...v },
  compareAndSwap: { ...k, ...old, ...v },
  compareAndDelete: { ...k, ...old },
};

/** Operations that stand for others, and the ones that the map needs for them. */
const COMPOUND: readonly {
  readonly op: string;
  readonly needs: readonly string[];
  readonly shape: Readonly<Record<string, ZodType>>;
}[] = [
  { op: 'fill', needs: ['set', 'store'], shape: { ...keyRun, v: int32 } },
  { op: 'drain', needs: ['delete'], shape: keyRun },
];

/** Accepts exactly the programs of one target. */
export function programSchemaOf(map: OwnMap): ZodType<Program> {
  const has = (name: string): boolean => name in map.operations;
  const simple: z.ZodObject[] = [
    ...Object.keys(ARGUMENTS)
      .filter(has)
      .map((op) => z.strictObject({ op: z.literal(op), ...ARGUMENTS[op] })),
    ...COMPOUND.filter(({ needs }) => needs.some(has)).map(({ op, shape }) =>
      z.strictObject({ op: z.literal(op), ...shape }),
    ),
  ];
  const at = z.int().min(0);
  const inner = {
    nested: z
      .array(z.discriminatedUnion('op', simple.map((shape) => shape.extend({ at })) as never))
      .optional(),
  };
  const nested = map.hasNestedOperations ? inner : {};
  const all = [...simple];
  if (map.model === 'persistent-map') {
    all.push(z.strictObject({ op: z.literal('version'), back: z.int().min(0).max(64) }));
  }
  if (has('forEach')) {
    // Without a promise about changes meanwhile there is nothing to hold a loop with changes to.
    all.push(z.strictObject({ op: z.literal('forEach'), ...nested }));
  }
  if (has('range')) {
    const stop = map.hasNestedOperations ? { stop: z.int().min(1).optional() } : {};
    all.push(z.strictObject({ op: z.literal('range'), ...nested, ...stop }));
  }
  if (map.hasLiveIterators) {
    const kind = z.enum(['keys', 'values', 'entries']);
    all.push(z.strictObject({ op: z.literal('iterate'), ...it, kind }));
    all.push(z.strictObject({ op: z.literal('next'), ...it, count }));
  }
  const schema: unknown = z.strictObject({
    setup: z.strictObject({ map: z.record(z.string(), z.json()), checks: z.enum(['each', 'end']) }),
    draws: z.array(z.int().min(0).max(0xffff_ffff)),
    threads: z.array(z.array(z.discriminatedUnion('op', all as never))).length(1),
  });
  return schema as ZodType<Program>;
}
