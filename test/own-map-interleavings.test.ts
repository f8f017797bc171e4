/** A user's map that threads share: every interleaving of small programs, a trace of the one that fails, its replay. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, runMapcheck, type Ran } from './testing/project.ts';

const folder = makeProject('shared');

/** Slots of a key and a value, each plus 1; `claim` is how a key takes one. */
function writeMap(claim: string): void {
  const code = `
    export class SharedMap {
      slots = new Int32Array(new SharedArrayBuffer(8 * 8192));
      get(key) {
        for (let at = (key & 8191) * 2; ; at = (at + 2) & 16383) {
          const there = Atomics.load(this.slots, at);
          if (there === 0) return undefined;
          const value = there === key + 1 ? Atomics.load(this.slots, at + 1) : 0;
          if (there === key + 1) return value === 0 ? undefined : value - 1;
        }
      }
      set(key, value) {
        for (let at = (key & 8191) * 2; ; at = (at + 2) & 16383) {
          ${claim}
          if (there !== 0 && there !== key + 1) continue;
          Atomics.store(this.slots, at + 1, value + 1);
          return;
        }
      }
    }`;
  writeFileSync(join(folder, 'shared-map.js'), code);
}

const CAREFUL = 'const there = Atomics.compareExchange(this.slots, at, 0, key + 1);';
const CARELESS = `const there = Atomics.load(this.slots, at);
          if (there === 0) Atomics.store(this.slots, at, key + 1);`;

writeFileSync(
  join(folder, 'mapcheck.config.js'),
  `import { defineConfig, defineTarget } from 'mapcheck';
   import { SharedMap } from './shared-map.js';
   export default defineConfig({ targets: [defineTarget({
     name: 'shared',
     model: 'unordered-map',
     create: () => new SharedMap(),
     keyAt: (n) => (n & 8) === 0 ? n & 4095 : (n & 4095) + 8192,
     keys: [],
     values: [],
     interleavings: {
       module: new URL('./shared-map.js', import.meta.url),
       create: (exports) => new exports.SharedMap(),
       keys: [1, 8193],
     },
   })] });`,
);

const mapcheck = (...args: string[]): Ran => runMapcheck(folder, args);

test('an entry that another one overwrites is found, kept as a trace, and replayed', () => {
  writeMap(CARELESS);
  const { code, stdout } = mapcheck('ci', '--runs', '5', '--workers', '1');
  expect(code).toBe(1);
  expect(stdout).toContain('FAIL  shared / shared.linearizable');
  // Both take the same slot, and the one that takes it first is overwritten.
  expect(stdout).toMatch(/T2 store\((?:1|8193), 21\)/);
  const places = readdirSync(join(folder, 'traces/failures'), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => name.endsWith('.json'));
  const trace = join('traces/failures', places[0]!);
  expect(mapcheck('replay', trace).code).toBe(1);
  writeMap(CAREFUL);
  expect(mapcheck('replay', trace).stdout).not.toContain('FAILS');
});

interface Report {
  readonly verdict: string;
  readonly digest: string;
  readonly targets: readonly { interleavings: number; failures: { trace: string }[] }[];
}

test('campaigns make some of their runs with several threads too, and report small what fails', () => {
  writeMap(CARELESS);
  const campaign = (...flags: string[]): { code: number | null; report: Report } => {
    const { code, stdout } = mapcheck('run', '--runs', '300', '--json', ...flags);
    return { code, report: JSON.parse(stdout) as Report };
  };
  const careless = campaign('--traces', 'campaign', '--workers', '1');
  expect(careless.code).toBe(1);
  const [{ trace }] = careless.report.targets[0]!.failures as [{ trace: string }];
  expect(trace).toContain('shared.linearizable');
  const replayed = mapcheck('replay', trace);
  expect(replayed.code).toBe(1);
  expect(replayed.stdout).toContain('T2 store(');
  expect(campaign('--traces', 'campaign', '--workers', '2').report).toEqual(careless.report);
  writeMap(CAREFUL);
  const careful = campaign('--workers', '2');
  expect(careful).toMatchObject({ code: 0, report: { verdict: 'holds' } });
  // Twenty schedules of every fifth run.
  expect(careful.report.targets[0]!.interleavings).toBe(1200);
});

test('code that shares nothing is refused, since nothing was explored', () => {
  writeFileSync(
    join(folder, 'shared-map.js'),
    'export class SharedMap { m = new Map(); get(k) { return this.m.get(k); } set(k, v) { this.m.set(k, v); } }',
  );
  const { code, stderr } = mapcheck('ci', '--runs', '5', '--workers', '1');
  expect(stderr).toContain('E-EXPLORE-001');
  const run = mapcheck('run', '--runs', '5');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('E-EXPLORE-001');
  expect(code).toBe(2);
});

test('a native crash in an interleaving costs the run that it is of', () => {
  writeMap(`const before = Atomics.load(this.slots, at);
          ${CAREFUL}
          if (before !== there) globalThis.process.abort();`);
  const { code, stdout } = mapcheck('run', '--runs', '46', '--workers', '1', '--json');
  expect(code).toBe(1);
  const [target] = (JSON.parse(stdout) as { targets: { runs: number; failures: unknown[] }[] })
    .targets;
  expect(target).toMatchObject({
    runs: 46,
    failures: [
      {
        property: 'shared.no-crash',
        message:
          'The program took its worker down: the worker was ended by SIGABRT, in an interleaving of the run.',
      },
    ],
  });
});
