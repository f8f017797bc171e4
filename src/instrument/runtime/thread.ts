import type { ThreadRun } from '../../core/step.ts';
import { formOf } from './native-calls.ts';

/**
 * Returns the generator function that runs a function as a modelled thread.
 *
 * A function without a stepped form takes no steps: it runs whole when the thread is first resumed, and a scheduling
 * point reached by way of it is refused.
 */
export function stepped(plain: (...args: never[]) => unknown): (...args: unknown[]) => ThreadRun {
  const form = formOf(plain);
  if (form !== undefined) return (...args) => form.apply(undefined, args);
  // eslint-disable-next-line require-yield
  return function* (...args: unknown[]): ThreadRun {
    return plain(...(args as never[]));
  };
}
