/** Runs a snippet plainly and in steps, for comparison. */
import { compileFunction } from 'node:vm';
import { registers } from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import { KIND_MASK, NOTIFY, WAIT } from '../../core/step.ts';
import { instrument } from '../instrument.ts';
import type { InstrumentOptions } from '../instrument.ts';
import { pointAt, STEP, takeRefusal } from '../runtime/index.ts';

/** What a run came to: everything the snippet could show. */
export interface Observation {
  readonly result: unknown;
  readonly error: string | null;
  readonly log: readonly unknown[];
  readonly shared: readonly number[];
  readonly plain: readonly unknown[];
}

/** A stepped run, with the expressions of its steps. */
export interface SteppedObservation extends Observation {
  readonly steps: readonly string[];
  /** The refusal it came to, caught or not. */
  readonly refusal: string | null;
}

type Snippet = (log: (value: unknown) => void, view: Int32Array, plain: unknown[]) => unknown;
type Module = {
  run: Snippet & { [STEP]?: (...args: unknown[]) => Generator<number, unknown, StepResult> };
};

/** The body of a snippet as a CommonJS module that exports `run`. */
export function snippetModule(body: string): string {
  return `'use strict';exports.run = function run(log, view, plain) {\n${body}\n};`;
}

/** Evaluates a CommonJS module. */
export function load(code: string, id: string): Module {
  const exports = {} as Module;
  compileFunction(code, ['exports', 'module'], { filename: id })(exports, { exports });
  return exports;
}

function world(): { view: Int32Array; plain: unknown[]; log: unknown[] } {
  const view = new Int32Array(new SharedArrayBuffer(32));
  view.set([3, 1, 4, 1, 5, 9, 2, 6]);
  return { view, plain: [30, 10, 20], log: [] };
}

/** Runs the source as it is. */
export function runPlain(source: string): Observation {
  const { view, plain, log } = world();
  const { run } = load(source, 'plain.js');
  const [result, error] = outcome(() => run((value) => log.push(show(value)), view, plain));
  return { result, error, log, shared: [...view], plain: plain.map(show) };
}

/** Instruments the source and runs it as the only thread of an exploration. */
export function runStepped(source: string, options: InstrumentOptions = {}): SteppedObservation {
  const { view, plain, log } = world();
  const { code } = instrument(source, 'snippet.js', { isCommonJs: true, ...options });
  const { run } = load(code, 'stepped.js');
  const steps: string[] = [];
  const [result, error] = outcome(() => {
    const form = run[STEP];
    const push = (value: unknown): number => {
      // What is logged is looked at whole, which a thread may not.
      registers.thread = -1;
      const count = log.push(show(value));
      registers.thread = 0;
      return count;
    };
    registers.thread = 0;
    try {
      return form === undefined ? run(push, view, plain) : drive(form(push, view, plain), steps);
    } finally {
      registers.thread = -1;
    }
  });
  const refusal = takeRefusal()?.message ?? null;
  return { result, error, log, shared: [...view], plain: plain.map(show), steps, refusal };
}

/** Calls the plain function of an instrumented source, as code outside of all threads does. */
export function runOutside(source: string): Observation {
  const { view, plain, log } = world();
  const { code } = instrument(source, 'snippet.js', { isCommonJs: true });
  const { run } = load(code, 'outside.js');
  const [result, error] = outcome(() => run((value) => log.push(show(value)), view, plain));
  return { result, error, log, shared: [...view], plain: plain.map(show) };
}

function drive(thread: Generator<number, unknown, StepResult>, steps: string[]): unknown {
  let answer: StepResult;
  for (;;) {
    const { done, value } = thread.next(answer);
    if (done) return value;
    steps.push(pointAt(registers.point)?.expression ?? '?');
    const kind = value & KIND_MASK;
    answer = kind === WAIT ? 'not-equal' : kind === NOTIFY ? 0 : undefined;
  }
}

function outcome(body: () => unknown): [unknown, string | null] {
  try {
    return [show(body()), null];
  } catch (error) {
    return [undefined, String(error)];
  }
}

/** A value as text, so that functions, symbols and cycles compare. */
export function show(value: unknown): unknown {
  if (typeof value === 'function') return `function ${value.name}/${value.length}`;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...(value as Int32Array)];
  if (value instanceof Map) return ['Map', ...[...value].map(show)];
  if (value instanceof Set) return ['Set', ...[...value].map(show)];
  if (value instanceof Error) return String(value);
  if (Array.isArray(value)) return Array.from(value, show);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, show(inner)]));
}
