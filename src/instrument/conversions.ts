/** Views of shared memory that are turned into text or a number: their elements are read, and no step is announced. */
import { isSharedView, noteOtherState, registers } from '../core/step.ts';

/**
 * Makes views tell when a thread converts them: a program that does so is not rewound from then on (P6 of `core/step.ts`).
 * `shared` is what set-up returned: a view, or a record of views.
 */
export function watchConversions(shared: unknown): void {
  if (isSharedView(shared)) watch(shared);
  else if (typeof shared === 'object' && shared !== null) {
    for (const member of Object.values(shared)) if (isSharedView(member)) watch(member);
  }
}

function watch(view: object): void {
  if (Object.hasOwn(view, Symbol.toPrimitive) || !Object.isExtensible(view)) return;
  Object.defineProperty(view, Symbol.toPrimitive, { value: toPrimitive });
}

/** What the language does without it: a view has no value but its text. */
function toPrimitive(this: object): string {
  if (registers.thread >= 0) noteOtherState();
  // oxlint-disable-next-line typescript/no-base-to-string
  return this.toString();
}
