/** The traces a project keeps: regressions, which must hold, and known defects, which must fail as recorded. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace } from '../trace/read.ts';
import type { Project } from './project.ts';
import type { ReplayReport } from './replay.ts';
import { replayGuarded, type ReplayGuard } from './replay-guarded.ts';

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
 * The project has the targets that there are. They run in a thread of their own: code that has changed may hang where it
 * did not.
 */
export function replayFolder(
  folder: string,
  targets: readonly string[] | null,
  project: Pick<Project, 'targets' | 'configFile'>,
  guard: Pick<ReplayGuard, 'hangTimeoutMs'> = {},
): Promise<ReplayReport[]> {
  const traces = traceFiles(folder)
    .map((file) => readTrace(file, project.targets))
    .filter((loaded) => targets === null || targets.includes(loaded.target.name));
  return replayGuarded(traces, { ...guard, config: project.configFile ?? undefined });
}

/** Whether a replay came out as its trace expects. */
export function isAsExpected(report: ReplayReport): boolean {
  return report.verdict === report.expect;
}
