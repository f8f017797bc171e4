/** The measuring process of `../pauses.ts`: every single insertion of a growing map, timed. */
import { answerParent } from '../harness/child-process.ts';
import { findEngine } from '../harness/engines.ts';
import { makeKeys } from '../harness/keys.ts';
import { compileLoop } from '../harness/loops.ts';
import { collectGarbage } from '../harness/memory.ts';
import type { ValueKind } from '../harness/values.ts';
import { VALUE_SOURCES } from '../harness/values.ts';

/** What one process measures: integer keys. */
export interface PausesRequest {
  readonly engine: string;
  readonly values: ValueKind;
  readonly size: number;
  /** Identical runs. */
  readonly runs: number;
}

/**
 * What it found, in nanoseconds of wall time.
 *
 * The first group is of the least time over the runs, insertion by insertion: what the structure needs each time, while
 * interruptions from outside, which hit different insertions in each run, drop out.
 */
export interface PausesResult {
  readonly worst: number;
  readonly second: number;
  readonly p9999: number;
  readonly p999: number;
  readonly median: number;
  /** The longest insertion of each run, interruptions and all. */
  readonly rawWorst: readonly number[];
  /** The whole of each run. */
  readonly totals: readonly number[];
}

type TimedInsertion = (keys: Int32Array, times: Float32Array, now: () => number) => object;

async function timedInsertion(request: PausesRequest): Promise<TimedInsertion> {
  const engine = findEngine(request.engine);
  const body = `  const map = ${engine.dialect.create};
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    const value = ${VALUE_SOURCES[request.values].inserted};
    const start = now();
    ${engine.dialect.set};
    times[index] = (now() - start) * 1e6;
  }
  return map;`;
  const about = `${request.engine}, single insertions, ${request.values} values`;
  return compileLoop(about, 'keys, times, now', body, await engine.load()) as TimedInsertion;
}

await answerParent(async (request: PausesRequest): Promise<PausesResult> => {
  const insert = await timedInsertion(request);
  const keys = makeKeys('int', 0, request.size) as Int32Array;
  const times = new Float32Array(request.size);
  const best = new Float32Array(request.size).fill(Number.POSITIVE_INFINITY);
  const now = (): number => performance.now();
  const rawWorst: number[] = [];
  const totals: number[] = [];
  insert(keys.slice(0, 50_000), times, now);
  for (let run = 0; run < request.runs; run++) {
    collectGarbage();
    const start = now();
    insert(keys, times, now);
    totals.push((now() - start) * 1e6);
    let worst = 0;
    for (let index = 0; index < times.length; index++) {
      worst = Math.max(worst, times[index]!);
      best[index] = Math.min(best[index]!, times[index]!);
    }
    rawWorst.push(worst);
  }
  best.sort();
  const at = (share: number): number =>
    best[Math.min(best.length - 1, Math.floor(best.length * share))]!;
  return {
    worst: best.at(-1)!,
    second: best.at(-2)!,
    p9999: at(0.9999),
    p999: at(0.999),
    median: at(0.5),
    rawWorst,
    totals,
  };
});
