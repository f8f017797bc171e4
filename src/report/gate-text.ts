/** The gate's report, for people. */
import type { FamilyResult, GateReport } from '../run/gate.ts';
import type { SuiteResult } from '../run/suites.ts';
import { formatCampaign } from './campaign-text.ts';
import { formatFailure } from './failure-text.ts';
import { formatMapFailure } from './map-failure-text.ts';
import { formatConform } from './conform-text.ts';
import type { Palette } from './palette.ts';
import { formatReplays } from './replay-text.ts';
import { formatCount, formatTable, plural } from './table.ts';

/** Lines of the report, in the order in which the gate works. */
export function formatGate(report: GateReport, palette: Palette): string[] {
  return [
    ...formatReplays('saved regression', report.regressions, palette),
    ...formatReplays('known defect', report.known, palette),
    ...(report.golden === null ? [] : formatConform(report.golden, palette)),
    '',
    ...formatFamilies(report.families, palette),
    ...formatSuites(report.suites, palette),
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

/** A row for each shape of programs, over all start states. */
function formatSuites(suites: readonly SuiteResult[], palette: Palette): string[] {
  if (suites.length === 0) return [];
  const failures = suites.flatMap(({ target, failure }) =>
    failure === null ? [] : formatMapFailure(target, failure, palette),
  );
  const groups = new Map<string, SuiteResult[]>();
  for (const result of suites) {
    const key = JSON.stringify([result.target, result.suite.shape]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const rows = [...groups.values()].map((results) => [
    results[0]!.target,
    results[0]!.suite.shape,
    formatCount(sum(results.map(({ report }) => report.programs))),
    formatCount(sum(results.map(({ report }) => report.classes))),
    conclusionOf(results),
  ]);
  const columns = [
    { title: 'target' },
    { title: 'threads' },
    { title: 'programs', align: 'right' as const },
    { title: 'interleavings', align: 'right' as const },
    { title: '' },
  ];
  return [...failures, ...formatTable(columns, rows), ''];
}

/** What the suites of one shape come to, in words. */
function conclusionOf(results: readonly SuiteResult[]): string {
  if (results.some(({ failure }) => failure !== null)) return 'fails';
  const unfinished = sum(results.map(({ report }) => report.unfinished ?? 0));
  if (unfinished === 0) return 'every one holds';
  return `inconclusive: ${plural(unfinished, 'program')} not explored whole`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
