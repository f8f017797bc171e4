/** The gate's report, for people. */
import type { FamilyResult, GateReport } from '../run/gate.ts';
import { formatCampaign } from './campaign-text.ts';
import { formatFailure } from './failure-text.ts';
import { formatConform } from './conform-text.ts';
import type { Palette } from './palette.ts';
import { formatReplays } from './replay-text.ts';
import { formatCount, formatTable } from './table.ts';

/** Lines of the report, in the order in which the gate works. */
export function formatGate(report: GateReport, palette: Palette): string[] {
  return [
    ...formatReplays('saved regression', report.regressions, palette),
    ...formatReplays('known defect', report.known, palette),
    ...(report.golden === null ? [] : formatConform(report.golden, palette)),
    '',
    ...formatFamilies(report.families, palette),
    ...formatCampaign(report.campaign, palette),
  ];
}

function formatFamilies(families: readonly FamilyResult[], palette: Palette): string[] {
  if (families.length === 0) return [];
  const failures = families.flatMap(({ target, failure }) =>
    failure === null ? [] : formatFailure(target, failure, palette),
  );
  const rows = families.map(({ target, report, failure }) => [
    target,
    report.family,
    formatCount(report.programs),
    formatCount(report.operations),
    failure === null ? 'every one holds' : 'fails',
  ]);
  const columns = [
    { title: 'target' },
    { title: 'exhaustive family' },
    { title: 'programs', align: 'right' as const },
    { title: 'operations', align: 'right' as const },
    { title: '' },
  ];
  return [...failures, ...formatTable(columns, rows), ''];
}
