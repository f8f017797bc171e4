import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: two sets of colliding keys',
  setup: () => new SharedMap(4, 4, 4),
  threads: [(map) => map.set('a', 'x'), (map) => map.set('b', 'y')],
  check: (map) => {
    if (map.length !== 2 || map.get('a') !== 'x' || map.get('b') !== 'y') throw new Error('lost');
  },
  instrument: ['sharedmap'],
});
