/** The tables of `maps.ts`. */
import { PEER } from '../harness/engines.ts';
import type { KeyKind } from '../harness/keys.ts';
import type { Operation } from '../harness/loops.ts';
import { OPERATION_TITLES, OPERATIONS } from '../harness/loops.ts';
import { formatNumber, formatRatio, formatSize, markdownTable } from './markdown.ts';
import type { Spread } from '../harness/statistics.ts';
import type { ValueKind } from '../harness/values.ts';

/** One engine and operation of a cell. */
export interface MapsRow {
  readonly engine: string;
  readonly operation: Operation;
  readonly keys: KeyKind;
  readonly values: ValueKind;
  readonly size: number;
  /** Median over the rounds, for one key or entry. */
  readonly nanoseconds: number;
  /** The native map's time divided by the engine's in the same round: above 1 is faster than the native map. */
  readonly ratio: Spread;
}

/** One table for each engine: ratios to the peer, for the peer itself its nanoseconds. */
export function mapsMarkdown(rows: readonly MapsRow[]): string {
  const engines = unique(rows.map((row) => row.engine));
  const peerFirst = [
    ...engines.filter((name) => name === PEER),
    ...engines.filter((name) => name !== PEER),
  ];
  return peerFirst
    .map((engine) => {
      const own = rows.filter((row) => row.engine === engine);
      const isPeer = engine === PEER;
      const title = isPeer
        ? `Native \`Map\`: nanoseconds for one key or entry`
        : `\`${engine}\`: how many times as fast as the native \`Map\`, median (quartiles) of the rounds`;
      return `${title}\n\n${tableOf(own, isPeer)}`;
    })
    .join('\n');
}

function tableOf(rows: readonly MapsRow[], isPeer: boolean): string {
  const sizes = unique(rows.map((row) => row.size)).sort((left, right) => left - right);
  const kinds = unique(rows.map((row) => `${row.keys} → ${row.values}`));
  const lines = kinds.flatMap((kind) =>
    OPERATIONS.flatMap((operation) => {
      const ofOperation = rows.filter(
        (row) => `${row.keys} → ${row.values}` === kind && row.operation === operation,
      );
      if (ofOperation.length === 0) return [];
      const cells = sizes.map((size) => {
        const row = ofOperation.find((candidate) => candidate.size === size);
        if (row === undefined) return '–';
        if (isPeer) return formatNumber(row.nanoseconds);
        const { median, low, high } = row.ratio;
        return `${formatRatio(median)} (${low.toFixed(2)}–${high.toFixed(2)})`;
      });
      return [[`${kind}, ${OPERATION_TITLES[operation]}`, ...cells]];
    }),
  );
  return markdownTable(['keys → values, operation', ...sizes.map(formatSize)], lines);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
