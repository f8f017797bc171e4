import type { Recovery } from '../run/pool.ts';
import type { Terminal } from './terminal.ts';

/** Deaths that are told one by one. */
const NOTES_MAX = 5;

/** Says that a worker died and that nothing came of it: code that crashes now and then is worth knowing of. */
export function recoveryNote(terminal: Terminal): (recovery: Recovery) => void {
  let notes = 0;
  return ({ target, run, seen }) => {
    if (notes++ >= NOTES_MAX) return;
    const more = notes === NOTES_MAX ? ' Further ones are not told.' : '';
    terminal.stderr.write(
      `A worker died in run ${run} of ${target} (${seen}); made again, the run came through.${more}\n`,
    );
  };
}
