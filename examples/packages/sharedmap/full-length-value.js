import { defineProgram } from 'mapcheck';
import SharedMap from 'sharedmap';

export default defineProgram({
  name: 'sharedmap: value of full length beside another',
  setup: () => {
    const map = new SharedMap(4, 4, 4);
    map.set('a', 'xx');
    return map;
  },
  threads: [(map) => map.set('d', 'yyyy'), (map) => map.get('a')],
  instrument: ['sharedmap'],
});
