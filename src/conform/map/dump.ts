/**
 * Compares the layout in a dump line with the layout of the engine.
 */
import {
  CELLS_PER_BUCKET,
  EMPTY_REST,
  type MapView,
  type TableView,
} from '../../engines/go-map/inspection.ts';
import type { KeyText } from './key-text.ts';
import type { ChainRecord, DumpRecord, LayoutRecord } from './records.ts';

/** Takes one difference: field, what Go had, what the engine has. */
export type Report = (field: string, expected: unknown, actual: unknown) => void;

/** One bucket as a dump line has it. */
interface BucketShape {
  readonly t: number[];
  readonly k: (string | null)[];
  readonly v: unknown[];
}

function shapeOf(table: TableView, bucket: number, keys: KeyText): BucketShape {
  const shape: BucketShape = { t: [], k: [], v: [] };
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    const value = table.value(bucket, cell) ?? null;
    shape.t.push(table.tophash(bucket, cell));
    shape.k.push(keys.show(table.key(bucket, cell), value));
    shape.v.push(value);
  }
  return shape;
}

function isBlank(table: TableView, bucket: number): boolean {
  if (table.overflow(bucket) >= 0) return false;
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    if (table.tophash(bucket, cell) !== EMPTY_REST) return false;
  }
  return true;
}

function chainOf(table: TableView, main: number): number[] {
  const chain: number[] = [];
  for (let bucket = main; bucket >= 0; bucket = table.overflow(bucket)) chain.push(bucket);
  return chain;
}

function compareList(
  field: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
  report: Report,
): void {
  if (JSON.stringify(expected) !== JSON.stringify(actual)) report(field, expected, actual);
}

function compareChain(
  field: string,
  expected: ChainRecord,
  table: TableView,
  main: number,
  keys: KeyText,
  report: Report,
): void {
  if (expected === 0 || isBlank(table, main)) {
    const actual = isBlank(table, main) ? 'a blank bucket' : 'a bucket in use';
    if ((expected === 0) !== isBlank(table, main)) {
      report(field, expected === 0 ? 'a blank bucket' : 'a bucket in use', actual);
    }
    return;
  }
  const chain = chainOf(table, main);
  if (chain.length !== expected.length) {
    report(`${field}.length`, expected.length, chain.length);
  }
  for (let position = 0; position < Math.min(chain.length, expected.length); position++) {
    const shape = shapeOf(table, chain[position]!, keys);
    const recorded = expected[position]!;
    const place = `${field}[${position}]`;
    compareList(`${place}.t`, recorded.t, shape.t, report);
    if (recorded.k !== undefined) compareList(`${place}.k`, recorded.k, shape.k, report);
    compareList(`${place}.v`, recorded.v, shape.v, report);
  }
}

function chainRecord(layout: Exclude<LayoutRecord, null>, bucket: number): ChainRecord {
  return (layout as Readonly<Record<number, ChainRecord>>)[bucket] ?? 0;
}

function compareLayout(
  field: string,
  expected: LayoutRecord,
  table: TableView | null,
  keys: KeyText,
  report: Report,
): void {
  if (expected === null || table === null) {
    if (expected !== null || table !== null) {
      report(field, expected === null ? null : 'buckets', table === null ? null : 'buckets');
    }
    return;
  }
  if (Array.isArray(expected) && expected.length !== table.bucketCount) {
    report(`${field}.length`, expected.length, table.bucketCount);
    return;
  }
  for (let bucket = 0; bucket < table.bucketCount; bucket++) {
    compareChain(`${field}[${bucket}]`, chainRecord(expected, bucket), table, bucket, keys, report);
  }
}

/** Compares a whole dump. Cost: one pass over all buckets. */
export function compareDump(
  record: DumpRecord,
  view: MapView,
  keys: KeyText,
  report: Report,
): void {
  compareLayout('dump.buckets', record.dump.buckets, view.buckets, keys, report);
  compareLayout('dump.old', record.dump.old, view.oldBuckets, keys, report);
}
