/**
 * C02 of the catalogue is a mutant of the checker: a comment of sync/map.go (golang/go issue 45429) says that an entry is nil
 * only while dirty is nil. A rule that believes it must raise an alarm about the engine, which is right.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TransitionRule } from '../../../properties/sync-map/observation/rule.ts';
import { SyncMap } from '../../../src/engines/sync-map/index.ts';
import { SyncMapRun } from '../check/run.ts';
import { SYNC_MAP_RULES } from '../rules.ts';
import { syncMapPrograms } from '../programs.ts';

const believedComment: TransitionRule = {
  name: 'nil-only-without-dirty',
  statement: 'An entry is nil only while dirty is nil.',
  source: 'a comment of sync/map.go up to Go 1.16',
  check: ({ after }) =>
    after.dirtySize >= 0 && after.kinds.slice(0, after.rowCount).includes('nil')
      ? { message: 'An entry is nil beside a dirty map.', expected: 'expunged', actual: 'nil' }
      : null,
};

test('a rule that believes the comment about nil entries raises a false alarm at once', () => {
  const rules = SYNC_MAP_RULES['go1.23'];
  const alarms = fc
    .sample(syncMapPrograms(rules), { seed: 1, numRuns: 20 })
    .map((program) =>
      new SyncMapRun({
        rules,
        transitionRules: [believedComment],
        coverage: [],
        engine: SyncMap,
        program,
        options: {},
      }).run(),
    )
    .filter(({ violation }) => violation?.property === believedComment.name);
  expect(alarms.length).toBeGreaterThan(0);
});
