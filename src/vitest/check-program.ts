/** Explores a program within a test. Loaded with the first program, for it brings the explorer. */
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatError, UsageError } from '../core/errors.ts';
import { steppedProgram } from '../instrument/stepped-program.ts';
import { STEP } from '../instrument/runtime/index.ts';
import { problemOf, type ProgramDefinition } from '../program/define-program.ts';
import { formatExploration } from '../report/explore-text.ts';
import { PLAIN } from '../report/palette.ts';
import {
  exploreLoaded,
  exploreProgram,
  type ExploreProgramOptions,
  type ProgramReport,
} from '../run/explore-program.ts';
import { EXECUTIONS_MAX, type CheckOptions, type ProgramSource } from './options.ts';
import { ProgramFailure, type FailureReason } from './program-failure.ts';

/** Where a test asked. */
export interface Asked {
  /** Name for a definition that has none. */
  readonly name: string;
  /** The test's file. */
  readonly file: string;
}

/**
 * Explores a program to its end or its budget.
 *
 * @throws UsageError as `exploreProgram`; E-VITEST-001 for threads that the plugin did not make steppable.
 */
async function exploreSource(
  source: ProgramSource,
  options: CheckOptions,
  asked: Asked,
): Promise<ProgramReport> {
  const settings: ExploreProgramOptions = {
    strategy: options.strategy ?? 'exhaustive',
    preemptions: null,
    executionsMax: options.max ?? EXECUTIONS_MAX,
    seed: options.seed ?? '1',
    tracesFolder: null,
  };
  if (typeof source === 'string' || source instanceof URL) {
    const file = source instanceof URL ? fileURLToPath(source) : source;
    return exploreProgram(file, { ...settings, tracesFolder: options.traces ?? 'traces/failures' });
  }
  const file = relative(process.cwd(), asked.file).split(sep).join('/');
  const definition = { name: asked.name, ...source } as unknown as ProgramDefinition<unknown>;
  assertSteppable(definition, file);
  const program = await steppedProgram(definition);
  return exploreLoaded({ file, name: definition.name, program }, settings);
}

function assertSteppable(definition: ProgramDefinition<unknown>, file: string): void {
  const problem = problemOf(definition);
  if (problem !== null) {
    throw new UsageError(problem, {
      code: 'E-PROGRAM-001',
      place: file,
      todo: 'A program has setup and 1 to 31 thread functions; name and check may be left out.',
    });
  }
  if (definition.threads.some((thread) => STEP in thread)) return;
  throw new UsageError(`no thread of '${definition.name}' can be stepped`, {
    code: 'E-VITEST-001',
    place: file,
    todo:
      'Either no thread touches shared memory, or this module was loaded as it is: name it in the configuration, ' +
      "plugins: [steppedModules({ include: ['test/**'] })], from mapcheck/vite.",
  });
}

/** What a test learns: the report, and the failure that it comes to under the options, or `null`. */
export interface Checked {
  readonly report: ProgramReport | null;
  readonly failure: ProgramFailure | null;
}

/** Explores a program for a test; whatever goes wrong is a failure that says all there is to say. */
export async function checkSource(
  source: ProgramSource,
  options: CheckOptions,
  asked: Asked,
  callSite?: Error,
): Promise<Checked> {
  let report: ProgramReport;
  try {
    report = await exploreSource(source, options, asked);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // A runner shows the message alone, so that place and remedy go into it.
    const details = { thrown: error, callSite };
    return {
      report: null,
      failure: new ProgramFailure('not-explored', formatError(error).split('\n'), details),
    };
  }
  return { report, failure: failureOf(report, options, callSite) };
}

function failureOf(
  report: ProgramReport,
  options: CheckOptions,
  callSite: Error | undefined,
): ProgramFailure | null {
  const { verdict, failure } = report;
  if (verdict === 'holds') return null;
  if (verdict === 'inconclusive' && options.allowInconclusive === true) return null;
  const lines = formatExploration(report, PLAIN);
  if (verdict === 'inconclusive') {
    lines.push('  Raise `max`, sample with `strategy`, or pass `allowInconclusive: true`.');
  }
  const kind = (failure?.kind ?? verdict) as FailureReason;
  return new ProgramFailure(kind, lines, { thrown: failure?.error, callSite });
}
