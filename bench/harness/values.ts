/** Values for the benchmarks, as pieces of loop source. */

/** What the values of a map are. */
export type ValueKind = 'number' | 'object' | 'small-integer';

/** The kinds there are, the ones a default run uses first. */
export const VALUE_KINDS: readonly ValueKind[] = ['number', 'object', 'small-integer'];

/** Expressions over the variables of a loop. */
export interface ValueSource {
  /** The value of an insertion; may use `index` and `objects`. */
  readonly inserted: string;
  /** Another value, for an update. */
  readonly updated: string;
  /** A number made of `value`, exact in sums: consumed, so that no engine can skip the work. */
  readonly consumed: string;
}

/** Number of distinct objects, a power of two. They are shared between entries and count for no engine. */
const OBJECT_COUNT = 1024;

/** The objects that stand as values. */
export const VALUE_OBJECTS: readonly { readonly id: number }[] = Array.from(
  { length: OBJECT_COUNT },
  (_, id) => ({ id }),
);

/** How values of a kind are written in loops. */
export const VALUE_SOURCES: Readonly<Record<ValueKind, ValueSource>> = {
  // Halves are no small integers, and sums of them stay exact up to 2^52.
  number: { inserted: 'index + 0.5', updated: 'index + 1.5', consumed: 'value' },
  'small-integer': { inserted: 'index', updated: 'index + 1', consumed: 'value' },
  object: {
    inserted: `objects[index & ${OBJECT_COUNT - 1}]`,
    updated: `objects[(index + 1) & ${OBJECT_COUNT - 1}]`,
    consumed: 'value.id',
  },
};
