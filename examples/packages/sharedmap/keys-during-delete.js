import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: keys while another key is deleted',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    for (const key of ['d', 'e']) map.set(key, key);
    return map;
  },
  threads: [(map) => map.delete('d'), (map) => [...map.keys()].join()],
  check: (_, [, keys]) => {
    if (!keys.includes('e'))
      throw new Error(`keys() gave ${keys || 'nothing'}, though e was there all the time`);
  },
  instrument: ['sharedmap'],
});
