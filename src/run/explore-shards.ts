/**
 * Shards of the exhaustive exploration of a program file: each is explored apart and leaves one file; together they give
 * the report of the whole.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
import { exploreShard, sumOfShards } from '../core/explore/shard.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { codeHash } from './code-hash.ts';
import {
  assertExplored,
  describeExplored,
  type ProgramAtHand,
  type ProgramReport,
} from './explore-program.ts';
import { PartsJournal } from './explore-parts.ts';
import {
  damaged,
  FORMAT,
  frontierHash,
  keptResult,
  requireSameHash,
  sha256,
  SHARD_FILE,
  SHARD_OPTIONS,
  shardFile,
  VERSION,
  type ShardFile,
} from './explore-shard-format.ts';
import { decodeLine, encodeLine } from './journal/format.ts';
import { cannotWrite } from './journal/write.ts';
import type { Shard } from './plan.ts';

/** How to explore a shard. */
export interface ExploreShardOptions {
  readonly shard: Shard;
  /** The folder of the shards' files. */
  readonly folder: string;
  readonly tracesFolder: string | null;
  /** Whether to go on with what this shard left there when it was ended. Default false: it is begun anew. */
  readonly resumes?: boolean;
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
  { shard, folder, tracesFolder, resumes = false, onExecution }: ExploreShardOptions,
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
  const journal = new PartsJournal(folder, { shard, codeHash: hash });
  const others = lessonsIn(folder, hash);
  const before = resumes ? journal.read(others) : null;
  for (const { report } of before?.results ?? []) executions += report.complete;
  const result = exploreShard(
    program,
    { ...SHARD_OPTIONS, ...(onExecution === undefined ? {} : listener) },
    {
      ...shard,
      lessons: before?.lessons ?? others,
      done: before?.results ?? [],
      onParts: (parts, known) => journal.begin(parts, known),
      onPart: (part) => journal.add(part),
    },
  );
  const { parts, lessons } = result;
  // The sum over this shard's parts alone, as if there were no others.
  const own = { parts: result.results.map(({ number }) => parts[number]!), lessons };
  const results = result.results.map((each, number) => ({ ...each, number }));
  const { report: exploration } = sumOfShards([{ ...own, results }], SHARD_OPTIONS);
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
    frontier: frontierHash(result),
    ...result,
  });
  journal.remove();
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
        .filter((name) => SHARD_FILE.test(name))
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
  requireSameHash(first!.path, first!.codeHash, programHash(files));
  const { report: exploration, missing } = sumOfShards(shards, SHARD_OPTIONS);
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
    requireSameHash(each.path, each.codeHash, first!.codeHash);
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

function different(at: ReadShard, other: ReadShard, what: string): UsageError {
  return new UsageError(`the shards are of different explorations: ${what}`, {
    code: 'E-MERGE-001',
    place: at.path,
    todo: `Compare with ${other.path}, and name the files of one exploration.`,
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
  const results = shard.results.map(keptResult);
  try {
    mkdirSync(folder, { recursive: true });
    // Under its own name only when it is whole.
    writeFileSync(`${path}.part`, `${encodeLine({ ...shard, results })}\n`);
    renameSync(`${path}.part`, path);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function programHash(files: readonly string[]): string {
  const parts = files.map((file) => sha256(readFileSync(file, 'utf8')));
  return sha256([codeHash(), ...parts].join());
}
