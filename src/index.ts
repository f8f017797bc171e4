/**
 * The programmatic surface of mapcheck: targets, campaigns, replay, traces, histories.
 *
 * The maps have entry points of their own: `mapcheck/go-map`, `mapcheck/sync-map`, `mapcheck/tree-bucket-map`.
 */
export type {
  ConcurrentMapOperations,
  CreateContext,
  IterationOrder,
  MapOperations,
  ModelName,
  OperationOverrides,
  OwnProperty,
  TargetDefinition,
} from '../models/own-map/definition.ts';
export { defineTarget } from '../models/own-map/define-target.ts';
export {
  defineProcessTarget,
  type ProcessTargetDefinition,
} from './process/define-process-target.ts';
export { builtInTargets, defaultTargetNames } from '../models/targets.ts';
export {
  defineConfig,
  type CiConfig,
  type ExploreConfig,
  type MapcheckConfig,
} from './config/schema.ts';
export type { Budget } from './core/check/linearize/budget.ts';
export type { HistoryModel } from './core/check/linearize/history.ts';
export type { Algorithm } from './core/check/linearize/judge.ts';
export { UsageError, ModelError, InternalError } from './core/errors.ts';
export type { ErrorDetails } from './core/errors.ts';
export { exploreFamily, type FamilyReport } from './core/explore/sequences.ts';
export type { Json, Operation, Program } from './core/program.ts';
export type { Property, Verdict, Violation } from './core/property.ts';
export { shrinkProgram, type ShrinkOptions, type ShrinkResult } from './core/shrink/shrink.ts';
export type {
  ExecuteOptions,
  Outcome,
  ProgramFamily,
  StepListener,
  StepRecord,
  Target,
  TargetInterleavings,
} from './core/target.ts';
export {
  createSharedClock,
  createSmallChecker,
  HistoryRecorder,
  judgeHistories,
  mergeRecordings,
  NEVER,
  recordMap,
  SMALL_OPERATIONS_MAX,
  SmallMapHistory,
  type CallArguments,
  type ExplainedOperation,
  type Explanation,
  type HistoryReport,
  type HistoryVerdict,
  type JudgeTextOptions,
  type MergeOptions,
  type OpenCall,
  type RecorderOptions,
  type Recording,
  type ReturnFields,
  type SmallChecker,
  type SmallModel,
} from './history/index.ts';
export type { HistoryHeader } from './history/header.ts';
export {
  runCampaign,
  type CampaignOptions,
  type CampaignReport,
  type TargetReport,
} from './run/campaign.ts';
export type { FailureReport } from './run/failure.ts';
export type { Shard } from './run/plan.ts';
export type { Recovery } from './run/pool.ts';
export type { FoundViolation, LostRuns, TicketResult } from './run/ticket.ts';
export type { CampaignPlan } from './run/plan.ts';
export { defineProgram, type ProgramDefinition } from './program/define-program.ts';
export { replayTrace, type ReplayReport } from './run/replay.ts';
export type { Trace } from './trace/format.ts';
export { parseTrace, readTrace, type LoadedTrace } from './trace/read.ts';
export { formatTrace, writeTrace } from './trace/write.ts';
