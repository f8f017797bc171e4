import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: two sets of one new key',
  setup: () => new SharedMap(4, 4, 4),
  threads: [(map) => map.set('a', 'x'), (map) => map.set('a', 'y')],
  check: (map) => {
    const value = map.get('a');
    if (map.length !== 1 || (value !== 'x' && value !== 'y')) {
      throw new Error(`${map.length} entries, value ${value}`);
    }
  },
  instrument: ['sharedmap'],
});
