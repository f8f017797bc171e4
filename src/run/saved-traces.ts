/** The traces a project keeps: regressions, which must hold, and known defects, which must fail as recorded. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../core/target.ts';
import { readTrace } from '../trace/read.ts';
import { replayTrace, type ReplayReport } from './replay.ts';

/** Paths of the trace files below a folder, sorted; none where there is no such folder. */
export function traceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
    .toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

/**
 * Replays every trace below a folder whose target is among those named; all of them where `targets` is `null`.
 *
 * `known` are the targets that there are.
 */
export function replayFolder(
  folder: string,
  targets: readonly string[] | null,
  known: readonly Target[],
): ReplayReport[] {
  return traceFiles(folder)
    .map((file) => readTrace(file, known))
    .filter((loaded) => targets === null || targets.includes(loaded.target.name))
    .map(replayTrace);
}

/** Whether a replay came out as its trace expects. */
export function isAsExpected(report: ReplayReport): boolean {
  return report.verdict === report.expect;
}
