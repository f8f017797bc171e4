/** The reporters of a command: where each writes, what the screen gets, and what is done when a file cannot be written. */
import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Option } from 'commander';
import { UsageError } from '../core/errors.ts';
import type { Property, Verdict } from '../core/property.ts';
import type { CheckSuite } from '../report/document.ts';
import type { ReportEvent } from '../report/events.ts';
import { formatAnnotations, formatSummary, SUMMARY_BYTES_MAX } from '../report/github.ts';
import { formatJunit } from '../report/junit.ts';
import { PLAIN, type Palette } from '../report/palette.ts';
import { sarifLog } from '../report/sarif.ts';
import { suitesPage } from '../report/html/runs.ts';
import { renderPage } from './html-report.ts';
import { parseReporters, type ReporterRequest } from './options.ts';
import { forPeople, printLines, stdoutPalette, type Terminal } from './terminal.ts';
import { VERSION } from './version.ts';
import { cannotWrite, writeReport } from './write-report.ts';

/** Every reporter, as `--reporter` names it. */
const REPORTERS = ['default', 'json', 'ndjson', 'junit', 'sarif', 'github', 'html'] as const;
type ReporterName = (typeof REPORTERS)[number];
type Request = ReporterRequest<ReporterName>;

/** What a command came to, in every form that a reporter writes. */
export interface ReportDocument {
  readonly verdict: Verdict;
  readonly suites: readonly CheckSuite[];
  /** The rules that were checked. */
  readonly properties: readonly Property[];
  /** The object of `--json`. */
  readonly json: unknown;
  /** The text for people; not asked for where it has been printed already. */
  lines(palette: Palette): readonly string[];
}

/** The reporters that one command line asks for. */
export class Reporters {
  readonly #requests: readonly Request[];
  readonly #terminal: Terminal;
  readonly #streams = new Map<Request, number>();
  #error: UsageError | null = null;
  #hasPrinted = false;

  /**
   * Takes the values of `--reporter` and `--json`, and makes sure of the files before any work is done.
   *
   * The text for people is on stdout unless something else wants stdout: a run must say on screen why it failed.
   *
   * @throws UsageError E-USAGE-006 unknown reporter, 007 two of them on stdout, 009 a file that cannot be written.
   */
  constructor(texts: readonly string[], isJson: boolean, terminal: Terminal) {
    this.#terminal = terminal;
    this.#requests = withStdout(parseReporters(texts, REPORTERS), isJson);
    for (const request of this.#requests) this.#prepare(request);
  }

  /** Writes an event to the streams of events. A stream that cannot be written is given up, and `finish` says so. */
  event(event: ReportEvent): void {
    for (const request of this.#requests) {
      if (request.name !== 'ndjson') continue;
      const text = `${JSON.stringify(event)}\n`;
      if (request.path === null) this.#terminal.stdout.write(text);
      else this.#writeTo(request, text);
    }
  }

  /** Prints text for people while the work goes on, where it is wanted on stdout; `finish` then prints no more of it. */
  print(lines: (palette: Palette) => readonly string[]): void {
    this.#hasPrinted = true;
    const isWanted = this.#requests.some(({ name, path }) => name === 'default' && path === null);
    if (isWanted) printLines(this.#terminal, lines(stdoutPalette(this.#terminal)));
  }

  /**
   * Writes every report, stdout first, so that a file that cannot be written loses nothing.
   *
   * @throws UsageError E-USAGE-009 for the first file that could not be written, after all others are.
   */
  finish(document: ReportDocument): void {
    const { suites, verdict, json } = document;
    for (const { name, cases } of suites) {
      for (const { failure } of cases) {
        if (failure === null) continue;
        const { property, message, trace } = failure;
        this.event({ event: 'failure', suite: name, property, message, trace });
      }
      const failed = cases.filter((check) => check.failure !== null).length;
      const undecided = cases.filter((check) => check.undecided !== undefined).length;
      this.event({ event: 'suite', name, checks: cases.length, failed, undecided });
    }
    this.event({ event: 'end', verdict, report: json });
    for (const request of inPrintingOrder(this.#requests)) {
      try {
        this.#report(request, document);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        this.#error ??= error;
      }
    }
    for (const descriptor of this.#streams.values()) closeSync(descriptor);
    this.#streams.clear();
    if (this.#error !== null) throw this.#error;
  }

  #report(request: Request, document: ReportDocument): void {
    const { suites, properties } = document;
    switch (request.name) {
      case 'default': {
        const isFile = request.path !== null;
        if (!isFile && this.#hasPrinted) return;
        const palette = isFile ? PLAIN : stdoutPalette(this.#terminal);
        const text = `${document.lines(palette).join('\n')}\n`;
        const shown = isFile ? text : forPeople(this.#terminal, text);
        return writeReport(request, shown, this.#terminal);
      }
      case 'json':
        return writeReport(request, `${JSON.stringify(document.json)}\n`, this.#terminal);
      case 'ndjson':
        return;
      case 'junit':
        return writeReport(request, formatJunit(suites), this.#terminal);
      case 'sarif': {
        const log = sarifLog(suites, { properties, version: VERSION, digest: sha256 });
        return writeReport(request, `${JSON.stringify(log, null, 2)}\n`, this.#terminal);
      }
      case 'html':
        return writeReport(
          request,
          renderPage(suitesPage(suites, document.verdict)),
          this.#terminal,
        );
      case 'github':
        return this.#reportToGitHub(request, suites);
    }
  }

  /** Annotations go to stderr when a machine reads stdout; GitHub reads both. */
  #reportToGitHub(request: Request, suites: readonly CheckSuite[]): void {
    const isForPeople = this.#requests.some(
      ({ name, path }) => name === 'default' && path === null,
    );
    const stream = isForPeople ? this.#terminal.stdout : this.#terminal.stderr;
    for (const line of formatAnnotations(suites)) stream.write(`${line}\n`);
    const summary = request.path ?? this.#terminal.environment['GITHUB_STEP_SUMMARY'] ?? '';
    if (summary === '') return;
    try {
      const bytesLeft =
        SUMMARY_BYTES_MAX - (statSync(summary, { throwIfNoEntry: false })?.size ?? 0);
      appendFileSync(summary, formatSummary(suites, bytesLeft));
    } catch (error) {
      throw cannotWrite('github', summary, error);
    }
  }

  #prepare(request: Request): void {
    const { name, path } = request;
    if (path === null) return;
    try {
      mkdirSync(dirname(path), { recursive: true });
      if (name === 'ndjson') this.#streams.set(request, openSync(path, 'w'));
      else if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
        throw new Error('it is a directory');
      }
    } catch (error) {
      throw cannotWrite(name, path, error);
    }
  }

  #writeTo(request: Request, text: string): void {
    const descriptor = this.#streams.get(request);
    if (descriptor === undefined) return;
    try {
      writeSync(descriptor, text);
    } catch (error) {
      this.#error ??= cannotWrite(request.name, request.path!, error);
      this.#streams.delete(request);
      closeSync(descriptor);
    }
  }
}

/** Adds what goes without saying, and refuses two reports on stdout. */
function withStdout(asked: readonly Request[], isJson: boolean): Request[] {
  const requests = [...asked, ...(isJson ? [{ name: 'json' as const, path: null }] : [])];
  const onStdout = requests.filter(({ name, path }) => path === null && name !== 'github');
  if (onStdout.length === 0) return [{ name: 'default', path: null }, ...requests];
  if (onStdout.length === 1) return requests;
  const [first, second] = onStdout.map(({ name }) => name);
  throw new UsageError(`reporters ${first} and ${second} both want stdout`, {
    code: 'E-USAGE-007',
    place: '--reporter',
    todo: `Give one of them a file, as in --reporter ${second}=FILE.`,
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function inPrintingOrder(requests: readonly Request[]): Request[] {
  return requests.toSorted(
    (left, right) => Number(left.path !== null) - Number(right.path !== null),
  );
}

/** The option that commands with reports have. */
export function reporterOption(): Option {
  return new Option('--reporter <name[=path]>', `one of ${REPORTERS.join(', ')}; repeatable`)
    .argParser(collect)
    .default([], 'default');
}

/** Adds one more value of a repeatable option. */
function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** Every property of some targets, once. */
export function propertiesOf(
  targets: readonly { readonly properties: readonly Property[] }[],
): Property[] {
  const properties = targets.flatMap((target) => target.properties);
  return [...new Map(properties.map((property) => [property.name, property])).values()];
}
