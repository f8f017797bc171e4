/** The shape of sync.Map programs in files. */
import { z } from 'zod';
import type { ZodType } from 'zod';
import type { Operation, Program } from '../../src/core/program.ts';
import { valueTokenSchema } from '../value-token.ts';
import type { OperationName, SyncMapRules } from './rules.ts';
import { KEY_KINDS, ORDER_KINDS } from './setup.ts';

/** How deep ranges may be nested in ranges. */
export const NESTING_MAX = 3;

const k = valueTokenSchema;
const v = valueTokenSchema;
const old = valueTokenSchema;

/** Arguments of each operation but `range`. */
const SHAPES: Record<Exclude<OperationName, 'range'>, z.ZodRawShape> = {
  load: { k },
  store: { k, v },
  loadOrStore: { k, v },
  loadAndDelete: { k },
  delete: { k },
  swap: { k, v },
  compareAndSwap: { k, old, v },
  compareAndDelete: { k, old },
  clear: {},
};

const at = z
  .int({ error: 'expected the 0-based index of the pair during which this is done' })
  .min(0);
const stop = z
  .int({ error: 'expected the number of pairs, 1 or more, after which the range is ended' })
  .min(1);

function operationSchema(rules: SyncMapRules, depth: number, extra: z.ZodRawShape): ZodType {
  const shapes = rules.operations
    .filter((name) => name !== 'range' || depth > 0)
    .map((name) =>
      z.strictObject({ op: z.literal(name), ...shapeOf(rules, name, depth), ...extra }),
    );
  const names = rules.operations.join(', ');
  const [first, ...others] = shapes;
  return z.discriminatedUnion('op', [first!, ...others], {
    error: (issue) =>
      depth === 0 && (issue.input as { op?: unknown } | null)?.op === 'range'
        ? `ranges are nested at most ${NESTING_MAX} deep`
        : `expected one of ${names} (profile ${rules.profile})`,
  });
}

function shapeOf(rules: SyncMapRules, name: OperationName, depth: number): z.ZodRawShape {
  if (name !== 'range') return SHAPES[name];
  const nested = z.array(operationSchema(rules, depth - 1, { at }));
  return { stop: stop.optional(), nested: nested.optional() };
}

/** The schema of programs for a profile. */
export function programSchema(rules: SyncMapRules): ZodType<Program> {
  const operation = operationSchema(rules, NESTING_MAX + 1, {}) as ZodType<Operation>;
  const schema = z.strictObject({
    setup: z.strictObject({ keys: z.enum(KEY_KINDS), order: z.enum(ORDER_KINDS) }),
    draws: z.array(z.int().min(0).max(0xffff_ffff)),
    threads: z.array(z.array(operation)).length(1, {
      error: 'a sequential program has exactly one list of operations',
    }),
  });
  return schema;
}

/** The schema of programs of several threads for a profile. */
export function concurrentSchema(rules: SyncMapRules): ZodType<Program> {
  const operation = operationSchema(rules, 1, {}) as ZodType<Operation>;
  return z.strictObject({
    setup: z.strictObject({
      keys: z.literal('sameValueZero'),
      order: z.literal('insertion'),
      start: z.array(operation),
    }),
    draws: z.array(z.int().min(0).max(0xffff_ffff)).length(0),
    threads: z.array(z.array(operation)).min(1).max(31),
  }) as never;
}
