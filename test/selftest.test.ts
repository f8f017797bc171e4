/** `mapcheck selftest` from outside, in short. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

function selftest(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const command = [join(root, 'bin/mapcheck.js'), 'selftest', ...args];
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
  const result = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

test('the engines agree, and rows that are out of reach are named', () => {
  const args = ['--classes', '700', '--visits', '600', '--programs', '40', '--json'];
  const { code, stdout } = selftest(...args);
  const report = JSON.parse(stdout) as {
    readonly verdict: string;
    readonly redundant: number;
    readonly rows: readonly { readonly verdict: string; readonly second: unknown }[];
    readonly skipped: readonly string[];
    readonly programs: { readonly drawn: number; readonly difference: unknown };
  };
  expect(report).toMatchObject({
    verdict: 'holds',
    redundant: 0,
    programs: { drawn: 40, difference: null },
  });
  expect(report.rows.filter((row) => row.second !== null).length).toBeGreaterThan(60);
  expect(report.skipped).toContain('lastzero(15)');
  expect(report.skipped).toContain('indexer(13)');
  expect(code).toBe(0);
});

test('a budget of time that ends the work is inconclusive', () => {
  const { code, stdout } = selftest('--budget', '1ms', '--programs', '40');
  expect(stdout).toContain('no time was left: ');
  expect(stdout).toContain('Inconclusive: time ended the work after');
  expect(code).toBe(3);
});
