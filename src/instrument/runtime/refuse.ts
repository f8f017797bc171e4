import { registers } from '../../core/step.ts';
import { pointAt } from './points.ts';

/**
 * A thread reached a scheduling point in a place that cannot be stepped.
 *
 * Never a verdict on the program: its interleavings there cannot be explored. Exit code 2.
 */
export class UnsteppableError extends Error {
  override readonly name = 'UnsteppableError';
  readonly code = 'E-INSTRUMENT-010';
  /** `file:line:column`. */
  readonly place: string;
  /** What the reader can do about it. */
  readonly todo: string;

  constructor(message: string, place: string, todo: string) {
    super(message);
    this.place = place;
    this.todo = todo;
  }
}

let pending: UnsteppableError | null = null;

/**
 * Returns the first refusal since the last call, or `null`: the explorer asks after every execution, for the checked
 * code may have caught the exception.
 */
export function takeRefusal(): UnsteppableError | null {
  const refusal = pending;
  pending = null;
  return refusal;
}

/** @throws UnsteppableError always. */
export function refuse(point: number, reason: string): never {
  throw refusal(point, reason);
}

/** @throws UnsteppableError always: about a place that is known by its text alone. */
export function refuseAt(place: string, what: string, reason: string): never {
  throw refusalAt(place, what, reason);
}

function refusal(point: number, reason: string): UnsteppableError {
  const at = pointAt(point);
  const place = at === undefined ? 'unknown place' : `${at.file}:${at.line}:${at.column}`;
  return refusalAt(place, at === undefined ? 'a shared access' : `\`${at.expression}\``, reason);
}

function refusalAt(place: string, what: string, reason: string): UnsteppableError {
  const error = new UnsteppableError(
    `${place}: ${what} was reached by a thread ${reason}: it cannot be made a step there`,
    place,
    'Move it into a plain function or method that the thread calls itself, or into setup; see docs/instrumentation.md.',
  );
  pending ??= error;
  return error;
}

/** Never settles: what a thread's async function waits for once it is refused, as its promise may have no handler. */
export const NEVER: Promise<never> = new Promise(() => {});

/** Whether a thread is running, which is noted as a refusal. */
export function isRefused(point: number, reason: string): boolean {
  if (registers.thread < 0) return false;
  refusal(point, reason);
  return true;
}

/** Refuses if a thread is running; does nothing in setup, in check and while modules are loaded. */
export function guard(point: number, reason: string): void {
  if (registers.thread >= 0) refuse(point, reason);
}

/** Throws what a call of something that is no function throws, when it is called. */
export function missing(text: string): () => never {
  return () => {
    throw new TypeError(`${text} is not a function`);
  };
}
