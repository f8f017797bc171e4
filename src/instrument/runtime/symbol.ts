/** Key of a plain function's stepped form. Shared by all copies of the run-time support in a process. */
export const STEP: unique symbol = Symbol.for('mapcheck.step') as never;
