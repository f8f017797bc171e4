/** Explores the interleavings of a sync.Map program and judges every class of them. */
import { exploreExhaustively } from '../../../src/core/explore/optimal.ts';
import type {
  ExecutionJudge,
  ExplorationFailure,
  ExplorationReport,
  ExploreOptions,
  FailureKind,
} from '../../../src/core/explore/report.ts';
import {
  exploreSampled,
  type SamplingName,
  type SamplingReport,
} from '../../../src/core/explore/sample/explore-sampled.ts';
import type { Program } from '../../../src/core/program.ts';
import type { SteppedProgram } from '../../../src/core/step.ts';
import { noDeadlock } from '../../../properties/sync-map/concurrent.ts';
import { noPanic } from '../../../properties/sync-map/results.ts';
import { perform } from '../check/calls.ts';
import { SYNC_MAP_RULES, type ProfileName } from '../rules.ts';
import type { EngineMap, SteppedEngine } from './engine.ts';
import { ProgramJudge } from './judge.ts';
import { planOf } from './program.ts';
import { ExecutionRecord } from './record.ts';
import { runThread } from './threads.ts';
import { StateWatcher } from './watcher.ts';

export interface MapProgramOptions {
  /** Default `go1.23`, the profile of the target `sync-map`. */
  readonly profile?: ProfileName;
  /** Whether state rules and refinement are judged too, beside what callers see. Default true. */
  readonly watchesState?: boolean;
}

/** A program bound to an engine: what the explorer runs, and the judge of its executions. */
export interface BoundProgram {
  readonly program: SteppedProgram<EngineMap>;
  readonly judge: ExecutionJudge;
}

/** Binds a program to a steppable engine. */
export function bindMapProgram(
  program: Program,
  engine: SteppedEngine,
  options: MapProgramOptions = {},
): BoundProgram {
  const { profile = 'go1.23', watchesState = true } = options;
  const plan = planOf(program);
  const record = new ExecutionRecord(plan);
  const watcher = watchesState ? new StateWatcher(SYNC_MAP_RULES[profile]) : null;
  const setup = (): EngineMap => {
    record.reset();
    const map = new engine.SyncMap<unknown, unknown>({ profile });
    for (const { name, call } of plan.start) {
      if (name === 'range') map.range(() => true);
      else perform(map, call);
    }
    watcher?.start(map);
    return map;
  };
  const threads = plan.threads.map(
    (operations, thread) => (map: EngineMap) =>
      runThread(engine, map, operations, record.threads[thread]!, watcher),
  );
  return { program: { setup, threads }, judge: new ProgramJudge(plan, record, watcher) };
}

/** Explores all interleavings of a program, one of each class, up to the first failure. */
export function exploreMapProgram(
  program: Program,
  engine: SteppedEngine,
  options: MapProgramOptions & ExploreOptions = {},
): ExplorationReport {
  const bound = bindMapProgram(program, engine, options);
  return named(exploreExhaustively(bound.program, { ...options, judge: bound.judge }));
}

/** Explores some interleavings of a program. `seed` and `strategy` as `exploreSampled` takes them. */
export function sampleMapProgram(
  program: Program,
  engine: SteppedEngine,
  options: MapProgramOptions & {
    readonly seed: string;
    readonly schedules: number;
    readonly strategy?: SamplingName;
  },
): SamplingReport {
  const bound = bindMapProgram(program, engine, options);
  return named(exploreSampled(bound.program, { ...options, judge: bound.judge }));
}

/** The property of this map that a failure found by the explorer itself violates. */
export function syncMapPropertyOf(kind: FailureKind): string {
  if (kind === 'assertion') return noPanic.name;
  return kind === 'deadlock' ? noDeadlock.name : kind;
}

/** Gives failures that the explorer itself finds the names of this map's properties. */
function namedFailure(failure: ExplorationFailure): ExplorationFailure {
  const { kind, property } = failure;
  return property === kind ? { ...failure, property: syncMapPropertyOf(kind) } : failure;
}

function named<R extends ExplorationReport>(report: R): R {
  return report.failure === null ? report : { ...report, failure: namedFailure(report.failure) };
}
