/**
 * Compares what a Go sync.Map returned with the specification and with the engine, where nothing is known of its
 * inside.
 *
 * Range is held to its contract. The clause about snapshots is left out: only the classic design keeps it.
 */
import { z } from 'zod';
import { SyncMapSpec } from '../../../models/sync-map/spec.ts';
import { SyncMap } from '../../engines/sync-map/index.ts';
import { ConformInputError } from '../input-error.ts';
import type { Mismatch } from '../mismatch.ts';
import { performCall } from '../sync-map/perform-call.ts';
import type { CallRecord, NestedRecord, RangeCall } from '../sync-map/records.ts';
import type { ResultReplay } from './map-results.ts';
import { parseResultLine } from './result-line.ts';

const k = z.int();
const v = z.int();
const found = v.nullable();

const nestedSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('store'), k, v, at: z.int().min(0) }),
  z.object({ op: z.literal('delete'), k, at: z.int().min(0) }),
]);

const recordSchema: z.ZodType<CallRecord | RangeCall> = z.discriminatedUnion('op', [
  z.object({ op: z.literal('load'), k, r: found }),
  z.object({ op: z.literal('store'), k, v }),
  z.object({ op: z.literal('loadOrStore'), k, v, r: z.tuple([v, z.boolean()]) }),
  z.object({ op: z.literal('loadAndDelete'), k, r: found }),
  z.object({ op: z.literal('delete'), k }),
  z.object({ op: z.literal('swap'), k, v, r: found }),
  z.object({ op: z.literal('compareAndSwap'), k, old: z.int(), v, r: z.boolean() }),
  z.object({ op: z.literal('compareAndDelete'), k, old: z.int(), r: z.boolean() }),
  z.object({ op: z.literal('clear') }),
  z.object({
    op: z.literal('range'),
    stop: z.int().min(1).optional(),
    nested: z.array(nestedSchema).optional(),
    r: z.array(z.tuple([k, v])),
  }),
]);

const headerSchema = z.object({
  kind: z.literal('sync-results'),
  stats: z.object({ ops: z.int().min(0) }),
});

/**
 * Replays a trace of results.
 *
 * @throws ConformInputError for lines that are no records, or too few of them.
 */
export function compareSyncResults(lines: readonly string[], file: string): ResultReplay {
  const header = parseResultLine(headerSchema, lines[0] ?? '', file, 1);
  const comparison = new SyncComparison(file);
  for (const [index, text] of lines.entries()) {
    if (index > 0)
      comparison.compare(parseResultLine(recordSchema, text, file, index + 1), index + 1);
  }
  const records = lines.length - 1;
  if (records !== header.stats.ops) {
    throw new ConformInputError(
      file,
      lines.length,
      `the trace ends with ${records} operations; its header says ${header.stats.ops}`,
    );
  }
  return { records, mismatches: comparison.mismatches };
}

class SyncComparison {
  readonly mismatches: Mismatch[] = [];
  readonly #file: string;
  readonly #spec = new SyncMapSpec<number>(false);
  readonly #engine = new SyncMap<number, number>({ profile: 'go1.23' });
  #line = 0;

  constructor(file: string) {
    this.#file = file;
  }

  compare(record: CallRecord | RangeCall, line: number): void {
    this.#line = line;
    if (record.op === 'range') {
      this.#range(record);
      return;
    }
    const recorded = JSON.stringify('r' in record ? record.r : null);
    const due = JSON.stringify(performCall(this.#spec, record) ?? null);
    const actual = JSON.stringify(performCall(this.#engine, record) ?? null);
    if (recorded !== due) this.#report('r', `${due} by the specification`, recorded);
    if (recorded !== actual) this.#report('r', recorded, `${actual} by the engine`);
  }

  #range(record: RangeCall): void {
    const { stop, nested = [], r: pairs } = record;
    if (nested.length === 0 && stop === undefined) this.#compareContents(pairs);
    const session = this.#spec.openRange();
    for (const [index, [key, value]] of pairs.entries()) {
      const clause = session.report(key, value);
      if (clause !== null && clause !== 'snapshot') {
        this.#report(
          'r',
          `a pair that the contract of Range allows (${clause})`,
          `[${key}, ${value}]`,
        );
      }
      for (const call of nested) if (call.at === index) this.#perform(call);
    }
    const missing = stop === undefined ? session.missing() : [];
    this.#spec.closeRange(session);
    if (missing.length > 0) {
      this.#report(
        'r',
        'every key present from start to end (complete)',
        `none of ${missing.join(', ')}`,
      );
    }
  }

  #perform(call: NestedRecord): void {
    performCall(this.#spec, call);
    performCall(this.#engine, call);
  }

  /** A loop that changes nothing gives what the engine's gives, in whatever order. */
  #compareContents(pairs: RangeCall['r']): void {
    const held: (readonly [number, number])[] = [];
    this.#engine.range((key, value) => {
      held.push([key, value]);
      return true;
    });
    const inOrder = (list: RangeCall['r']): string =>
      JSON.stringify([...list].sort((left, right) => left[0] - right[0]));
    if (inOrder(pairs) !== inOrder(held)) {
      this.#report('r', inOrder(pairs), `${inOrder(held)} by the engine`);
    }
  }

  #report(field: string, expected: string, actual: string): void {
    this.mismatches.push({ file: this.#file, line: this.#line, field, expected, actual });
  }
}
