/** Recording and judging histories of concurrent maps. */
export type { Explanation, ExplainedOperation } from '../core/check/linearize/explain/explain.ts';
export type { HistoryVerdict } from '../core/check/linearize/judge.ts';
export { NEVER } from '../core/check/linearize/history.ts';
export {
  createSmallChecker,
  SMALL_OPERATIONS_MAX,
  type SmallChecker,
  type SmallModel,
} from '../core/check/linearize/small/small-checker.ts';
export { SmallMapHistory } from '../core/check/linearize/small/small-map-history.ts';
export type { HistoryReport } from './judge-stream.ts';
export { judgeHistories, type JudgeTextOptions } from './judge-text.ts';
export { recordMap } from './record-map.ts';
export {
  createSharedClock,
  HistoryRecorder,
  mergeRecordings,
  type CallArguments,
  type MergeOptions,
  type OpenCall,
  type RecorderOptions,
  type Recording,
  type ReturnFields,
} from './recorder.ts';
