import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { replayMapTrace } from './replay.ts';

const FOLDER = new URL('../../../../shared/groundtruth/maps/', import.meta.url);
const hasTraces = existsSync(FOLDER);

function readLines(name: string): string[] {
  const bytes = readFileSync(new URL(name, FOLDER));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n');
}

const names = hasTraces ? readdirSync(FOLDER).toSorted() : [];

describe.skipIf(!hasTraces)('traces recorded from Go 1.19.8', () => {
  test.each(names)('%s: every record and dump, native keys and string keys', (name) => {
    const lines = readLines(name);
    for (const keys of ['native', 'text'] as const) {
      const replay = replayMapTrace(lines, name, { keys });
      expect(replay.mismatches.slice(0, 5)).toEqual([]);
      expect(replay.skipped).toEqual([]);
      expect(replay.records + replay.dumps).toBe(lines.length - 1);
    }
  });
});
