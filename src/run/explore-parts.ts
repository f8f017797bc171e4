/**
 * The journal of a shard of an exploration: a line for each part that is done, so that a shard whose process was ended
 * goes on where it was. It is there only until the shard is done.
 *
 * Lines are those of other journals: each with a check of its own text, the last one without a line feed counting for
 * nothing. A line that says how the parts are cut stands first, and again wherever something was learned and they were
 * cut anew: then what stands before it counts for nothing either.
 */
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PartResult } from '../core/explore/shard.ts';
import type { Subtree } from '../core/explore/subtree.ts';
import {
  damaged,
  frontierHash,
  keptResult,
  PARTS_FORMAT,
  partResult,
  partsHeader,
  requireSameHash,
  VERSION,
  type PartsHeader,
} from './explore-shard-format.ts';
import { decodeLine, encodeLine } from './journal/format.ts';
import { cannotWrite } from './journal/write.ts';
import type { Shard } from './plan.ts';

/** Schedules that taught something about a program. */
type Lessons = readonly (readonly number[])[];

/** Parts that were done before. */
export interface DoneParts {
  readonly lessons: Lessons;
  readonly results: readonly PartResult[];
}

export class PartsJournal {
  readonly #path: string;
  readonly #folder: string;
  readonly #identity: Pick<PartsHeader, 'shard' | 'codeHash'>;
  /** How the parts are cut that the lines at the end of the file are of; `null` before anything is known. */
  #frontier: string | null = null;
  #lessonCount = 0;

  /** Nothing is read or written yet. */
  constructor(folder: string, identity: { readonly shard: Shard; readonly codeHash: string }) {
    const { index, count } = identity.shard;
    this.#folder = folder;
    this.#path = join(folder, `explore-${index}-of-${count}.parts.ndjson`);
    this.#identity = identity;
  }

  /**
   * What was done before, or `null` where there is nothing, or other shards have learned more since.
   *
   * @throws UsageError E-JOURNAL-007 for other code, 003 for a line that is damaged.
   */
  read(others: Lessons): DoneParts | null {
    const text = this.#text();
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    let header: PartsHeader | null = null;
    let results: PartResult[] = [];
    for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
      const record = decodeLine(line);
      const part = partResult.safeParse(record);
      if (part.success && header !== null) {
        results.push(part.data);
        continue;
      }
      const begin = partsHeader.safeParse(record);
      if (!begin.success) throw damaged(`${this.#path}:${index + 1}`, 'it is no line of a shard');
      header = begin.data;
      results = [];
      requireSameHash(this.#path, header.codeHash, this.#identity.codeHash);
    }
    if (header === null || others.length > header.lessons.length) return null;
    this.#cut(Buffer.byteLength(whole));
    this.#frontier = header.frontier;
    this.#lessonCount = header.lessons.length;
    return { lessons: header.lessons, results };
  }

  /**
   * To be called when the parts are known, and again when they are cut anew.
   *
   * @throws UsageError E-JOURNAL-001, and 003 where those that were done are not of these.
   */
  begin(parts: readonly Subtree[], lessons: Lessons): void {
    const frontier = frontierHash({ parts, lessons });
    if (frontier === this.#frontier) return;
    const isNew = this.#frontier === null;
    if (!isNew && lessons.length === this.#lessonCount) {
      throw damaged(this.#path, 'the program is cut into other parts now');
    }
    this.#lessonCount = lessons.length;
    this.#frontier = frontier;
    const { shard, codeHash } = this.#identity;
    const header: PartsHeader = {
      format: PARTS_FORMAT,
      version: VERSION,
      codeHash,
      shard,
      frontier,
      lessons,
    };
    this.#write(header, isNew);
  }

  /** Notes a part that is done. @throws UsageError E-JOURNAL-001. */
  add(result: PartResult): void {
    this.#write(keptResult(result), false);
  }

  /** To be called when the shard is done and has its own file. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #text(): string {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw damaged(this.#path, (error as Error).message);
    }
  }

  #cut(length: number): void {
    try {
      truncateSync(this.#path, length);
    } catch (error) {
      throw cannotWrite(this.#path, error);
    }
  }

  #write(record: object, isNew: boolean): void {
    const line = `${encodeLine(record)}\n`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      if (isNew) writeFileSync(this.#path, line);
      else appendFileSync(this.#path, line);
    } catch (error) {
      throw cannotWrite(this.#path, error);
    }
  }
}
