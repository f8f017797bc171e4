/** The worker that mutants are hunted in: one after another, each told of as it goes on. */
import { huntMutant } from './mutant-hunt.ts';
import type { MutantInput, MutantMessage } from './mutants.ts';
import { openPort } from './workers/worker-port.ts';

const { input, logbook, tell } = openPort<MutantInput, MutantMessage>();
const { mutants, first, options } = input;

for (let index = first; index < mutants.length; index++) {
  tell({ kind: 'begin', index });
  const result = await huntMutant(mutants[index]!, options, {
    onNews: (news) => {
      tell(news);
      // Interleavings are bounded by steps and end by themselves; what comes after them is watched.
      if (news.kind === 'target') logbook.beginTicket(index);
    },
    onRun: (run) => logbook.beginRun(run),
  });
  logbook.endTicket();
  tell({ kind: 'done', result });
}
process.exit(0);
