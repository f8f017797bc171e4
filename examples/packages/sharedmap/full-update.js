import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: update in a full map',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['d', 'a', 'g', 'h']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.set('a', 'x')],
  instrument: ['sharedmap'],
});
