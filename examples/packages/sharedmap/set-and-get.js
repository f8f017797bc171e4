import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: set and get of one key',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    map.set('a', 'xx');
    return map;
  },
  threads: [(map) => map.set('a', 'yy'), (map) => map.get('a')],
  check: (_, [, seen]) => {
    if (seen !== 'xx' && seen !== 'yy') throw new Error(`get returned ${seen}`);
  },
  instrument: ['sharedmap'],
});
