import { defineProgram } from 'mapcheck';

function countVisit(visits: Int32Array): void {
  const seen = Atomics.load(visits, 0);
  Atomics.store(visits, 0, seen + 1);
}

export default defineProgram({
  name: 'visits',
  setup: () => new Int32Array(new SharedArrayBuffer(4)),
  threads: [countVisit, (visits) => Atomics.load(visits, 0), countVisit],
  check: (visits) => {
    if (visits[0] !== 2) throw new Error(`${visits[0]} visit counted instead of 2`);
  },
});
