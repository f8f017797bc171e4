import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: clear and set',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['a', 'b']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.clear(), (map) => map.set('c', 'x')],
  check: (map) => {
    const keys = [...map.keys()].join();
    if ((keys !== '' && keys !== 'c') || map.length !== (keys === '' ? 0 : 1))
      throw new Error(`keys ${keys}`);
  },
  instrument: ['sharedmap'],
});
