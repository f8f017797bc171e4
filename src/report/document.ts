/** What was checked and what came of it, in the one shape that JUnit, SARIF and GitHub reports are written from. */
import type { Verdict } from '../core/property.ts';
import type { StepRecord, Target } from '../core/target.ts';
import type { ConformReport } from '../conform/conform.ts';
import type { CampaignReport, TargetReport } from '../run/campaign.ts';
import type { FailureReport } from '../run/failure.ts';
import type { FamilyResult } from '../run/gate.ts';
import type { ReplayReport } from '../run/replay.ts';
import { isAsExpected } from '../run/saved-traces.ts';
import { traceEssence } from '../trace/write.ts';
import { formatConform } from './conform-text.ts';
import { formatFailure, formatViolation } from './failure-text.ts';
import { PLAIN } from './palette.ts';

/** One thing that was checked. */
export interface CheckCase {
  /** The property, or the file of a saved trace. */
  readonly name: string;
  readonly failure: CheckFailure | null;
  /** Set where the question got no answer, which is neither a failure nor a success. */
  readonly undecided?: Undecided;
}

/** Why there is no answer. */
export interface Undecided {
  readonly verdict: 'inconclusive' | 'nondeterministic';
  readonly message: string;
}

/** A step of a failure, with its place in the source where it has one. */
export interface CheckStep extends StepRecord {
  /** `file:line:column`, lines and columns from 1. */
  readonly place?: string;
}

export interface CheckFailure {
  readonly property: string;
  readonly message: string;
  /** The whole failure as text: table, state, replay command. */
  readonly text: string;
  /** Path of the trace, or `null` where it could not be written. */
  readonly trace: string | null;
  readonly steps: readonly CheckStep[];
  /** What makes it this failure and no other, as text: equal for equal traces, wherever they are kept. */
  readonly essence: string;
}

/** The checks of one target, or of one folder of saved traces. */
export interface CheckSuite {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly cases: readonly CheckCase[];
}

/** A suite for each target of a campaign, a case for each property. */
export function campaignSuites(report: CampaignReport, targets: readonly Target[]): CheckSuite[] {
  return report.targets.map((result) => {
    const target = targets.find((candidate) => candidate.name === result.target)!;
    return {
      name: result.target,
      facts: {
        seed: report.seed,
        digest: report.digest,
        runs: String(result.runs),
        operations: String(result.operations),
      },
      cases: [
        ...propertyNames(target, result).map((name) => {
          const failure = result.failures.find((candidate) => candidate.property === name);
          if (failure === undefined) return { name, failure: null };
          return { name, failure: checkFailure(result.target, failure) };
        }),
        ...undecidedCases(result.verdict),
      ],
    };
  });
}

/** The target's properties, and any other name that a failure came under. */
function propertyNames(target: Target, result: TargetReport): string[] {
  const names = target.properties.map(({ name }) => name);
  return [...new Set([...names, ...result.failures.map(({ property }) => property)])];
}

function checkFailure(target: string, failure: FailureReport): CheckFailure {
  const { property, message, trace, steps, savedTrace } = failure;
  return {
    property,
    message,
    text: formatFailure(target, failure, PLAIN).join('\n'),
    trace,
    steps,
    essence: traceEssence(savedTrace),
  };
}

/** A case for an answer that is neither, or nothing where there is an answer. */
export function undecidedCases(verdict: Verdict): CheckCase[] {
  if (verdict === 'holds' || verdict === 'fails') return [];
  const message =
    verdict === 'inconclusive'
      ? 'The work ended before the answer.'
      : 'A program came out differently when it was run twice, so no verdict means anything.';
  return [{ name: 'verdict', failure: null, undecided: { verdict, message } }];
}

/** One suite of saved traces, a case for each file. */
export function replaySuite(name: string, replays: readonly ReplayReport[]): CheckSuite {
  return {
    name,
    facts: {},
    cases: replays.map((replay) => {
      if (isAsExpected(replay)) return { name: replay.file, failure: null };
      const { property, file, steps, essence } = replay;
      const message =
        replay.expect === 'fails'
          ? `The known defect ${property} no longer shows: the trace was expected to fail, and holds.`
          : replay.message;
      const text = formatViolation(replay.violation, steps).join('\n');
      return { name: file, failure: { property, message, text, trace: file, steps, essence } };
    }),
  };
}

/** A suite for each target whose small programs were run exhaustively, a case for each family. */
export function familySuites(families: readonly FamilyResult[]): CheckSuite[] {
  const names = [...new Set(families.map(({ target }) => target))];
  return names.map((name) => ({
    name: `${name}, exhaustively`,
    facts: {},
    cases: families
      .filter(({ target }) => target === name)
      .map(({ report, failure }) => {
        if (failure === null) return { name: report.family, failure: null };
        return { name: report.family, failure: checkFailure(name, failure) };
      }),
  }));
}

/** One suite of the recordings of the real Go runtime. */
export function conformSuite(report: ConformReport): CheckSuite {
  const first = report.mismatches[0];
  const failure: CheckFailure | null =
    first === undefined
      ? null
      : {
          property: 'conform',
          message: `${first.file}:${first.line}: ${first.field}: Go had ${first.expected}, the engine ${first.actual}`,
          text: formatConform(report, PLAIN).join('\n'),
          trace: first.file,
          steps: [],
          essence: JSON.stringify(['conform', first.file, first.line, first.field]),
        };
  return {
    name: 'recordings of Go',
    facts: { records: String(report.records), dumps: String(report.dumps) },
    cases: [{ name: 'the engines do what Go did', failure }],
  };
}
