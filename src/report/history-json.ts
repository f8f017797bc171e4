import type { Explanation } from '../core/check/linearize/explain/explain.ts';
import type { Verdict } from '../core/property.ts';
import type { HistoryReport } from '../history/judge-stream.ts';

/** The `--json` object of `mapcheck history`. */
export function historyJson(
  verdict: Verdict,
  condition: string,
  reports: readonly HistoryReport<Explanation>[],
): unknown {
  return {
    verdict,
    condition,
    histories: reports.map((report) => ({
      file: report.file,
      name: report.header.name,
      verdict: report.verdict,
      operations: report.operations,
      keys: report.keys,
      algorithm: report.algorithm,
      configurations: report.nodeCount,
      elapsedMs: Math.round(report.elapsedMs * 1000) / 1000,
      ...(report.header.expected === null ? {} : { expected: report.header.expected }),
      ...(report.notes.length === 0 ? {} : { notes: report.notes }),
      ...(report.explanation === null ? {} : { explanation: report.explanation }),
    })),
  };
}
