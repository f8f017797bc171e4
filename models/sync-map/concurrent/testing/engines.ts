/** What tests of concurrent sync.Map programs share: operations by name, and engines with one text replaced. */
import type { Operation } from '../../../../src/core/program.ts';
import { loadEngine } from '../../../../src/instrument/load-program.ts';
import { steppedEngine, type SteppedEngine } from '../engine.ts';

export const store = (k: number, v: number): Operation => ({ op: 'store', k, v });
export const load = (k: number): Operation => ({ op: 'load', k });
export const remove = (k: number): Operation => ({ op: 'loadAndDelete', k });
export const range: Operation = { op: 'range' };

/**
 * The engine with one text replaced.
 *
 * @throws Error if the text does not stand exactly once in the file.
 */
export async function mutated(file: string, find: string, replace: string): Promise<SteppedEngine> {
  let count = 0;
  const module = await loadEngine('sync-map', {
    patch: (path, code) => {
      if (!path.endsWith(file)) return code;
      count += code.split(find).length - 1;
      return code.replace(find, replace);
    },
  });
  if (count !== 1) throw new Error(`the text stands ${count} times in ${file}: ${find}`);
  return steppedEngine(module);
}
