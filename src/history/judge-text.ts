/** Judges histories that are at hand as text. */
import { explain, type Explanation } from '../core/check/linearize/explain/explain.ts';
import type { Condition } from '../core/check/linearize/conditions/condition.ts';
import type { JudgeOptions } from '../core/check/linearize/judge.ts';
import { JudgeStream, type HistoryReport } from './judge-stream.ts';

export interface JudgeTextOptions extends Omit<JudgeOptions, 'contracts'> {
  /** Promises of operations that overrule those of the header, as in `{ range: 'snapshot' }`. */
  readonly promises?: Readonly<Record<string, string>>;
  /** `linearizable` unless given. */
  readonly condition?: Condition;
  /** What errors call the text; `history` unless given. */
  readonly file?: string;
}

/**
 * The verdict on each history of a text in the format of `mapcheck history`, failing ones explained.
 *
 * @throws UsageError E-HISTORY-… with the line, for a text that is no history.
 */
export function judgeHistories(
  text: string,
  options: JudgeTextOptions = {},
): HistoryReport<Explanation>[] {
  const { condition = 'linearizable', file = 'history', promises = {}, ...judging } = options;
  const reports: HistoryReport<Explanation>[] = [];
  const stream = new JudgeStream<Explanation>({
    file,
    condition,
    judging,
    promises,
    now: () => performance.now(),
    explain: (history, judgement, contracts) =>
      condition === 'linearizable' ? explain(history, judgement, contracts) : null,
    onReport: (report) => reports.push(report),
  });
  stream.push(new TextEncoder().encode(text));
  stream.end();
  return reports;
}
