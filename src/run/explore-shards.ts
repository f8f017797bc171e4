/**
 * Shards of the exhaustive exploration of a program file: each is explored apart and leaves one file; together they give
 * the report of the whole.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
import { exploreShard, sumOfShards, type ShardResult } from '../core/explore/shard.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { codeHash } from './code-hash.ts';
import {
  assertExplored,
  describeExplored,
  REPETITIONS,
  type ProgramAtHand,
  type ProgramReport,
} from './explore-program.ts';
import { decodeLine, encodeLine } from './journal/format.ts';
import { cannotWrite } from './journal/write.ts';
import type { Shard } from './plan.ts';

const FORMAT = 'mapcheck-explore-shard';
const VERSION = 1;
const FILE = /^explore-\d+-of-\d+\.json$/;
const OPTIONS = { hasHashes: true, repetitions: REPETITIONS } as const;

/** The file of one shard. */
interface ShardFile extends ShardResult {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly file: string;
  readonly program: string;
  /** SHA-256 of mapcheck's code and of every file that is stepped. */
  readonly codeHash: string;
  readonly options: { readonly strategy: 'exhaustive' };
  readonly shard: Shard;
  /** SHA-256 of the parts and of what was learned on the way to them. */
  readonly frontier: string;
}

const count = z.int().nonnegative();
const threads = z.array(count);
const place = { thread: z.int(), point: z.int() };
const report = z.strictObject({
  verdict: z.enum(['holds', 'fails', 'inconclusive', 'nondeterministic']),
  complete: count,
  deadlocks: count,
  parked: count,
  truncated: count,
  redundant: count,
  steps: count,
  stepsReplayed: count,
  isExhaustive: z.boolean(),
  locationCount: count,
  hashSum: z.string().regex(/^[0-9a-f]{16}$/),
  mispredictions: count,
  failure: z
    .strictObject({
      kind: z.enum(['assertion', 'race', 'deadlock', 'invariant', 'linearizability', 'divergence']),
      property: z.string(),
      message: z.string(),
      details: z.array(z.string()),
      schedule: threads,
      race: z.tuple([count, count]).nullable(),
      thread: z.int(),
      execution: count,
    })
    .nullable(),
  bound: z
    .strictObject({
      bound: z.enum(['steps', 'executions', 'local-loop']),
      limit: count,
      loop: z.int(),
      ...place,
    })
    .nullable(),
  divergence: z
    .strictObject({
      stepIndex: count,
      first: z.string(),
      second: z.string(),
      schedule: threads,
      ...place,
    })
    .nullable(),
});

const shardFile: z.ZodType<ShardFile> = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  file: z.string().min(1),
  program: z.string(),
  codeHash: z.string().regex(/^[0-9a-f]{64}$/),
  options: z.strictObject({ strategy: z.literal('exhaustive') }),
  shard: z
    .strictObject({ index: z.int().positive(), count: z.int().positive() })
    .refine(({ index, count: all }) => index <= all),
  frontier: z.string().regex(/^[0-9a-f]{64}$/),
  parts: z
    .array(z.strictObject({ prefix: threads, asleep: z.array(z.int()), known: count }))
    .min(1),
  results: z.array(z.strictObject({ number: count, runs: count, report })),
  lessons: z.array(threads),
}) as never;

/** How to explore a shard. */
export interface ExploreShardOptions {
  readonly shard: Shard;
  /** The folder of the shards' files. */
  readonly folder: string;
  readonly tracesFolder: string | null;
  /** Told after every execution how many there were. */
  readonly onExecution?: (executions: number) => void;
}

/**
 * Explores one shard of a program file and writes its file; the report is of this shard alone.
 *
 * What shards of the same code in that folder have learned about the program is taken into account.
 *
 * @throws UsageError as `exploreProgram`; E-JOURNAL-001 where the file cannot be written.
 */
export async function exploreProgramShard(
  file: string,
  { shard, folder, tracesFolder, onExecution }: ExploreShardOptions,
): Promise<ProgramReport> {
  const { definition, program, files } = await loadProgram(file);
  const hash = programHash(files);
  let executions = 0;
  const listener = {
    onExecution: () => {
      onExecution?.(++executions);
      return undefined;
    },
  };
  const result = exploreShard(
    program,
    { ...OPTIONS, ...(onExecution === undefined ? {} : listener) },
    { ...shard, lessons: lessonsIn(folder, hash) },
  );
  const { parts, lessons } = result;
  // The sum over this shard's parts alone, as if there were no others.
  const own = { parts: result.results.map(({ number }) => parts[number]!), lessons };
  const results = result.results.map((each, number) => ({ ...each, number }));
  const { report: exploration } = sumOfShards([{ ...own, results }], OPTIONS);
  // A shard may have no part.
  if (results.length > 0) assertExplored(file, exploration);
  const reported = reportShard({ file, name: definition.name, program }, tracesFolder, exploration);
  write(folder, {
    format: FORMAT,
    version: VERSION,
    file,
    program: definition.name,
    codeHash: hash,
    options: { strategy: 'exhaustive' },
    shard,
    frontier: sha256(JSON.stringify([parts, lessons])),
    ...result,
  });
  return { ...reported, program: `${definition.name} (shard ${shard.index}/${shard.count})` };
}

function reportShard(
  at: ProgramAtHand,
  tracesFolder: string | null,
  exploration: ExplorationReport,
): ProgramReport {
  const options = { strategy: 'exhaustive', preemptions: null, executionsMax: null } as const;
  return describeExplored(
    at,
    { ...options, seed: '', tracesFolder },
    {
      verdict: exploration.verdict,
      exploration,
      histogram: null,
      preemptions: null,
      sampling: null,
      isInterrupted: false,
    },
  );
}

/** The files of shards of explorations in some folders, a folder that cannot be read having none. */
export function exploreShardFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => FILE.test(name))
        .toSorted()
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
}

/**
 * The report of the whole from the files of all shards.
 *
 * @throws UsageError E-MERGE-001 for files of different explorations, 002 for a shard that is there twice, 003 for one that
 *   is missing, 005 for one that knew less than another; E-JOURNAL-007 for other code, 003 for a file that is damaged.
 */
export async function mergeExploreShards(
  paths: readonly string[],
  tracesFolder: string | null,
): Promise<ProgramReport> {
  const shards = paths.map((path) => ({ path, ...read(path) }));
  const [first] = shards;
  requireWhole(shards);
  const { definition, program, files } = await loadProgram(first!.file);
  requireSame(first!, programHash(files));
  const { report: exploration, missing } = sumOfShards(shards, OPTIONS);
  if (missing >= 0) {
    throw damaged(first!.path, `no shard has part ${missing + 1} of ${first!.parts.length}`);
  }
  assertExplored(first!.file, exploration);
  const at = { file: first!.file, name: definition.name, program };
  return reportShard(at, tracesFolder, exploration);
}

type ReadShard = ShardFile & { readonly path: string };

function requireWhole(shards: readonly ReadShard[]): void {
  const [first] = shards;
  const found = new Map<number, ReadShard>();
  for (const each of shards) {
    requireSame(each, first!.codeHash);
    const { index } = each.shard;
    for (const name of ['file', 'program', 'options', 'count'] as const) {
      const [left, right] = [first!, each].map((one) =>
        JSON.stringify(name === 'count' ? one.shard.count : one[name]),
      );
      if (left !== right) throw different(each, first!, `${name} ${right}, not ${left}`);
    }
    const other = found.get(index);
    if (other !== undefined) {
      throw new UsageError(`shard ${index}/${each.shard.count} is there twice`, {
        code: 'E-MERGE-002',
        place: each.path,
        todo: `Leave one of them out; the other is ${other.path}.`,
      });
    }
    found.set(index, each);
  }
  requireAll(first!, found);
  requireSameLessons(shards);
  const owners = new Map<number, ReadShard>();
  for (const each of shards) {
    if (each.frontier !== first!.frontier) throw different(each, first!, 'it has other parts');
    for (const { number } of each.results) {
      const other = owners.get(number);
      if (number >= each.parts.length || other !== undefined) {
        throw damaged(each.path, `part ${number + 1} is not its own`);
      }
      owners.set(number, each);
    }
  }
}

function requireAll({ shard, file }: ReadShard, found: ReadonlyMap<number, unknown>): void {
  const missing: string[] = [];
  for (let index = 1; index <= shard.count && missing.length < 10; index++) {
    if (!found.has(index)) missing.push(`${index}/${shard.count}`);
  }
  if (missing.length === 0) return;
  throw new UsageError(
    missing.length === 1
      ? `a shard is missing: ${missing[0]}`
      : `shards are missing: ${missing.join(', ')}`,
    {
      code: 'E-MERGE-003',
      place: 'DIR',
      todo: `Run it: mapcheck explore ${file} --shard ${missing[0]} --journal DIR.`,
    },
  );
}

/** What one shard alone has learned can change what steps depend on: the others did not count the same classes. */
function requireSameLessons(shards: readonly ReadShard[]): void {
  const most = shards.reduce((a, b) => (b.lessons.length > a.lessons.length ? b : a));
  for (const each of shards) {
    if (JSON.stringify(each.lessons) === JSON.stringify(most.lessons)) continue;
    throw new UsageError(`shard ${most.shard.index} came upon what this shard did not know of`, {
      code: 'E-MERGE-005',
      place: each.path,
      todo: `Run shard ${each.shard.index} again with the files of all shards in its folder: it reads them first.`,
    });
  }
}

function requireSame({ codeHash: has, path }: ReadShard, hash: string): void {
  if (has === hash) return;
  throw new UsageError(
    `it was written by other code: ${has.slice(0, 12)}, this is ${hash.slice(0, 12)}`,
    {
      code: 'E-JOURNAL-007',
      place: path,
      todo: 'Use the program, and the version of mapcheck, that wrote it; or explore all shards anew.',
    },
  );
}

function different(at: ReadShard, other: ReadShard, what: string): UsageError {
  return new UsageError(`the shards are of different explorations: ${what}`, {
    code: 'E-MERGE-001',
    place: at.path,
    todo: `Compare with ${other.path}, and name the files of one exploration.`,
  });
}

function damaged(path: string, what: string): UsageError {
  return new UsageError(`it is not as it was written: ${what}`, {
    code: 'E-JOURNAL-003',
    place: path,
    todo: 'Explore this shard again.',
  });
}

/** Lessons of whichever shard of the same code has most; damaged files are left to `merge`. */
function lessonsIn(folder: string, hash: string): readonly (readonly number[])[] {
  let most: readonly (readonly number[])[] = [];
  for (const path of exploreShardFiles([folder])) {
    const shard = readOrNull(path);
    if (shard?.codeHash === hash && shard.lessons.length > most.length) most = shard.lessons;
  }
  return most;
}

function readOrNull(path: string): ShardFile | null {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function read(path: string): ShardFile {
  let record: unknown;
  try {
    record = decodeLine(readFileSync(path, 'utf8').trimEnd());
  } catch (error) {
    throw damaged(path, (error as Error).message);
  }
  const parsed = shardFile.safeParse(record);
  if (parsed.success) return parsed.data;
  throw damaged(path, parsed.error.issues[0]?.message ?? 'it does not parse');
}

function write(folder: string, shard: ShardFile): void {
  const { index, count: all } = shard.shard;
  const path = join(folder, `explore-${index}-of-${all}.json`);
  const results = shard.results.map((each) => ({ ...each, report: withoutErrors(each.report) }));
  try {
    mkdirSync(folder, { recursive: true });
    // Under its own name only when it is whole.
    writeFileSync(`${path}.part`, `${encodeLine({ ...shard, results })}\n`);
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** What was thrown means something in this process only; the schedule tells the rest. */
function withoutErrors(from: ExplorationReport): unknown {
  if (from.failure === null) return from;
  const { error: _, history: __, ...failure } = from.failure;
  return { ...from, failure };
}

function programHash(files: readonly string[]): string {
  const parts = files.map((file) => sha256(readFileSync(file, 'utf8')));
  return sha256([codeHash(), ...parts].join());
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
