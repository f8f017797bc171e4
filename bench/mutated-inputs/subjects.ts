/** Everything that mapcheck reads and somebody else may have written: samples, and the reader that the commands use. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { builtInTargets } from '../../models/targets.ts';
import { loadConfig } from '../../src/config/load.ts';
import { settle } from '../../src/config/settings.ts';
import { conform } from '../../src/conform/conform.ts';
import { judgeHistories } from '../../src/history/index.ts';
import { parseAnswer } from '../../src/process/protocol.ts';
import type { Integers } from '../../src/random/integers.ts';
import { PartsJournal } from '../../src/run/explore-parts.ts';
import { PARTS_FORMAT, VERSION, type ShardFile } from '../../src/run/explore-shard-format.ts';
import { mergeExploreShards } from '../../src/run/explore-shards.ts';
import { encodeLine } from '../../src/run/journal/format.ts';
import { mergeShards, openShards } from '../../src/run/journal/merge.ts';
import { summariseJournals } from '../../src/run/journal/summary.ts';
import { BARE_PROJECT } from '../../src/run/project.ts';
import { replaySchedule } from '../../src/run/replay-schedule.ts';
import { replayTrace } from '../../src/run/replay.ts';
import { selectTargets } from '../../src/run/select-targets.ts';
import { parseTrace, readAnyTrace } from '../../src/trace/read.ts';
import { mutate, mutateJson } from './mutate.ts';

/** One kind of input. */
export interface Subject {
  readonly name: string;
  /** Share of all mutations, as a weight. */
  readonly weight: number;
  /** Whole inputs, as text. */
  readonly samples: readonly string[];
  /** Damages a sample; `mutate` unless given. */
  readonly damage?: (text: string, random: Integers) => string;
  /** Reads the text as the command does, and returns the verdict; throws a `UsageError` for bad input. */
  readonly read: (text: string) => Promise<string> | string;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Files that mapcheck itself has written, with the code as it is. */
export interface OwnFiles {
  /** The journal of a campaign. */
  readonly journal: string;
  /** The file of a shard of an exploration. */
  readonly shard: string;
}

/** All kinds. `folder` is for files that readers want; it must be empty. */
export function subjectsIn(folder: string, { journal, shard }: OwnFiles): Subject[] {
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  mkdirSync(join(folder, 'journal'));
  const own = JSON.parse(shard) as ShardFile;
  return [
    {
      name: 'configuration',
      weight: 4,
      samples: CONFIGS.map((config) => JSON.stringify(config, null, 2)),
      read: async (text) => {
        file('mapcheck.config.json', text);
        const config = await loadConfig(undefined, folder);
        for (const command of ['run', 'ci', 'explore']) {
          settle(command, { flag: () => undefined, environment: {}, config, file: 'config' });
        }
        return 'holds';
      },
    },
    {
      name: 'trace',
      weight: 5,
      samples: textsBelow('traces').filter((text) => text.includes('"mapcheck-trace"')),
      read: (text) => replayTrace(parseTrace(text, 'a.json', builtInTargets)).verdict,
    },
    {
      name: 'trace of an interleaving',
      weight: 2,
      samples: textsBelow('traces')
        .filter((text) => text.includes('"mapcheck-schedule"'))
        .map((text) => text.replace(/"mutant":\s*"[^"]*"/, '"mutant": null')),
      read: async (text) => {
        const loaded = readAnyTrace(file('schedule.json', text), builtInTargets);
        if (!('schedule' in loaded)) return replayTrace(loaded).verdict;
        return (await replaySchedule(loaded.schedule)).verdict;
      },
    },
    {
      name: 'journal',
      weight: 4,
      samples: [journal],
      damage: damageJournal,
      read: async (text) => {
        file('journal/shard-1-of-1.ndjson', text);
        await summariseJournals(join(folder, 'journal'));
        const shards = await openShards([join(folder, 'journal')]);
        const targets = selectTargets(shards.plan.targets, BARE_PROJECT);
        const tracesFolder = join(folder, 'traces');
        return (await mergeShards(shards, targets, { tracesFolder })).verdict;
      },
    },
    {
      name: 'shard of an exploration',
      weight: 2,
      samples: [shard],
      damage: damageJournal,
      read: async (text) =>
        (await mergeExploreShards([file('explore-1-of-1.json', text)], null)).verdict,
    },
    {
      name: 'journal of a shard',
      weight: 2,
      samples: [partsOf(own)],
      damage: damageJournal,
      read: (text) => {
        file('explore-1-of-1.parts.ndjson', text);
        const found = new PartsJournal(folder, own).read([]);
        return found === null || found.results.length < own.results.length
          ? 'inconclusive'
          : 'holds';
      },
    },
    {
      name: 'line of the protocol',
      weight: 4,
      samples: ANSWERS,
      read: (text) => {
        for (const op of [
          'hello',
          'new',
          'get',
          'has',
          'size',
          'entries',
          'loadOrStore',
          'range',
        ]) {
          const answer = parseAnswer(text, { id: 3, op });
          if (!['result', 'error', 'nonsense'].includes(answer.kind)) return answer.kind;
        }
        return 'holds';
      },
    },
    {
      name: 'history',
      weight: 3,
      samples: HISTORIES,
      read: (text) => judgeHistories(text, { file: 'a.ndjson' })[0]?.verdict ?? 'holds',
    },
    {
      name: 'recording of Go',
      weight: 3,
      samples: goldenTexts(),
      read: (text) => conform([file('golden.ndjson', text)]).verdict,
    },
  ];
}

function damageJournal(text: string, random: Integers): string {
  return random.below(2) === 0 ? mutate(text, random) : resigned(text, random);
}

/** What a shard that was ended would have left, just before its end. */
function partsOf({ codeHash, shard, frontier, lessons, results }: ShardFile): string {
  const header = { format: PARTS_FORMAT, version: VERSION, codeHash, shard, frontier, lessons };
  return [header, ...results].map((record) => `${encodeLine(record)}\n`).join('');
}

/** A journal whose lines are changed and signed again: only then what stands in them is looked at. */
function resigned(text: string, random: Integers): string {
  const lines = text.trimEnd().split('\n');
  const at = random.below(lines.length);
  const { check: _, ...record } = JSON.parse(lines[at]!) as Record<string, unknown>;
  const changed = JSON.parse(mutateJson(JSON.stringify(record), random)) as unknown;
  const isRecord = typeof changed === 'object' && changed !== null;
  lines[at] = isRecord ? encodeLine(changed).trimEnd() : JSON.stringify(changed);
  return `${lines.join('\n')}\n`;
}

function textsBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

/** The beginnings of the recordings: as many lines as are compared in a moment. */
function goldenTexts(): string[] {
  return ['maps', 'syncmap'].flatMap((kind) => {
    const folder = join(root, 'traces/golden', kind);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.gz'))
      .toSorted((left, right) => (left < right ? -1 : 1))
      .map((name) => gunzipSync(readFileSync(join(folder, name))).toString('utf8'))
      .map((text) => `${text.split('\n').slice(0, 60).join('\n')}\n`);
  });
}

const CONFIGS = [
  { seed: '007', runs: 5, workers: 2, bail: 1, targets: ['sync-map'], traces: 'traces' },
  { reporters: ['default', 'junit=a.xml'], ci: { seed: '1', runs: 20 }, time: '30s' },
  { explore: { strategy: 'pct', preemptions: 2, max: 100, seed: 'x' } },
];

const ANSWERS = [
  { id: 3, result: null },
  { id: 3, result: 12 },
  { id: 3, result: [[1, { float: 'NaN' }]] },
  { id: 3, result: { actual: { undefined: true }, loaded: false } },
  { id: 3, result: { version: 1, operations: ['get', 'set', 'delete'] } },
  { id: 3, error: 'index out of range' },
].map((answer) => JSON.stringify(answer));

const HISTORIES = [
  [
    { format: 'map-history/1', name: 'mutated', model: 'map', initial: { k: 7 } },
    { process: 0, type: 'invoke', op: 'swap', key: 'k', value: 8 },
    { process: 1, type: 'invoke', op: 'load', key: 'k' },
    { process: 1, type: 'ok', op: 'load', value: 8 },
    { process: 0, type: 'ok', op: 'swap', ret: 7, ok: true },
    { process: 2, type: 'invoke', op: 'compareAndSwap', key: 'k', old: 8, value: 9 },
    { process: 1, type: 'invoke', op: 'range' },
    { process: 2, type: 'info' },
    { process: 1, type: 'ok', op: 'range', entries: [['k', 8]], complete: true },
  ],
  [
    { format: 'map-history/1', name: 'log', model: 'kv' },
    { process: 0, type: 'invoke', op: 'append', key: 'a', value: 'x' },
    { process: 1, type: 'invoke', op: 'get', key: 'a' },
    { process: 0, type: 'ok', op: 'append' },
    { process: 1, type: 'ok', op: 'get', value: 'x' },
  ],
].map((events) => `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
