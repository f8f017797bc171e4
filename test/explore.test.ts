/** `mapcheck explore` from outside: program files as people write them. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-explore-test-'));
beforeAll(() => {
  // A project that has mapcheck installed.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'mapcheck'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function mapcheck(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [join(root, 'bin/mapcheck.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

function write(name: string, body: string): string {
  writeFileSync(
    join(folder, name),
    `import { defineProgram } from 'mapcheck';
export default defineProgram({
  name: '${name.replace(/\.\w+$/, '')}',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  ${body}
});
`,
  );
  return name;
}

const FENCED = `threads: [
    (memory: Int32Array) => { memory[0] = 42; Atomics.store(memory, 1, 1); },
    (memory: Int32Array) => (Atomics.load(memory, 1) === 1 ? memory[0] : -1),
  ],
  check: (memory, results) => { if (results[1] === 0) throw new Error('saw the flag, not the data'); },`;

const CROSSED = `threads: [
    (memory: Int32Array) => { Atomics.store(memory, 1, 1); Atomics.store(memory, 0, 42); },
    (memory: Int32Array) => (Atomics.load(memory, 1) === 1 ? Atomics.load(memory, 0) : -1),
  ],
  check: (memory, results) => { if (results[1] === 0) throw new Error('saw the flag, not the data'); },`;

describe('explore', () => {
  test('message passing holds in both of its classes', () => {
    const { code, stdout, stderr } = mapcheck('explore', write('fenced.ts', FENCED), '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'holds',
      program: 'fenced',
      strategy: 'exhaustive',
      executions: 2,
      blocked: 0,
      exhaustive: true,
      failure: null,
    });
    expect(code).toBe(0);
  });

  test('a plain flag is a data race, at its two places', () => {
    const file = write('racy.ts', FENCED.replace('Atomics.store(memory, 1, 1)', 'memory[1] = 1'));
    const { code, stdout } = mapcheck('explore', file);
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  racy / race   racy.ts');
    // The places are those of the file as written, types and all.
    expect(stdout).toContain('racy.ts:6:31');
    expect(stdout.match(/<- race/g)).toHaveLength(2);
  });

  test('a failure is saved, replays, and holds once the program is mended', () => {
    const file = write('crossed.ts', CROSSED);
    const { code, stdout } = mapcheck('explore', file, '--json');
    expect(code).toBe(1);
    const { failure } = JSON.parse(stdout) as { failure: { kind: string; trace: string } };
    expect(failure.kind).toBe('assertion');
    const failing = mapcheck('replay', failure.trace, '--json');
    expect(failing.code).toBe(1);
    expect(JSON.parse(failing.stdout)).toMatchObject({
      verdict: 'fails',
      property: 'assertion',
      divergedAt: null,
    });
    // The same scheduling points, and nothing to complain of.
    write('crossed.ts', CROSSED.replace('results[1] === 0', 'results[1] === 7'));
    expect(mapcheck('replay', failure.trace).code).toBe(0);
    // Other scheduling points: the replay says where it stops being the one that was kept.
    write(
      'crossed.ts',
      CROSSED.replace('Atomics.store(memory, 1, 1);', 'Atomics.load(memory, 1);'),
    );
    const changed = mapcheck('replay', failure.trace, '--json');
    expect(JSON.parse(changed.stdout)).toMatchObject({ verdict: 'inconclusive', divergedAt: 0 });
    expect(changed.code).toBe(3);
  });

  test('an invariant over two places fails in a state that its class alone does not show', () => {
    // Two independent writes: one class, whose one execution has no state in which only the second is done.
    const body = `threads: [
    (memory: Int32Array) => { Atomics.store(memory, 0, 1); },
    (memory: Int32Array) => { Atomics.store(memory, 1, 1); },
  ],`;
    const plain = mapcheck('explore', write('ahead.ts', body), '--json');
    expect(JSON.parse(plain.stdout)).toMatchObject({ verdict: 'holds', executions: 1 });
    const rule = (behind: number): string =>
      `invariants: { 'never ahead': (memory) => {
        if (memory[${1 - behind}]! > memory[${behind}]!) throw new Error('ahead');
      } },`;
    for (const behind of [0, 1]) {
      const { code, stdout } = mapcheck(
        'explore',
        write('ahead.ts', `${body} ${rule(behind)}`),
        '--json',
      );
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        verdict: 'fails',
        failure: { kind: 'invariant', message: 'never ahead: Error: ahead' },
      });
    }
    const held = mapcheck(
      'explore',
      write('ahead.ts', `${body} invariants: { small: (m) => { if (m[0]! > 1) throw m; } },`),
      '--json',
    );
    expect(JSON.parse(held.stdout)).toMatchObject({ verdict: 'holds', executions: 2 });
  });

  test('sampling is the same for the same seed, and counts schedules', () => {
    const file = write('fenced.ts', FENCED);
    const args = ['explore', file, '--strategy', 'pos', '--max', '50', '--seed', '007', '--json'];
    const { stdout } = mapcheck(...args);
    expect(JSON.parse(stdout)).toMatchObject({ strategy: 'pos', schedules: 50, classes: 2 });
    expect(mapcheck(...args).stdout).toBe(stdout);
  });

  test('a budget that ends the work is inconclusive', () => {
    const { code, stdout } = mapcheck('explore', write('fenced.ts', FENCED), '--max', '1');
    expect(code).toBe(3);
    expect(stdout).toContain('inconclusive: the bound on executions (1) ended the work');
  });

  test('a failure that takes more preemptions than the bound is told, with the bound', () => {
    const file = write('crossed-bound.ts', CROSSED);
    const { code, stdout } = mapcheck('explore', file, '--preemptions', '0');
    expect(code).toBe(1);
    expect(stdout).toContain('The bound was 0 preemptions: this takes more.');
    expect(mapcheck('explore', file, '--preemptions', '1').stdout).not.toContain('The bound was');
  });

  test('classes are counted by the preemptions they need', () => {
    writeFileSync(
      join(folder, 'increments.js'),
      `import { defineProgram } from 'mapcheck';
       export default defineProgram({
         name: 'increments',
         setup: () => new Int32Array(new SharedArrayBuffer(4)),
         threads: [(memory) => { Atomics.add(memory, 0, 1); Atomics.add(memory, 0, 1); },
                   (memory) => { Atomics.add(memory, 0, 1); Atomics.add(memory, 0, 1); }],
       });`,
    );
    const whole = JSON.parse(mapcheck('explore', 'increments.js', '--json').stdout) as object;
    expect(whole).toMatchObject({ executions: 6, exhaustive: true });
    const bounded = mapcheck('explore', 'increments.js', '--preemptions', '1', '--json').stdout;
    // Both orders without a switch, two classes with one preemption, two with two.
    expect(JSON.parse(bounded)).toMatchObject({ executions: 4, exhaustive: false });
  });
});

describe('what cannot be explored ends with exit code 2', () => {
  test.each([
    ['threads: [() => 1, () => 2],', 'no thread reached shared memory'],
    ['threads: [],', 'thread'],
    ['threads: [(memory) => { Atomics.store(memory, 0, 1; }],', 'bad.ts:5:'],
  ])('%s', (body, message) => {
    const { code, stdout, stderr } = mapcheck('explore', write('bad.ts', body));
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a file that is not there, an unknown strategy, a damaged schedule', () => {
    expect(mapcheck('explore', 'nowhere.ts').code).toBe(2);
    const unknown = mapcheck('explore', write('fenced.ts', FENCED), '--strategy', 'ptc');
    expect(unknown.stderr).toContain('Did you mean pct?');
    expect(unknown.code).toBe(2);
    writeFileSync(join(folder, 'bad.json'), '{"format": "mapcheck-schedule", "version": 1}');
    const damaged = mapcheck('replay', 'bad.json');
    expect(damaged.stderr).toContain('bad.json:1: $.file');
    expect(damaged.code).toBe(2);
  });
});

test('a replay says which threads are left out, and what others wait for, in the words of the source', () => {
  const body = `threads: [
    (memory: Int32Array) => { if (Atomics.load(memory, 0) === 0) Atomics.wait(memory, 1, 0); },
    (memory: Int32Array) => { Atomics.store(memory, 0, 1); Atomics.notify(memory, 1); },
    (memory: Int32Array) => { Atomics.store(memory, 0, 1); },
  ],`;
  const { stdout } = mapcheck('explore', write('waits.ts', body), '--json');
  const { failure } = JSON.parse(stdout) as { failure: { trace: string; leftOut: number[] } };
  expect(failure.leftOut.length).toBeGreaterThan(0);
  const replay = mapcheck('replay', failure.trace);
  expect(replay.code).toBe(1);
  expect(replay.stdout).toMatch(
    /no thread can move: T1 waits to be notified at memory\[1\] \(waits\.ts:6:\d+\)/,
  );
  expect(replay.stdout).toMatch(
    /T\d(, T\d)? left out: the failure that was kept does not need (it|them)\./,
  );
});

test('the trace of a failure reads as a list of steps for each thread', () => {
  const { stdout } = mapcheck('explore', write('crossed.ts', CROSSED), '--json');
  const { failure } = JSON.parse(stdout) as { failure: { trace: string } };
  expect(readFileSync(join(folder, failure.trace), 'utf8')).toContain(
    '{ "kind": "load", "location": "setup #0, byte 4", "expression": "Atomics.load(memory, 1)", "place": "crossed.ts:7:30", "after": [[0,0]] }',
  );
});

describe('the engine from outside', () => {
  const FIBONACCI = `import { defineProgram } from 'mapcheck';
const add = (m: Int32Array, target: number) => {
  for (let i = 0; i < 4; i++) Atomics.store(m, target, Atomics.load(m, 0) + Atomics.load(m, 1));
};
export default defineProgram({
  name: 'fibonacci',
  setup: () => new Int32Array(new SharedArrayBuffer(8)).fill(1),
  threads: [
    (m: Int32Array) => add(m, 0),
    (m: Int32Array) => add(m, 1),
    (m: Int32Array) => { if (Atomics.load(m, 0) <= 144) Atomics.load(m, 1); },
  ],
});
`;

  test('any number of workers gives the same answer, in every byte', () => {
    writeFileSync(join(folder, 'fibonacci.ts'), FIBONACCI);
    const [one, two] = ['1', '2'].map((workers) =>
      mapcheck('explore', 'fibonacci.ts', '--workers', workers, '--json'),
    );
    expect(JSON.parse(one!.stdout)).toMatchObject({ executions: 19_605, blocked: 0 });
    expect(two!.stdout).toBe(one!.stdout);
  });

  test('code that does not repeat itself is said to, with the step', () => {
    const body = `threads: [(m: Int32Array) => {
      Atomics.store(m, 0, 1);
      if (Math.random() < 0.5) Atomics.load(m, 1); else Atomics.store(m, 1, 1);
    }],`;
    const file = write('chance.ts', body);
    const { code, stdout } = mapcheck('explore', file);
    expect(stdout).toContain('nondeterministic: step 1, of thread 1, at chance.ts:7:');
    expect(stdout).toContain('Math.random');
    expect(code).toBe(4);
    const { divergence } = JSON.parse(mapcheck('explore', file, '--json').stdout) as {
      readonly divergence: { readonly stepIndex: number };
    };
    expect(divergence.stepIndex).toBe(1);
  });

  test('a loop that goes on for ever is inconclusive, and its line is named', () => {
    const body = `threads: [(m: Int32Array) => {
      let count = 0;
      while (Atomics.load(m, 0) === 0) count++;
      return count;
    }],`;
    const { code, stdout } = mapcheck('explore', write('endless.ts', body));
    expect(stdout).toContain('the bound of 2,000 steps an execution');
    expect(stdout).toContain('Last place reached: endless.ts:7:');
    expect(code).toBe(3);
  });

  test('the schedule of a seed that fails is run again alone', () => {
    const file = write('crossed.ts', CROSSED);
    const args = ['explore', file, '--strategy', 'surw', '--seed', '007', '--json'];
    const all = JSON.parse(mapcheck(...args).stdout) as { readonly failedSchedule: number };
    const alone = mapcheck(...args, '--schedule', String(all.failedSchedule));
    expect(JSON.parse(alone.stdout)).toMatchObject({
      verdict: 'fails',
      schedules: 1,
      failedSchedule: all.failedSchedule,
    });
    const other = mapcheck(...args, '--schedule', String(all.failedSchedule + 1_000));
    expect(JSON.parse(other.stdout)).toMatchObject({ schedules: 1 });
  });
});
