/** Finds the targets of a plan by name, in whichever thread or process they are to run. */
import { pathToFileURL } from 'node:url';
import { builtInTargets } from '../../models/targets.ts';
import { InternalError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { withTermination } from '../core/termination.ts';

/**
 * The targets named, from the built-in ones and the configuration's own.
 *
 * @throws InternalError E-RUN-003 when there is none of that name: the caller has checked the names before.
 */
export async function loadTargets(
  names: readonly string[],
  config: string | undefined,
): Promise<Target[]> {
  const known = [...builtInTargets, ...(config === undefined ? [] : await ownTargets(config))];
  return names.map((name) => {
    const target = known.find((candidate) => candidate.name === name);
    if (target !== undefined) return target;
    throw new InternalError(`there is no target ${JSON.stringify(name)} in this process`, {
      code: 'E-RUN-003',
      todo: 'Report it with the command that was run.',
    });
  });
}

async function ownTargets(config: string): Promise<Target[]> {
  const module = (await import(pathToFileURL(config).href)) as {
    default: { targets?: readonly (string | Target)[] };
  };
  return (module.default.targets ?? [])
    .filter((target): target is Target => typeof target !== 'string')
    .map(withTermination);
}
