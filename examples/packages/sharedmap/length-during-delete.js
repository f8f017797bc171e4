import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: length while a key is deleted',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['a', 'b', 'c']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.delete('a'), (map) => map.length],
  check: (_, [, length]) => {
    if (length !== 3 && length !== 2) throw new Error(`length was ${length}`);
  },
  instrument: ['sharedmap'],
});
