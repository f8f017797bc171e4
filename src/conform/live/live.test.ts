/** Live comparison with every Go that is on this machine; nothing is downloaded for it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replayMapTrace } from '../map/replay.ts';
import { conformLive } from './live.ts';
import {
  runRecorder,
  withRecorder,
  type GoCommand,
  type RecordedTrace,
} from './recorder-process.ts';

/** A first build compiles the standard library, which may take minutes on a small machine. */
const TIMEOUT_MS = 300_000;

const go = spawnSync('go', ['env', 'GOMODCACHE', 'GOOS', 'GOARCH'], { encoding: 'utf8' });
const hasGo = go.status === 0;
const [cache = '', goos = '', goarch = ''] = hasGo ? go.stdout.split('\n') : [];

function hasToolchain(version: string): boolean {
  const folder = `toolchain@v0.0.1-${version}.${goos}-${goarch}`;
  return hasGo && existsSync(join(cache, 'golang.org', folder));
}

function command(version: string): GoCommand {
  return { command: 'go', environment: { GOTOOLCHAIN: version }, signal: undefined };
}

async function record(
  goCommand: GoCommand,
  seed: string,
  traces: number,
): Promise<RecordedTrace[]> {
  return withRecorder(goCommand, async (recorder) => {
    const recorded: RecordedTrace[] = [];
    for await (const part of runRecorder(goCommand, recorder, { seed, traces })) {
      if ('lines' in part) recorded.push(part);
    }
    return recorded;
  });
}

describe.each([
  ['go1.20.14', 'go1.19'],
  ['go1.21.5', 'go1.21'],
  ['go1.23.4', 'go1.23'],
])('%s, if it is in the module cache', (version, profile) => {
  const isThere = hasToolchain(version);

  test.skipIf(!isThere)(
    'every operation agrees in result and state',
    async () => {
      const environment = { GOTOOLCHAIN: version };
      const report = await conformLive({ seed: 'live', traces: 8, environment });
      expect(report.mismatches.slice(0, 3)).toEqual([]);
      expect(report).toMatchObject({ verdict: 'holds', go: version, profile, traces: 24 });
      expect(report.records).toBeGreaterThan(2_000);
      expect(report.dumps).toBeGreaterThan(500);
      expect(report.notApplicable.join(' ')).toContain('NaN');
    },
    TIMEOUT_MS,
  );

  // The comparison must be able to fail: under the rules of another release the same traces differ.
  test.skipIf(!isThere)(
    'the profile of another release does not agree',
    async () => {
      const traces = await record(command(version), 'live', 8);
      const other = profile === 'go1.21' ? 'go1.23.4' : 'go1.21.5';
      const mismatches = traces
        .filter((trace) => trace.kind === 'map')
        .flatMap(({ lines, name }) => {
          const [header = '', ...rest] = lines;
          return replayMapTrace([header.replace(version, other), ...rest], name).mismatches;
        });
      expect(mismatches.length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(!hasGo)('the Go on the PATH', () => {
  test(
    'agrees in all that applies to it',
    async () => {
      const progress: number[] = [];
      const report = await conformLive({
        seed: 'live',
        traces: 8,
        onProgress: (compared) => progress.push(compared),
      });
      expect(report.mismatches.slice(0, 3)).toEqual([]);
      expect(report.verdict).toBe('holds');
      expect(report.records + report.results).toBeGreaterThan(2_000);
      expect(report.notApplicable.length).toBeGreaterThan(0);
      expect(progress.at(-1)).toBe(report.traces);
    },
    TIMEOUT_MS,
  );

  test(
    'is given the same operations for the same seed',
    async () => {
      const goCommand: GoCommand = { command: 'go', environment: {}, signal: undefined };
      const [first, second, other] = [
        await record(goCommand, 'a', 4),
        await record(goCommand, 'a', 4),
        await record(goCommand, 'b', 4),
      ].map(choicesOf);
      expect(second).toEqual(first);
      expect(other).not.toEqual(first);
    },
    TIMEOUT_MS,
  );
});

/** What was chosen in each trace, without what only Go could know: results, hashes, when an iteration ended. */
function choicesOf(traces: readonly RecordedTrace[]): unknown[] {
  return traces.map(({ name, lines }) => {
    const records = lines.slice(1).map((line) => JSON.parse(line) as Record<string, unknown>);
    const chosen = records.filter(({ op }) => op !== undefined && op !== 'next' && op !== 'iter');
    return [name, chosen.map(({ op, k, v, old, hint }) => [op, k, v, old, hint])];
  });
}
