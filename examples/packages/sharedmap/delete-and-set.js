import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: delete and set of colliding keys',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['a', 'b']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.delete('a'), (map) => map.set('c', 'x')],
  check: (map) => {
    if (
      map.length !== 2 ||
      map.get('a') !== undefined ||
      map.get('b') !== 'b' ||
      map.get('c') !== 'x'
    )
      throw new Error('lost');
  },
  instrument: ['sharedmap'],
});
