/** The example recorder in Go: histories of the real sync.Map are linearizable, those of a broken map are not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { judgeHistories } from '../src/history/index.ts';

const SOURCE = fileURLToPath(new URL('../examples/go-recorder', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-go-recorder-'));
const program = join(folder, 'go-recorder');
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a Go is there that can build it: 1.23 or later. */
function canBuild(): boolean {
  const found = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '');
  if (found === null || Number(found[1]) < 23) return false;
  const built = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: SOURCE,
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off', GOFLAGS: '-mod=mod' },
  });
  if (built.status !== 0) throw new Error(`go build failed: ${built.stderr}`);
  return true;
}

const isBuilt = canBuild();

function recordOf(map: string): string {
  const args = ['-map', map, '-goroutines', '6', '-operations', '400'];
  const ran = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  expect(ran.stderr).toBe('');
  return ran.stdout;
}

test.skipIf(!isBuilt)('sync.Map is linearizable', () => {
  const [report] = judgeHistories(recordOf('sync'));
  expect(report).toMatchObject({ verdict: 'linearizable', notes: [] });
  expect(report!.operations).toBeGreaterThan(2_000);
});

test.skipIf(!isBuilt)('a map that checks first and acts later is not', () => {
  const [report] = judgeHistories(recordOf('broken'));
  expect(report!.verdict).toBe('not-linearizable');
  expect(report!.explanation!.operations.length).toBeLessThan(40);
});
