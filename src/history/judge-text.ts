/** Judges histories that are at hand as text. */
import { DEFAULT_CONTRACTS } from '../core/check/linearize/contracts.ts';
import { explain, type Explanation } from '../core/check/linearize/explain/explain.ts';
import type { Condition } from '../core/check/linearize/conditions/condition.ts';
import type { JudgeOptions } from '../core/check/linearize/judge.ts';
import { JudgeStream, type HistoryReport } from './judge-stream.ts';

export interface JudgeTextOptions extends JudgeOptions {
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
  const { condition = 'linearizable', file = 'history', ...judging } = options;
  const reports: HistoryReport<Explanation>[] = [];
  const stream = new JudgeStream<Explanation>({
    file,
    condition,
    judging,
    now: () => performance.now(),
    explain: (history, judgement) =>
      condition === 'linearizable'
        ? explain(history, judgement, judging.contracts ?? DEFAULT_CONTRACTS)
        : null,
    onReport: (report) => reports.push(report),
  });
  stream.push(new TextEncoder().encode(text));
  stream.end();
  return reports;
}
