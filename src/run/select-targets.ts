/** From the names a user typed to targets. */
import { builtInTargets, defaultTargetNames } from '../../models/targets.ts';
import { suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';

/**
 * The targets of the given names, in that order and once each; the default ones where none is named.
 *
 * @throws UsageError E-USAGE-002 for an unknown name.
 */
export function selectTargets(names: readonly string[]): Target[] {
  const wanted = names.length === 0 ? defaultTargetNames : [...new Set(names)];
  return wanted.map((name) => {
    const target = builtInTargets.find((candidate) => candidate.name === name);
    if (target !== undefined) return target;
    throw new UsageError(`unknown target ${JSON.stringify(name)}`, {
      code: 'E-USAGE-002',
      place: 'TARGET',
      todo: suggest(
        name,
        builtInTargets.map((candidate) => candidate.name),
      ),
    });
  });
}
