import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

/** Says whether there was room, which only one of the two may find. */
function trySet(map, key) {
  try {
    map.set(key, key);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export default defineProgram({
  name: 'sharedmap: two sets for the last entry',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['d', 'a', 'h']) map.set(key, key);
    return map;
  },
  threads: [(map) => trySet(map, 'g'), (map) => trySet(map, 'j')],
  check: (map, results) => {
    if (results.filter(Boolean).length !== 1 || map.length !== 4) throw new Error('not one of two');
  },
  instrument: ['sharedmap'],
});
