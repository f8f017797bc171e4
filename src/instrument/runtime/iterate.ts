/** Iteration that takes steps: generators of the checked code, and for-of loops, spreads and patterns over them. */
import { isSharedView, plainRead } from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import { STEP } from './symbol.ts';

/** A value that a generator of the checked code yields, as against a code of the step protocol. */
export class Given {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

type Raw = Generator<unknown, unknown, unknown>;
type Steps<T> = Generator<number, T, StepResult>;

/** A generator object of the checked code: `next`, `return` and `throw` are plain calls and have stepped forms. */
export class SteppedGenerator {
  readonly raw: Raw;

  constructor(raw: Raw) {
    this.raw = raw;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(value?: unknown): IteratorResult<unknown> {
    return drive(this.nextSteps(value));
  }

  return(value?: unknown): IteratorResult<unknown> {
    return drive(this.returnSteps(value));
  }

  throw(error?: unknown): IteratorResult<unknown> {
    return drive(this.throwSteps(error));
  }

  *nextSteps(value?: unknown): Steps<IteratorResult<unknown>> {
    return yield* untilGiven(this.raw, this.raw.next(value));
  }

  *returnSteps(value?: unknown): Steps<IteratorResult<unknown>> {
    return yield* untilGiven(this.raw, this.raw.return(value));
  }

  *throwSteps(error?: unknown): Steps<IteratorResult<unknown>> {
    return yield* untilGiven(this.raw, this.raw.throw(error));
  }
}

let drive: (steps: Steps<IteratorResult<unknown>>) => IteratorResult<unknown>;

/** Sets what runs stepped generators for plain callers; breaks the cycle between this module and `run.ts`. */
export function setDriver(run: (steps: Steps<unknown>) => unknown): void {
  drive = run as typeof drive;
}

function* untilGiven(raw: Raw, first: IteratorResult<unknown>): Steps<IteratorResult<unknown>> {
  let result = first;
  for (;;) {
    if (result.done) return { value: result.value, done: true };
    if (result.value instanceof Given) return { value: result.value.value, done: false };
    result = raw.next(yield result.value as number);
  }
}

/** `yield*` of the checked code. */
export function* delegate(iterable: unknown): Generator<unknown, unknown, unknown> {
  const iterator = yield* iteratorOf(iterable);
  if (iterator instanceof SteppedGenerator) return yield* iterator.raw;
  let result = iterator.next();
  while (!result.done) {
    let isClosed = false;
    try {
      const sent = yield new Given(result.value);
      isClosed = true;
      result = iterator.next(sent);
    } catch (error) {
      if (isClosed || iterator.throw === undefined) throw error;
      isClosed = true;
      result = iterator.throw(error);
    } finally {
      if (!isClosed) iterator.return?.();
    }
  }
  return result.value;
}

function* iteratorOf(
  iterable: unknown,
): Generator<never, Iterator<unknown, unknown, unknown>, unknown> {
  const source = iterable as { [Symbol.iterator](): Iterator<unknown, unknown, unknown> };
  const form = (source[Symbol.iterator] as { [STEP]?: SteppedIteratorForm } | undefined)?.[STEP];
  if (form === undefined) return source[Symbol.iterator]();
  return (yield* form.call(source) as Generator<never, unknown, unknown>) as Iterator<
    unknown,
    unknown,
    unknown
  >;
}

type SteppedIteratorForm = (this: unknown) => Generator<number, unknown, StepResult>;

/** Stands in a for-of loop's place of a value while the next one takes steps. */
export class Pending {
  readonly #iterator: SteppedGenerator;
  result: IteratorResult<unknown> | null = null;

  constructor(iterator: SteppedGenerator) {
    this.#iterator = iterator;
  }

  *advance(): Steps<void> {
    this.result = yield* this.#iterator.nextSteps();
  }
}

/** An iterable for a native for-of loop: `Pending` whenever the loop must take the steps to the next value first. */
export function* open(form: SteppedIteratorForm, iterable: unknown): Steps<Iterable<unknown>> {
  if (ArrayBuffer.isView(iterable) && !isSharedView(iterable)) return iterable as never;
  const iterator = yield* form.call(iterable);
  if (!(iterator instanceof SteppedGenerator))
    return { [Symbol.iterator]: () => iterator as never };
  const pending = new Pending(iterator);
  return {
    [Symbol.iterator]: () => ({
      next: () => {
        const { result } = pending;
        pending.result = null;
        return result ?? { value: pending, done: false };
      },
      return: (value?: unknown) => iterator.return(value),
    }),
  };
}

/** The first `count` values of an iterable whose iteration may take steps, as an array; what is plain as it is. */
export function* collect(iterable: unknown, count: number, point: number): Steps<unknown> {
  if (ArrayBuffer.isView(iterable)) {
    return isSharedView(iterable) ? yield* elements(iterable, count, point) : iterable;
  }
  const iterator = yield* iteratorOf(iterable);
  const values: unknown[] = [];
  if (!(iterator instanceof SteppedGenerator)) {
    if (count === Infinity) return [...{ [Symbol.iterator]: () => iterator }];
    return { [Symbol.iterator]: () => iterator };
  }
  while (values.length < count) {
    const result = yield* iterator.nextSteps();
    if (result.done) return values;
    values.push(result.value);
  }
  if (count !== Infinity) yield* iterator.returnSteps();
  return values;
}

/** Reads the elements of a shared view one after the other. */
export function* elements(view: unknown, count: number, point: number): Steps<unknown[]> {
  const list = view as Int32Array;
  const values: unknown[] = [];
  for (let i = 0; i < list.length && i < count; i++) {
    yield plainRead(list, i, point);
    values.push(list[i]);
  }
  return values;
}

/** Gives the methods of generator objects their stepped forms. */
export function installGenerators(): void {
  const prototype = SteppedGenerator.prototype as unknown as Record<PropertyKey, object>;
  const set = (method: object, form: unknown): void => {
    Object.defineProperty(method, STEP, { value: form });
  };
  set(prototype['next']!, prototype['nextSteps']);
  set(prototype['return']!, prototype['returnSteps']);
  set(prototype['throw']!, prototype['throwSteps']);
  // eslint-disable-next-line require-yield
  set(prototype[Symbol.iterator]!, function* (this: unknown): Generator<never, unknown, unknown> {
    return this;
  });
}
