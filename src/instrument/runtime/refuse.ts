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

const MOVE =
  'Move it into a plain function or method that the thread calls itself, or into setup; see docs/instrumentation.md.';
/** What to do about a built-in function that reads a view as a whole. */
const COPY =
  'Copy the elements first, `const copy = [...view]`, which is one step for each, and use the copy; see docs/instrumentation.md.';

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

/** @throws UnsteppableError always: about a view that is read, or written, unseen. */
export function refuseUnseen(point: number, reason: string): never {
  throw refusal(point, reason, COPY);
}

/** @throws UnsteppableError always. */
export function refuse(point: number, reason: string): never {
  throw refusal(point, reason);
}

/** @throws UnsteppableError always: about a view that is read at a place that is known by its text alone. */
export function refuseUnseenAt(place: string, reason: string): never {
  throw refusalAt(place, 'a view of shared memory', reason, COPY);
}

function refusal(point: number, reason: string, todo = MOVE): UnsteppableError {
  const at = pointAt(point);
  const place = at === undefined ? 'unknown place' : `${at.file}:${at.line}:${at.column}`;
  const what = at === undefined ? 'a shared access' : `\`${at.expression}\``;
  return refusalAt(place, what, reason, todo);
}

function refusalAt(place: string, what: string, reason: string, todo: string): UnsteppableError {
  const error = new UnsteppableError(
    `${place}: ${what} was reached by a thread ${reason}: it cannot be made a step there`,
    place,
    todo,
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
