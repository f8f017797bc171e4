import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: set under lockExclusive, and get',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    map.set('a', 'xx');
    return map;
  },
  threads: [
    (map) => {
      map.lockExclusive();
      map.set('a', 'yy', { lockExclusive: true });
      map.unlockExclusive();
    },
    (map) => map.get('a'),
  ],
  check: (_, [, seen]) => {
    if (seen !== 'xx' && seen !== 'yy') throw new Error(`get returned ${seen}`);
  },
  instrument: ['sharedmap'],
});
