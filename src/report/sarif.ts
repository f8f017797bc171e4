/** SARIF 2.1.0: a result for each failure, its steps as a code flow with a thread flow for each modelled thread. */
import type { Invocation, Location, Log, ReportingDescriptor, Result, ThreadFlow } from 'sarif';
import type { Property } from '../core/property.ts';
import type { CheckCase, CheckFailure, CheckStep, CheckSuite } from './document.ts';

/** GitHub shows at most so many locations of a result. */
const LOCATIONS_MAX = 1_000;

/** What a log says beside the results. */
export interface SarifContext {
  /** The rules that were checked; rules that results name and that are not among them are added by name. */
  readonly properties: readonly Property[];
  /** mapcheck's own version. */
  readonly version: string;
  /** A digest of a text that does not change, such as its SHA-256. */
  readonly digest: (text: string) => string;
}

/** The SARIF log as a plain object. Results stand in the order of the suites; the same suites give the same log. */
export function sarifLog(suites: readonly CheckSuite[], context: SarifContext): Log {
  const rules = rulesOf(suites, context.properties);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mapcheck', semanticVersion: context.version, rules } },
        invocations: [invocation(suites)],
        columnKind: 'utf16CodeUnits',
        results: suites.flatMap((suite) =>
          suite.cases.flatMap((check) => resultsOf(suite, check, indexes, context)),
        ),
      },
    ],
  };
}

function rulesOf(
  suites: readonly CheckSuite[],
  properties: readonly Property[],
): ReportingDescriptor[] {
  const rules = properties.map(({ name, statement, source }) => ({
    id: name,
    shortDescription: { text: statement },
    fullDescription: { text: `${statement} (${source})` },
    help: { text: `${statement} Source: ${source}.` },
  }));
  const known = new Set(rules.map(({ id }) => id));
  const named = suites.flatMap((suite) => suite.cases.flatMap((check) => ruleOf(check) ?? []));
  const others = [...new Set(named)].filter((name) => !known.has(name));
  return [...rules, ...others.map((id) => ({ id, shortDescription: { text: id } }))];
}

function ruleOf({ name, failure, undecided }: CheckCase): string | null {
  if (failure !== null) return failure.property;
  return undecided === undefined ? null : name;
}

/** A run that came out differently the second time did not execute as it should: no result of it means anything. */
function invocation(suites: readonly CheckSuite[]): Invocation {
  const notes = suites.flatMap((suite) =>
    suite.cases.flatMap(({ undecided }) =>
      undecided?.verdict === 'nondeterministic' ? [`${suite.name}: ${undecided.message}`] : [],
    ),
  );
  return {
    executionSuccessful: notes.length === 0,
    toolExecutionNotifications: notes.map((text) => ({ level: 'error', message: { text } })),
  };
}

function resultsOf(
  suite: CheckSuite,
  check: CheckCase,
  indexes: ReadonlyMap<string, number>,
  context: SarifContext,
): Result[] {
  const ruleId = ruleOf(check);
  if (ruleId === null) return [];
  const rule = { ruleId, ruleIndex: indexes.get(ruleId)! };
  if (check.failure !== null) {
    return [{ ...rule, ...failureResult(suite.name, check.failure, context) }];
  }
  if (check.undecided?.verdict !== 'inconclusive') return [];
  // Kind `open`: asked, and not answered. The standard wants level `none` with it.
  const text = `${suite.name}: ${check.undecided.message}`;
  return [{ ...rule, kind: 'open', level: 'none', message: { text } }];
}

function failureResult(
  suite: string,
  failure: CheckFailure,
  { digest }: SarifContext,
): Omit<Result, 'ruleId'> {
  const uri = failure.trace ?? `${suite}.json`;
  const lastPlace = failure.steps.findLast(({ place }) => (place ?? '') !== '')?.place;
  const location = lastPlace === undefined ? fileLocation(uri) : placeLocation(lastPlace, uri);
  return {
    level: 'error',
    message: { text: `${suite}: ${failure.message}` },
    locations: [location],
    ...(lastPlace === undefined ? {} : { relatedLocations: [{ id: 0, ...fileLocation(uri) }] }),
    partialFingerprints: { 'mapcheckTrace/v1': digest(failure.essence) },
    ...(failure.steps.length === 0
      ? {}
      : { codeFlows: [{ threadFlows: threadFlows(failure.steps, uri) }] }),
  };
}

/** One flow for each thread; `executionOrder`, from 1, says how the flows interleave. */
function threadFlows(steps: readonly CheckStep[], uri: string): ThreadFlow[] {
  const shown = steps.slice(-LOCATIONS_MAX);
  const threads = [...new Set(shown.map((step) => step.thread))].toSorted((a, b) => a - b);
  return threads.map((thread) => ({
    id: `T${thread + 1}`,
    locations: shown.flatMap((step, order) =>
      step.thread === thread
        ? [
            {
              executionOrder: order + 1,
              location: {
                ...placeLocation(step.place ?? '', uri),
                message: { text: stepText(step) },
              },
            },
          ]
        : [],
    ),
  }));
}

function stepText(step: CheckStep): string {
  const outcome = step.result === '' ? '' : ` -> ${step.result}`;
  const notes = step.notes.length === 0 ? '' : ` (${step.notes.join('; ')})`;
  return `${step.operation}${outcome}${notes}`;
}

/** A place of the source, or the trace where a step has none. */
function placeLocation(place: string, fallback: string): Location {
  const match = /^(.+):(\d+):(\d+)$/s.exec(place);
  if (match === null) return fileLocation(fallback);
  const region = { startLine: Number(match[2]), startColumn: Number(match[3]) };
  return { physicalLocation: { artifactLocation: { uri: uriOf(match[1]!) }, region } };
}

function fileLocation(file: string): Location {
  const artifactLocation = { uri: uriOf(file) };
  return { physicalLocation: { artifactLocation, region: { startLine: 1 } } };
}

/** A relative path stays relative, so that the log means the same on another machine. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeSegment).join('/');
  if (path.startsWith('/')) return `file://${path}`;
  if (/^[a-z]:\//i.test(path)) return `file:///${path}`;
  // A colon in the first segment would read as a scheme.
  return /^[^/]*:/.test(path) ? `./${path}` : path;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('%40', '@')
    .replaceAll('%3A', ':');
}
