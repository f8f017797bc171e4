import type { Target } from '../core/target.ts';
import { campaignJson } from '../report/campaign-json.ts';
import { formatCampaign } from '../report/campaign-text.ts';
import { campaignSuites, replaySuite } from '../report/document.ts';
import { formatReplays } from '../report/replay-text.ts';
import type { CampaignReport } from '../run/campaign.ts';
import type { ReplayReport } from '../run/replay.ts';
import { propertiesOf, type ReportDocument } from './reporters.ts';

/** A campaign in every form that a reporter writes: the same for one that was run and one that was merged. */
export function campaignDocument(
  report: CampaignReport,
  regressions: readonly ReplayReport[],
  targets: readonly Target[],
): ReportDocument {
  return {
    verdict: report.verdict,
    suites: [
      ...(regressions.length === 0 ? [] : [replaySuite('saved regressions', regressions)]),
      ...campaignSuites(report, targets),
    ],
    properties: propertiesOf(targets),
    json: campaignJson(report, regressions),
    lines: (palette) => [
      ...formatReplays('saved regression', regressions, palette),
      ...formatCampaign(report, palette),
    ],
  };
}
