import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: two sets for the last entry',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['d', 'a', 'h']) map.set(key, key);
    return map;
  },
  threads: [
    (map) => map.set('g', 'g'),
    (map) => {
      try {
        map.set('j', 'j');
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    },
  ],
  instrument: ['sharedmap'],
});
