import type { GateReport } from '../run/gate.ts';
import type { ReplayReport } from '../run/replay.ts';
import { campaignJson } from './campaign-json.ts';

/** The JSON of `mapcheck ci --json`. */
export function gateJson(report: GateReport): unknown {
  return {
    verdict: report.verdict,
    regressions: report.regressions.map(replayJson),
    known: report.known.map(replayJson),
    golden: report.golden,
    exhaustive: report.families.map(({ target, report: family, failure }) => ({
      target,
      family: family.family,
      programs: family.programs,
      operations: family.operations,
      failure:
        failure === null
          ? null
          : { property: failure.property, message: failure.message, trace: failure.trace },
    })),
    interleavings: report.suites.map(({ target, report: suite, failure }) => ({
      target,
      suite: suite.suite,
      programs: suite.programs,
      executions: suite.classes,
      steps: suite.steps,
      failure:
        failure === null
          ? null
          : { property: failure.property, message: failure.message, trace: failure.trace },
    })),
    campaign: campaignJson(report.campaign, []),
  };
}

function replayJson(replay: ReplayReport): unknown {
  const { file, property, verdict, expect, message } = replay;
  return { trace: file, property, verdict, expect, message };
}
