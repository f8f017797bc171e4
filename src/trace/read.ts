/** Reads trace files; every way in which one can be wrong has an error that says where and what to do. */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { closest, suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { TRACE_FORMAT, TRACE_VERSION, traceSchema, type Trace } from './format.ts';
import { migrateSchedule, scheduleV1Schema } from './schedule-v1.ts';
import {
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  scheduleSchema,
  type ScheduleTrace,
} from './schedule.ts';
import { describeSyntaxError, formatPath, offsetOfPath, positionOf } from './json-position.ts';

export interface LoadedTrace {
  readonly file: string;
  readonly trace: Trace;
  readonly target: Target;
}

/**
 * Reads and checks one trace.
 *
 * @throws UsageError E-TRACE-001 unreadable, 002 not JSON or truncated, 003 not a trace, 004 another version, 005 wrong
 *   shape, 006 unknown target, 007 unknown property, 008 a program the target cannot run.
 */
export function readTrace(file: string, targets: readonly Target[]): LoadedTrace {
  return parseTrace(readText(file), file, targets);
}

/**
 * Reads a file that holds a trace of either kind: a target's program, or a failing interleaving.
 *
 * @throws UsageError as `readTrace`.
 */
export function readAnyTrace(
  file: string,
  targets: readonly Target[],
): LoadedTrace | { readonly file: string; readonly schedule: ScheduleTrace } {
  const text = readText(file);
  const value = parseJson(text, file);
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== SCHEDULE_FORMAT) return parseTrace(text, file, targets);
  const schema = 'schedule.schema.json';
  if (version === 1) {
    const old = scheduleV1Schema.safeParse(value);
    if (!old.success) throw shapeError(file, text, old.error, 'E-TRACE-005', [], schema);
    return { file, schedule: migrateSchedule(old.data) };
  }
  if (version !== SCHEDULE_VERSION) throw versionError(file, text, version, SCHEDULE_VERSION);
  const parsed = scheduleSchema.safeParse(value);
  if (!parsed.success) throw shapeError(file, text, parsed.error, 'E-TRACE-005', [], schema);
  return { file, schedule: parsed.data };
}

/** As `readTrace`, for text that is at hand. */
export function parseTrace(text: string, file: string, targets: readonly Target[]): LoadedTrace {
  const value = parseJson(text, file);
  checkKind(value, text, file);
  const parsed = traceSchema.safeParse(value);
  if (!parsed.success) throw shapeError(file, text, parsed.error, 'E-TRACE-005', []);
  const trace = parsed.data;
  const target = targets.find((candidate) => candidate.name === trace.target);
  if (target === undefined) {
    const names = targets.map((candidate) => candidate.name);
    throw new UsageError(`unknown target ${JSON.stringify(trace.target)}`, {
      code: 'E-TRACE-006',
      place: placeOf(file, text, ['target']),
      todo: suggest(trace.target, names),
    });
  }
  checkProperty(trace, target, text, file);
  const program = target.schema.safeParse(trace.program);
  if (!program.success) throw shapeError(file, text, program.error, 'E-TRACE-008', ['program']);
  return { file, trace: { ...trace, program: program.data }, target };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the trace: ${reasonOf(error)}`, {
      code: 'E-TRACE-001',
      place: file,
      todo: 'Check the path; `mapcheck run` prints the path of each trace it writes.',
      cause: error,
    });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { at, reason } = describeSyntaxError(text);
    throw new UsageError(reason, {
      code: 'E-TRACE-002',
      place: `${file}:${at}`,
      todo: 'Restore the file from version control, or run the campaign again to have it written anew.',
      cause: error,
    });
  }
}

/** Tells a file of another kind, or of another version, from a damaged one. */
function checkKind(value: unknown, text: string, file: string): void {
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== TRACE_FORMAT) {
    const found = format === undefined ? 'no format' : JSON.stringify(format);
    throw new UsageError(`this is not a trace: found ${found}, expected "${TRACE_FORMAT}"`, {
      code: 'E-TRACE-003',
      place: placeOf(file, text, ['format']),
      todo: 'Traces recorded from Go are compared by `mapcheck conform`, not replayed.',
    });
  }
  if (version !== TRACE_VERSION) throw versionError(file, text, version, TRACE_VERSION);
}

function versionError(file: string, text: string, found: unknown, expected: number): UsageError {
  return new UsageError(
    `version ${JSON.stringify(found)} of the trace format, expected ${expected}`,
    {
      code: 'E-TRACE-004',
      place: placeOf(file, text, ['version']),
      todo:
        typeof found === 'number' && found > expected
          ? 'A newer mapcheck wrote this file: update mapcheck.'
          : `Write ${expected}, or have the trace written anew.`,
    },
  );
}

function checkProperty(trace: Trace, target: Target, text: string, file: string): void {
  const names = target.properties.map((property) => property.name);
  if (names.includes(trace.property)) return;
  throw new UsageError(`target ${target.name} has no property ${JSON.stringify(trace.property)}`, {
    code: 'E-TRACE-007',
    place: placeOf(file, text, ['property']),
    todo: suggest(trace.property, names),
  });
}

/** File, line and JSON path of a value: `a.json:3: $.target`. */
function placeOf(file: string, text: string, path: readonly PropertyKey[]): string {
  const { line } = positionOf(text, offsetOfPath(text, path));
  return `${file}:${line}: ${formatPath(path)}`;
}

function shapeError(
  file: string,
  text: string,
  error: z.ZodError,
  code: string,
  prefix: readonly PropertyKey[],
  schema = 'trace.schema.json',
): UsageError {
  // A misspelt field gives two issues; the one about the name that is there says more than the one that is missing.
  const misspelt = error.issues.find((candidate) => candidate.code === 'unrecognized_keys');
  const issue = deepest(misspelt ?? error.issues[0]!);
  const missing = error.issues
    .filter((candidate) => candidate.code === 'invalid_type' && candidate.path.length > 0)
    .map((candidate) => String(candidate.path.at(-1)));
  const near = misspelt === undefined ? null : closest(misspelt.keys[0]!, missing);
  const hint = near === null ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return new UsageError(issue.message + hint, {
    code,
    place: placeOf(file, text, [...prefix, ...issue.path]),
    todo: `The format is described by schema/${schema}.`,
  });
}

/** Follows a failed union to its closest member, whose message says more than "invalid input". */
function deepest(issue: z.core.$ZodIssue): { message: string; path: PropertyKey[] } {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const reached = issue.errors
    .filter((issues) => issues.length > 0)
    .map((issues) => deepest(issues[0]!))
    .toSorted((left, right) => right.path.length - left.path.length)[0];
  if (reached === undefined) return issue;
  return { message: reached.message, path: [...issue.path, ...reached.path] };
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}
