import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: delete and get of a key that moves',
  // a, b and c collide; deleting a moves b and c.
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['a', 'b', 'c']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.delete('a'), (map) => map.get('c')],
  check: (map, [, seen]) => {
    if (seen !== 'c') throw new Error(`get returned ${seen}`);
    if (map.length !== 2) throw new Error(`${map.length} entries`);
  },
  instrument: ['sharedmap'],
});
