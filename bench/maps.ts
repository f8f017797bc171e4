/**
 * Speed of the maps against the native one: `node dist/bench/maps.js --help`.
 *
 * Each cell, a kind of key, a kind of value and a size, is measured in a process of its own, so that what V8 learns from
 * one cell does not slow the next one down.
 */
import { writeFileSync } from 'node:fs';
import { parseCount } from '../src/cli/options.ts';
import type { CellRequest, CellResult } from './harness/cell.ts';
import type { Aim, Benchmark, Output } from './harness/command-line.ts';
import { parseNames, parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { findEngine, PEER } from './harness/engines.ts';
import { KEY_KINDS } from './harness/keys.ts';
import type { Operation } from './harness/loops.ts';
import { OPERATION_TITLES, OPERATIONS } from './harness/loops.ts';
import type { MachineFacts } from './report/machine.ts';
import { machineFacts, machineLine } from './report/machine.ts';
import { formatSize } from './report/markdown.ts';
import { askProcesses, pool } from './harness/processes.ts';
import { spreadOf } from './harness/statistics.ts';
import { VALUE_KINDS } from './harness/values.ts';
import type { MapsRow } from './report/maps.ts';
import { mapsMarkdown } from './report/maps.ts';

const DEFAULT_ENGINES = ['native', 'go-map', 'tree-bucket-map', 'sync-map'];
/** From this size on only the engines that are meant for it take part, unless others are named. */
const LARGE_SIZE = 5_000_000;
const LARGE_ENGINES = ['native', 'go-map'];

const OPTIONS = {
  sizes: { kind: 'text', default: '1e3,1e5,1e6,1e7', help: 'entries' },
  engines: {
    kind: 'text',
    default: '',
    help: `NAME, or NAME=PATH for another build (${DEFAULT_ENGINES.join(',')}; large maps ${LARGE_ENGINES.join(',')})`,
  },
  keys: { kind: 'text', default: 'int,string', help: KEY_KINDS.join(', ') },
  values: { kind: 'text', default: 'number,object', help: VALUE_KINDS.join(', ') },
  operations: { kind: 'text', default: OPERATIONS.join(','), help: 'what to report' },
  processes: { kind: 'text', default: '', help: 'one after the other (3; 2 from 10^6 entries)' },
  rounds: {
    kind: 'text',
    default: '',
    help: 'turns of each engine in each process (3; 2 from 10^6 entries, 1 from 5 × 10^6)',
  },
  block: { kind: 'text', default: '20', help: 'least milliseconds of a timed block' },
  quick: { kind: 'flag', help: 'sizes 1e3,1e5 in one process' },
  json: { kind: 'text', default: '', help: 'write the rows to this file' },
  markdown: { kind: 'flag', help: 'print tables instead of lines' },
} as const;

/** Everything `--json` writes. */
interface MapsFile {
  readonly machine: MachineFacts;
  readonly clock: CellResult['clock'];
  readonly rows: readonly MapsRow[];
}

/** The benchmark. */
export const mapsBenchmark: Benchmark = {
  name: 'maps',
  title:
    'Times each operation of the maps, as a ratio to the native Map; above 1 is faster. About 10 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const requests = requestsOf(args);
    const processes =
      options.processes === '' ? null : parseCount('--processes', options.processes, 1);
    const machine = machineFacts();
    const rows: MapsRow[] = [];
    let clock: CellResult['clock'] = 'processor';
    for (const request of requests) {
      const { size, keys, values, operations, engines } = request;
      output.err(`maps: ${size} entries, ${keys} keys, ${values} values\n`);
      const processCount = processes ?? (options.quick ? 1 : processesFor(size));
      const results = await askProcesses(request, processCount);
      const added = pool(results, operations, engines, PEER).map(({ ratios, ...row }) => ({
        ...row,
        keys,
        values,
        size,
        ratio: spreadOf(ratios.flat()),
      }));
      rows.push(...added);
      clock = results[0]!.clock;
      if (!options.markdown) printLines(added, output);
    }
    const file: MapsFile = { machine, clock, rows };
    if (options.json !== '') writeFileSync(options.json, `${JSON.stringify(file, null, 1)}\n`);
    output.err(`${machineLine(machine)}; ${clock} time\n`);
    return { markdown: options.markdown ? mapsMarkdown(rows) : '', aims: aimsOf(rows) };
  },
};

/** The cells that a command line asks for, smallest first. @throws UsageError */
export function requestsOf(args: readonly string[]): CellRequest[] {
  const options = parseOptions(args, OPTIONS);
  const keyKinds = parseNames('--keys', options.keys, KEY_KINDS);
  const valueKinds = parseNames('--values', options.values, VALUE_KINDS);
  const operations = parseNames('--operations', options.operations, OPERATIONS);
  const rounds = options.rounds === '' ? null : parseCount('--rounds', options.rounds, 1);
  const blockMilliseconds = parseCount('--block', options.block, 1);
  const named = options.engines === '' ? null : options.engines.split(',');
  named?.forEach(findEngine);
  return parseSizes('--sizes', options.quick ? '1e3,1e5' : options.sizes).flatMap((size) => {
    const chosen = named ?? (size >= LARGE_SIZE ? LARGE_ENGINES : DEFAULT_ENGINES);
    const engines = [PEER, ...chosen.filter((name) => name !== PEER)];
    const turns = rounds ?? roundsFor(size);
    return keyKinds.flatMap((keys) =>
      valueKinds.map((values) => ({
        size,
        keys,
        values,
        engines,
        operations,
        rounds: turns,
        blockMilliseconds,
      })),
    );
  });
}

/** How many times as fast as the native map `GoMap` is to be, with integer keys and number values, from 10^5 entries. */
const GO_MAP_AIMS: Readonly<Partial<Record<Operation, number>>> = {
  hit: 1,
  miss: 1,
  insert: 1,
  update: 1.8,
  delete: 2,
};

/** The aims that rows bear on. */
export function aimsOf(rows: readonly MapsRow[]): Aim[] {
  return rows.flatMap(({ engine, operation, keys, values, size, ratio }) => {
    const aim = GO_MAP_AIMS[operation];
    const isMeant = engine === 'go-map' && keys === 'int' && values === 'number' && size >= 1e5;
    if (!isMeant || aim === undefined) return [];
    const what = `${OPERATION_TITLES[operation]}, ${formatSize(size)} integer keys with number values`;
    return [{ what, aim, measured: ratio.median }];
  });
}

function processesFor(size: number): number {
  return size >= 1e6 ? 2 : 3;
}

function roundsFor(size: number): number {
  if (size >= LARGE_SIZE) return 1;
  return size >= 1e6 ? 2 : 3;
}

function printLines(rows: readonly MapsRow[], output: Output): void {
  for (const { engine, operation, keys, values, size, nanoseconds, ratio } of rows) {
    const what = `${engine.padEnd(16)} ${operation.padEnd(8)} ${keys} → ${values}`.padEnd(44);
    const time = `${nanoseconds.toFixed(2).padStart(9)} ns`;
    const quartiles = `(${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`;
    output.out(
      `${what} ${String(size).padStart(8)} ${time} ${ratio.median.toFixed(2)}× ${quartiles}\n`,
    );
  }
}

await runIfMain(import.meta.url, mapsBenchmark);
