/** Plain functions and their stepped forms. */
import { registers } from '../../core/step.ts';
import type { StepResult } from '../../core/step.ts';
import { KIND_MASK, LOCK, NOTIFY, SPIN, WAIT } from '../../core/step.ts';
import { SteppedGenerator } from './iterate.ts';
import { refuse } from './refuse.ts';
import { STEP } from './symbol.ts';

/** Any function at all. */
export type AnyFunction = (this: unknown, ...args: never[]) => unknown;
/** A stepped form: takes what the plain function takes. */
export type SteppedForm = (
  this: unknown,
  ...args: unknown[]
) => Generator<number, unknown, StepResult>;

/** Back edges without progress that code outside of threads may take. */
const OUTSIDE_SPIN_MAX = 10_000_000;

/**
 * Runs a stepped form to its end, for a caller that cannot be stepped.
 *
 * Outside of threads every access is simply made. A thread that comes here has been called back by native or plain code:
 * that is fine as long as no scheduling point is reached.
 *
 * @throws UnsteppableError if a thread reaches one.
 */
export function run(form: Generator<number, unknown, StepResult>): unknown {
  let answer: StepResult;
  let spinCount = 0;
  for (;;) {
    const { done, value } = form.next(answer);
    if (done) return value;
    if (registers.thread >= 0) {
      const point = registers.point;
      refuse(
        point,
        'through native or plain code, which called back (or a getter, a conversion, a constructor)',
      );
    }
    const kind = value & KIND_MASK;
    answer = undefined;
    if (kind === WAIT) answer = waitOutside();
    else if (kind === NOTIFY) answer = 0;
    else if (kind === SPIN && ++spinCount > OUTSIDE_SPIN_MAX) {
      throw new Error(
        'deadlock: a loop outside of all threads waits for a change that nobody can make',
      );
    } else if (kind === LOCK) spinCount = 0;
  }
}

/** The result of a wait where nobody else can run. */
function waitOutside(): StepResult {
  const { target, index, expected, timeout } = registers;
  const current = (target as unknown as readonly unknown[])[index];
  if (current !== expected) return 'not-equal';
  if (timeout !== Infinity) return 'timed-out';
  throw new Error('deadlock: Atomics.wait outside of all threads, where nobody can notify');
}

/** Makes the object that a plain call of a stepped generator function returns. */
export function generator(raw: Generator<unknown, unknown, unknown>): SteppedGenerator {
  return new SteppedGenerator(raw);
}

/** Gives a plain function its stepped form. */
export function twinned(plain: AnyFunction, form: AnyFunction): AnyFunction {
  (plain as { [STEP]?: unknown })[STEP] = form;
  return plain;
}

/** The plain function of a stepped form that was made where it stands, for an arrow. */
export function freshArrow(form: SteppedForm, self?: unknown): AnyFunction {
  const plain = (...args: never[]): unknown => run(form.apply(self, args));
  Object.defineProperty(plain, 'length', { value: form.length, configurable: true });
  return twinned(plain, (...args: never[]) => form.apply(self, args));
}

/** The plain function of a stepped form that was made where it stands, for a function with a `this` of its own. */
export function freshFunction(form: SteppedForm): AnyFunction {
  function plain(this: unknown, ...args: never[]): unknown {
    return run(form.apply(this, args));
  }
  Object.defineProperty(plain, 'length', { value: form.length, configurable: true });
  return twinned(plain, form);
}

/** The plain function of a generator expression that takes steps. */
export function generatorFunction(form: SteppedForm): AnyFunction {
  function plain(this: unknown, ...args: never[]): unknown {
    return new SteppedGenerator(form.apply(this, args));
  }
  Object.defineProperty(plain, 'length', { value: form.length, configurable: true });
  return twinned(plain, generatorForm(form));
}

/** The stepped form of a plain call that makes a generator object: no step is taken before its first `next`. */
export function generatorForm(form: SteppedForm): AnyFunction {
  // eslint-disable-next-line require-yield
  function* make(this: unknown, ...args: unknown[]): Generator<number, unknown, StepResult> {
    return new SteppedGenerator(form.apply(this, args));
  }
  return make;
}

/** A tag that gives its arguments back, the array of strings first. */
export function template(...parts: unknown[]): unknown[] {
  return parts;
}

/** `import.meta` of a module that is loaded from elsewhere. */
export function importMeta(meta: object, url: string): object {
  return { ...meta, url };
}
