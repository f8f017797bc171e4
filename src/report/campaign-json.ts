import type { CampaignReport } from '../run/campaign.ts';
import type { ReplayReport } from '../run/replay.ts';
import { isAsExpected } from '../run/saved-traces.ts';

/** The JSON of `mapcheck run --json`. */
export function campaignJson(
  report: CampaignReport,
  regressions: readonly ReplayReport[],
): unknown {
  return {
    verdict: report.verdict,
    seed: report.seed,
    digest: report.digest,
    targets: report.targets.map((target) => ({
      target: target.target,
      verdict: target.verdict,
      runs: target.runs,
      operations: target.operations,
      steps: target.steps,
      interleavings: target.interleavings,
      coverage: target.coverage,
      notReached: target.notReached,
      known: target.known,
      // Runs given up because the worker died of them; there are none in a campaign that is complete.
      ...(target.lostRuns === 0 ? {} : { lostRuns: target.lostRuns, lost: target.lost }),
      failures: [
        ...target.failures.map((failure) => ({
          property: failure.property,
          message: failure.message,
          trace: failure.trace,
          run: failure.run,
          operations: failure.operationsLeft,
          // A trace that could not be written stands here instead, so that nothing found is lost.
          ...(failure.trace === null
            ? { writeError: failure.writeError, unsavedTrace: failure.savedTrace }
            : {}),
        })),
        ...regressions
          .filter((replay) => replay.target === target.target && !isAsExpected(replay))
          .map(({ property, message, file }) => ({ property, message, trace: file })),
      ],
    })),
  };
}
