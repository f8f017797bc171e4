import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

// aaaa belongs to line 0 and is as long as a key may be; a stands in line 1. One thread is enough.
export default defineProgram({
  name: 'sharedmap: key of full length beside another',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    map.set('a', 'v');
    return map;
  },
  threads: [(map) => map.set('aaaa', 'w')],
  check: (map) => {
    if (map.get('a') !== 'v') throw new Error(`${map.length} entries, and a is gone`);
  },
  instrument: ['sharedmap'],
});
