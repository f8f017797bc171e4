/** From the names a user typed to targets. */
import { suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { BARE_PROJECT, type Project } from './project.ts';

/**
 * The targets of the given names, in that order and once each; the project's default ones where none is named.
 *
 * @throws UsageError E-USAGE-002 for an unknown name.
 */
export function selectTargets(
  names: readonly string[],
  project: Pick<Project, 'targets' | 'defaultNames'> = BARE_PROJECT,
): Target[] {
  const wanted = names.length === 0 ? project.defaultNames : names;
  return [...new Set(wanted)].map((name) => {
    const target = project.targets.find((candidate) => candidate.name === name);
    if (target !== undefined) return target;
    throw new UsageError(`unknown target ${JSON.stringify(name)}`, {
      code: 'E-USAGE-002',
      place: 'TARGET',
      todo: suggest(
        name,
        project.targets.map((candidate) => candidate.name),
      ),
    });
  });
}
