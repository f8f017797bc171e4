/** What callers from several threads are promised: Go allows many readers, or one writer. */
import type { Property } from '../../src/core/property.ts';

/** Readers need no lock among themselves. */
export const readersAreFree: Property = {
  name: 'map.readers-are-free',
  statement:
    'Callers that only read or iterate, however many at once, race with nobody and change nothing.',
  source: 'Go documentation of maps: concurrent reads are safe; mapiterinit marks atomically',
};

/** The promises beyond those to a single caller. */
export const concurrentProperties: readonly Property[] = [readersAreFree];
