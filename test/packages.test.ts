/** The packages of others under `examples/packages`: their pages say what the explorer says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exploreProgram, type ExploreProgramOptions } from '../src/run/explore-program.ts';
import { replayFile } from '../src/vitest/replay-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = 'examples/packages';
const packages = ['sharedmap', 'ringbuf', 'multithreading'];

/** Everything is explored if there is time for it; else programs with few classes are, and failures replayed. */
const IS_LONG = process.env['MAPCHECK_LONG'] !== undefined;
const CLASSES_MAX = 2200;
const EVERYTHING: ExploreProgramOptions = {
  strategy: 'exhaustive',
  preemptions: null,
  executionsMax: null,
  seed: '1',
  tracesFolder: null,
};

interface Row {
  readonly program: string;
  readonly verdict: string;
  readonly classes: string;
}

function countOf(classes: string): number {
  return Number(classes.replaceAll(',', ''));
}

function isAffordable({ verdict, classes }: Row): boolean {
  if (IS_LONG || verdict === 'refused') return true;
  return verdict === 'holds' && countOf(classes) <= CLASSES_MAX;
}

/** The rows of a page's table: `| [name](name.js) | … | verdict | classes |`. */
function rowsOf(name: string): Row[] {
  const page = readFileSync(join(root, folder, name, 'README.md'), 'utf8');
  const rows = page.matchAll(/^\| \[([\w-]+)\]\(\1\.js\) +\|[^|]+\| (\S+) +\| +([\d,]*) *\|$/gmu);
  return [...rows].map(([, program, verdict, classes]) => ({
    program: program!,
    verdict: verdict!,
    classes: classes!,
  }));
}

describe.each(packages)('%s', (name) => {
  const rows = rowsOf(name);

  test('its page has a row for each program', () => {
    const files = readdirSync(join(root, folder, name)).filter(
      (file) =>
        file.endsWith('.js') &&
        readFileSync(join(root, folder, name, file), { encoding: 'utf8', flag: 'r' }).includes(
          'export default defineProgram',
        ),
    );
    expect(rows.map(({ program }) => `${program}.js`).toSorted()).toEqual(files.toSorted());
  });

  test.each(rows.filter(isAffordable))(
    '$program: $verdict',
    async ({ program, verdict, classes }) => {
      const file = join(folder, name, `${program}.js`);
      if (verdict === 'refused') {
        const refusal = { code: 'E-INSTRUMENT-010' };
        await expect(exploreProgram(file, EVERYTHING)).rejects.toMatchObject(refusal);
      } else {
        const report = await exploreProgram(file, EVERYTHING);
        expect(report.failure?.kind ?? report.verdict).toBe(verdict);
        const { isExhaustive, complete, redundant } = report.exploration;
        if (verdict === 'holds') expect([isExhaustive, complete]).toEqual([true, countOf(classes)]);
        expect(redundant).toBe(0);
      }
    },
  );

  const traces = readdirSync(join(root, folder, name, 'traces'));

  test('each failure has its trace', () => {
    const failing = rows.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'refused');
    expect(failing.map(({ program }) => `${program}.json`).toSorted()).toEqual(traces.toSorted());
  });

  test.each(traces)('%s fails as it was recorded', async (trace) => {
    const { isAsExpected, lines } = await replayFile(join(folder, name, 'traces', trace), 'fails');
    expect(isAsExpected, lines.join('\n')).toBe(true);
  });
});
