/** The page of a journal: how far the campaign came, what it reached, what it found. */
import type { JournalSummary, TargetSummary } from '../../run/journal/summary.ts';
import { formatCount } from '../table.ts';
import type { PageDocument, PageRun, PageTable } from './document.ts';

/** The page of the journals of one campaign, or of several. */
export function journalPage(path: string, journals: readonly JournalSummary[]): PageDocument {
  return {
    title: `journal ${path}`,
    tables: [
      {
        title: 'Shards',
        columns: ['journal', 'seed', 'shard', 'runs asked for', 'tickets done', 'state'],
        rows: journals.map(({ path: file, header, tickets, end }) => [
          file,
          JSON.stringify(header.plan.seed),
          `${header.shard.index}/${header.shard.count}`,
          header.plan.runs === null ? 'by time' : formatCount(header.plan.runs),
          formatCount(tickets),
          end === null ? 'not complete' : `complete: ${end}`,
        ]),
      },
      {
        title: 'Targets',
        columns: ['shard', 'target', 'runs', 'operations', 'failed runs', 'lost runs'],
        rows: eachTarget(journals, ({ target, runs, operations, failedRuns, lostRuns }) => [
          target,
          ...[runs, operations, failedRuns, lostRuns].map(formatCount),
        ]),
      },
      counts('Rare branches', 'branch', journals, (target) => target.coverage),
      counts('Known defects', 'defect', journals, (target) => target.known),
    ].filter(({ rows }) => rows.length > 0),
    runs: journals.flatMap((journal) => journal.targets.flatMap(failures)),
  };
}

function eachTarget(
  journals: readonly JournalSummary[],
  row: (target: TargetSummary) => readonly string[],
): string[][] {
  return journals.flatMap(({ header, targets }) =>
    targets.map((target) => [`${header.shard.index}/${header.shard.count}`, ...row(target)]),
  );
}

function counts(
  title: string,
  column: string,
  journals: readonly JournalSummary[],
  of: (target: TargetSummary) => ReadonlyMap<string, number>,
): PageTable {
  const rows = journals.flatMap(({ header, targets }) =>
    targets.flatMap((target) =>
      [...of(target)].map(([name, count]) => [
        `${header.shard.index}/${header.shard.count}`,
        target.target,
        name,
        formatCount(count),
      ]),
    ),
  );
  return { title, columns: ['shard', 'target', column, 'times'], rows };
}

function failures({ target, violations }: TargetSummary): PageRun[] {
  return [...violations.values()].map(({ run, program, violation }) => ({
    title: target,
    verdict: 'fails',
    property: violation.property,
    message: [violation.message],
    facts: [
      ['run', String(run)],
      ['expected', violation.expected],
      ['actual', violation.actual],
      ...(violation.known === null ? [] : [['known defect', violation.known] as const]),
    ],
    isSequential: true,
    steps: [],
    orderings: [],
    blocks: [
      { title: 'State around the fault', lines: violation.state },
      {
        title: 'Program, as it was found',
        lines: program.threads.flatMap((operations) =>
          operations.map((operation) => JSON.stringify(operation)),
        ),
      },
    ],
  }));
}
