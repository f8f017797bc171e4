/** The traces a project keeps: regressions, which must hold, and known defects, which must fail as recorded. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAnyTrace, type LoadedTrace } from '../trace/read.ts';
import type { ScheduleTrace } from '../trace/schedule.ts';
import type { Project } from './project.ts';
import type { ReplayReport } from './replay.ts';
import { replaySchedule } from './replay-schedule.ts';
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
 * did not. Traces of interleavings are replayed too, those of program files only where all traces are.
 */
export async function replayFolder(
  folder: string,
  targets: readonly string[] | null,
  project: Pick<Project, 'targets' | 'configFile'>,
  guard: Pick<ReplayGuard, 'hangTimeoutMs'> = {},
): Promise<ReplayReport[]> {
  const isWanted = (target: string | null): boolean =>
    targets === null || (target !== null && targets.includes(target));
  const programs: LoadedTrace[] = [];
  const reports: ReplayReport[] = [];
  for (const loaded of traceFiles(folder).map((file) => readAnyTrace(file, project.targets))) {
    if (!('schedule' in loaded)) {
      if (isWanted(loaded.target.name)) programs.push(loaded);
      continue;
    }
    const { subject } = loaded.schedule;
    if (isWanted('target' in subject ? subject.target : null)) {
      reports.push(await replayInterleaving(loaded.file, loaded.schedule));
    }
  }
  const rest = await replayGuarded(programs, { ...guard, config: project.configFile ?? undefined });
  return [...rest, ...reports];
}

async function replayInterleaving(file: string, trace: ScheduleTrace): Promise<ReplayReport> {
  const { verdict, property, message, shown, divergedAt } = await replaySchedule(trace);
  const { subject, expect, threads } = trace;
  return {
    file,
    target: 'target' in subject ? subject.target : subject.file,
    verdict,
    expect,
    property,
    message,
    steps: shown.steps.map(({ thread, kind, expression, place }) => ({
      thread,
      operation: expression === '' ? kind : expression,
      result: '',
      notes: place === '' ? [] : [place],
    })),
    violation: null,
    divergedAt,
    essence: JSON.stringify([subject, trace.property, threads]),
  };
}

/** Whether a replay came out as its trace expects. */
export function isAsExpected(report: ReplayReport): boolean {
  return report.verdict === report.expect;
}
