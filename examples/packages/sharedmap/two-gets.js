import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: two gets',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    map.set('a', 'x');
    return map;
  },
  threads: [(map) => map.get('a'), (map) => map.get('a')],
  check: (_, seen) => {
    if (seen.some((value) => value !== 'x')) throw new Error(`gets returned ${seen}`);
  },
  instrument: ['sharedmap'],
});
