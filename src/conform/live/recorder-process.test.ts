import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conformLive } from './live.ts';

const hasShell = process.platform !== 'win32';

/** A folder of the test's own, and in it the folder that counts as the system's temporary one. */
let folder: string;
let temporary: string;
const savedTemporary = process.env['TMPDIR'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-live-test-'));
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  process.env['TMPDIR'] = temporary;
});

afterEach(() => {
  if (savedTemporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = savedTemporary;
  rmSync(folder, { recursive: true, force: true });
});

/** A command that acts as `go`: says a version, and builds a recorder that is this script. */
function fakeGo(options: { version?: string; build?: string; recorder?: string }): string {
  const recorder = join(folder, 'built');
  writeFileSync(recorder, `#!/bin/sh\n${options.recorder ?? 'exit 0'}\n`);
  chmodSync(recorder, 0o755);
  const go = join(folder, 'fake-go');
  const build = options.build ?? `cp ${recorder} "$4"`;
  writeFileSync(
    go,
    `#!/bin/sh
case "$1" in
  version) ${options.version ?? 'echo go version go1.30 linux/amd64'} ;;
  build) ${build} ;;
esac
`,
  );
  chmodSync(go, 0o755);
  return go;
}

const greeting =
  '{"kind":"recorder","go":"go1.30","goos":"linux","goarch":"amd64",' +
  '"classicMap":false,"classicSyncMap":false,"clear":true,"clone":true}';
const trace = '{"kind":"sync-results","trace":"sync-0","stats":{"ops":1}}';

function say(...lines: string[]): string {
  return lines.map((line) => `echo '${line}'`).join('\n');
}

describe.skipIf(!hasShell)('when something is wrong with Go', () => {
  test('a recorder that does its work is compared to the end', async () => {
    const recorder = say(
      greeting,
      trace,
      '{"op":"load","k":1,"r":null}',
      '{"kind":"end","traces":1}',
    );
    const report = await conformLive({ seed: '1', traces: 1, go: fakeGo({ recorder }) });
    expect(report).toMatchObject({ verdict: 'holds', go: 'go1.30', traces: 1, results: 1 });
  });

  test('a trace that differs is handed back whole', async () => {
    const recorder = say(greeting, trace, '{"op":"load","k":1,"r":5}', '{"kind":"end","traces":1}');
    const report = await conformLive({ seed: '1', traces: 1, go: fakeGo({ recorder }) });
    expect(report.verdict).toBe('fails');
    expect(report.mismatches[0]).toMatchObject({ file: 'sync-0', line: 2, field: 'r' });
    expect(report.failedTraces).toEqual([
      { kind: 'sync-results', name: 'sync-0', lines: [trace, '{"op":"load","k":1,"r":5}'] },
    ]);
  });

  test.each([
    ['is not there', () => join(folder, 'no-such-go'), 'E-LIVE-001', 'there is no command'],
    [
      'is too old',
      () => fakeGo({ version: 'echo go version go1.17.2 linux/amd64' }),
      'E-LIVE-002',
      'needs Go 1.18 or later',
    ],
    [
      'is something else',
      () => fakeGo({ version: 'echo hello' }),
      'E-LIVE-002',
      'expected the version of a Go, found "hello"',
    ],
    [
      'fails at its version',
      () => fakeGo({ version: 'echo no network >&2; exit 1' }),
      'E-LIVE-002',
      'exit code 1: no network',
    ],
    [
      'cannot build',
      () => fakeGo({ build: 'echo main.go:1: broken >&2; exit 2' }),
      'E-LIVE-003',
      'exit code 2: main.go:1: broken',
    ],
    [
      'builds a recorder that crashes',
      () => fakeGo({ recorder: `${say(greeting, trace)}\necho boom >&2\nexit 3` }),
      'E-LIVE-004',
      'exit code 3: boom',
    ],
    [
      'builds a recorder that is killed',
      () => fakeGo({ recorder: `${say(greeting)}\nkill -9 $$` }),
      'E-LIVE-004',
      'ended by SIGKILL',
    ],
    [
      'builds a recorder that babbles',
      // It would go on for long: it must be ended.
      () => fakeGo({ recorder: `${say('hello')}\nexec sleep 100` }),
      'E-LIVE-005',
      'expected the greeting of the recorder, found hello',
    ],
    [
      'builds a recorder with a header of no kind',
      () => fakeGo({ recorder: say(greeting, '{"kind":"other"}') }),
      'E-LIVE-005',
      'expected the header of a trace',
    ],
    [
      'builds a recorder with lines of no trace',
      () => fakeGo({ recorder: say(greeting, '{"op":"load"}') }),
      'E-LIVE-005',
      'expected the header of a trace, found {"op":"load"}',
    ],
    [
      'builds a recorder with records of no shape',
      () =>
        fakeGo({ recorder: say(greeting, trace, '{"op":"load"}', '{"kind":"end","traces":1}') }),
      'E-LIVE-005',
      'sync-0:2: at $.k:',
    ],
    [
      'builds a recorder that stops short',
      () => fakeGo({ recorder: say(greeting, trace, '{"op":"load","k":1,"r":null}') }),
      'E-LIVE-005',
      'expected an end after 1 traces of each kind',
    ],
    [
      'builds a recorder that goes on after its end',
      () => fakeGo({ recorder: say(greeting, '{"kind":"end","traces":1}', trace) }),
      'E-LIVE-005',
      'expected nothing after the end',
    ],
  ])('Go %s', async (_title, go, code, due) => {
    const outcome = conformLive({ seed: '1', traces: 1, go: go() });
    await expect(outcome).rejects.toMatchObject({ name: 'UsageError', code });
    await expect(outcome).rejects.toThrow(due);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('an abort ends the recorder and leaves nothing behind', async () => {
    const controller = new AbortController();
    const recorder = `${say(greeting, trace, '{"op":"load","k":1,"r":null}', trace)}\nexec sleep 100`;
    const outcome = conformLive({
      seed: '1',
      traces: 1,
      go: fakeGo({ recorder }),
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(outcome).rejects.toThrow('enough');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test('a number of traces that is none is refused', async () => {
  await expect(conformLive({ seed: '1', traces: 0 })).rejects.toMatchObject({ code: 'E-LIVE-006' });
});
