import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: set wraps around while get follows a chain',
  // d and e belong to line 0, g to line 2 and h to line 3. With line 1 taken for a while, e goes to line 3.
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['d', 'a', 'g', 'e']) map.set(key, key);
    map.delete('a');
    return map;
  },
  threads: [(map) => map.set('h', 'h'), (map) => map.get('e')],
  instrument: ['sharedmap'],
});
