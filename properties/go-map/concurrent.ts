/** What callers from several threads are promised: Go allows many readers, or one writer. */
import type { Property } from '../../src/core/property.ts';
import type { CheckedProperty } from './checked-property.ts';

/** Readers need no lock among themselves. */
export const readersAreFree: Property = {
  name: 'map.readers-are-free',
  statement:
    'Callers that only read or iterate, however many at once, race with nobody and change nothing.',
  source: 'Go documentation of maps: concurrent reads are safe; mapiterinit marks atomically',
};

/** A call, as one interleaving shows it. */
export interface NoticeFacts {
  /** `T2's get(1)`. */
  readonly call: string;
  /** The fatal error that Go has for this call beside a write. */
  readonly due: string;
  /** Whether another caller's mark stood in the flags before the call and after it, and nobody changed them meanwhile. */
  readonly isUnderMark: boolean;
  /** Whether the call itself found no entry: it then looks at nothing else. */
  readonly foundEmpty: boolean;
  /** The text that ended it, `null` if it returned. */
  readonly thrown: string | null;
}

/**
 * Whoever looks while a write is marked notices it.
 *
 * Go promises nothing about a write that is not marked yet, or no more: the value of an assignment is stored after it, and
 * such a race passes unnoticed. So the rule is about calls that lie wholly within the time that a mark stands. The engine's
 * hot paths, for int32 keys under the built-in hash, look at no flag: there misuse is a data race and nothing else, and
 * the programs that ask this have a hasher of their own.
 */
export const callersNotice: CheckedProperty<NoticeFacts> = {
  name: 'map.callers-notice-a-write',
  statement:
    "A lookup, an iterator's step or a write that begins and ends while another caller's write is marked in the flags " +
    'ends with the fatal error that Go has for the pair; but for calls that find the map empty, and for the hot paths of ' +
    'integer keys, which have no flags.',
  source:
    'Go runtime/map.go: hashWriting in mapaccess, mapassign, mapdelete, mapclear and mapiternext; golang/go issue 16278',
  holds: ({ due, isUnderMark, foundEmpty, thrown }) =>
    !isUnderMark || foundEmpty || (thrown !== null && thrown.endsWith(due)),
  explain: ({ call, due, thrown }) => ({
    message: `${call} did not end with the fatal error that is due while another caller's write is marked.`,
    expected: `fatal error: ${due}`,
    actual: thrown ?? 'it returned',
  }),
};

/** Two writes at once, as one interleaving shows them. */
export interface OverlapFacts {
  /** `T1's set(9, 90)`, and the other's. */
  readonly calls: readonly [string, string];
  /** Whether each marked the map before either came to look at its mark again. */
  readonly isOverlap: boolean;
  /** Whether a change of the flags was lost: another caller changed them between the read and the write that make one. */
  readonly isChangeLost: boolean;
  /** Which of the two returned. */
  readonly returned: readonly [boolean, boolean];
}

/**
 * Two writers that both marked the map undo each other's mark, so that both miss theirs.
 *
 * In Go the change of the mark is no atomic step. When one writer's change falls into the middle of the other's, one of the
 * two is lost, the mark stands, and the writer that ends first passes unnoticed: then nothing is asked. Nor is it where one
 * writer had looked at its mark before the other made its own.
 */
export const writersNotice: CheckedProperty<OverlapFacts> = {
  name: 'map.writers-notice-each-other',
  statement:
    'When two callers write, and no third, and each marks the map before either looks at its mark again, neither ' +
    'ends well: both are fatal there, unless a change of the flags was lost between them.',
  source: 'Go runtime/map.go since 1.12: hashWriting is toggled by XOR; golang/go issue 26703',
  holds: ({ isOverlap, isChangeLost, returned }) =>
    !isOverlap || isChangeLost || (!returned[0] && !returned[1]),
  explain: ({ calls, returned }) => {
    const [unnoticed, other] = returned[0] ? calls : calls.toReversed();
    return {
      message: `${unnoticed} and ${other} both marked the map before either looked at its mark again, and ${unnoticed} ended as if it had been alone.`,
      expected: 'fatal error: concurrent map writes, from both',
      actual: returned[0] && returned[1] ? 'both returned' : `${unnoticed} returned`,
    };
  },
};

/** The promises beyond those to a single caller. */
export const concurrentProperties: readonly Property[] = [
  readersAreFree,
  callersNotice,
  writersNotice,
];
