/**
 * Replays one trace of the real Go runtime on the engine and compares everything the trace says.
 *
 * The engine gets the recorded hashes and the recorded random draws; results, state columns,
 * events, digests, layouts and iterator positions must then come out the same, line by line.
 * Nothing is read or written here: lines go in, differences come out.
 */
import { GoMap, type GoMapIterator, type ProfileName } from '../../engines/go-map/index.ts';
import { ConformInputError } from '../input-error.ts';
import type { Mismatch } from '../mismatch.ts';
import { layoutDigest } from './digest.ts';
import { compareDump } from './dump.ts';
import { KeyText, type KeyForm } from './key-text.ts';
import { arePoolSizesKnown, recordedPoolSize } from './pool-sizes.ts';
import {
  parseHeader,
  parseRecord,
  type DumpRecord,
  type IterationRecord,
  type MapTraceHeader,
  type NextRecord,
  type OperationRecord,
  type RangeRecord,
  type SetRecord,
  type StartRecord,
} from './records.ts';
import { stateColumn } from './state-column.ts';

/** After so many differences a replay stops: what follows says nothing new. */
export const MISMATCHES_MAX = 1000;

/** What a replay came to. */
export interface MapReplay {
  /** Operations replayed and compared. */
  readonly records: number;
  /** Layouts compared. */
  readonly dumps: number;
  readonly mismatches: readonly Mismatch[];
  /** What was not compared, and why; a sentence each. */
  readonly skipped: readonly string[];
}

/** How to replay. */
export interface MapReplayOptions {
  /**
   * `native` (default) gives the engine integers as numbers, so that they take the int32 path;
   * `text` gives it all keys but floats as strings.
   */
  readonly keys?: KeyForm;
}

type Engine = GoMap<unknown, unknown>;
type Change = Extract<OperationRecord, { readonly s: readonly number[] }>;

/** The profile of a Go version; `null` if its map has another design. */
export function profileOfGo(version: string): ProfileName | null {
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
  if (!(minor >= 16 && minor < 24)) return null;
  if (minor < 21) return 'go1.19';
  return minor === 21 ? 'go1.21' : 'go1.23';
}

class Replayer {
  readonly #file: string;
  readonly #header: MapTraceHeader;
  readonly #profile: ProfileName;
  readonly #keys: KeyText;
  readonly #columns: readonly string[];
  readonly #iterators: Map<number, GoMapIterator<[unknown, unknown]>> = new Map();
  readonly mismatches: Mismatch[] = [];
  readonly skipped: string[] = [];
  records: number = 0;
  dumps: number = 0;
  #line: number = 1;
  #map: Engine | null = null;
  #hash0: number = 0;
  /** The state after the last change, which reading must not change. */
  #state: readonly number[] = [];
  /** Recorded draws of the operation under way that the engine has not asked for yet. */
  #draws: readonly number[] = [];
  #drawIndex: number = 0;
  #growth: string = '';
  #isGrowthDone: boolean = false;

  constructor(file: string, header: MapTraceHeader, profile: ProfileName, form: KeyForm) {
    this.#file = file;
    this.#header = header;
    this.#profile = profile;
    this.#keys = new KeyText(header.key, form);
    this.#columns = header.sCols;
    for (const column of header.sCols) {
      if (stateColumn(column) === undefined) {
        throw new ConformInputError(
          file,
          1,
          `unknown column ${JSON.stringify(column)} in sCols; expected one such as count or B`,
        );
      }
    }
    if (!arePoolSizesKnown(header.bucketBytes)) {
      this.skipped.push(
        `s.pre: no pool sizes are known for buckets of ${header.bucketBytes} bytes`,
      );
    }
  }

  get isFull(): boolean {
    return this.mismatches.length >= MISMATCHES_MAX;
  }

  /**
   * Replays one line. Returns false if the engine threw, so that nothing after it can be compared.
   */
  replay(text: string, line: number): boolean {
    this.#line = line;
    const record = parseRecord(text, { file: this.#file, line });
    if ('dump' in record) {
      this.#compareDump(record);
      return true;
    }
    if (record.op !== 'make' && this.#map === null) {
      throw new ConformInputError(this.#file, line, 'expected a make before any other operation');
    }
    this.records++;
    this.#draws = record.rnd ?? [];
    this.#drawIndex = 0;
    this.#growth = '';
    this.#isGrowthDone = false;
    try {
      this.#run(record);
    } catch (error) {
      if (error instanceof ConformInputError) throw error;
      this.#report('error', null, error instanceof Error ? error.message : String(error));
      return false;
    }
    if (this.#drawIndex !== this.#draws.length) {
      this.#report('rnd', this.#draws, this.#draws.slice(0, this.#drawIndex));
    }
    this.#compareState(record);
    return true;
  }

  readonly #report = (field: string, expected: unknown, actual: unknown): void => {
    this.mismatches.push({
      file: this.#file,
      line: this.#line,
      field,
      expected: JSON.stringify(expected ?? null),
      actual: JSON.stringify(actual ?? null),
    });
  };

  #expect(field: string, expected: unknown, actual: unknown): void {
    if ((expected ?? null) !== (actual ?? null)) this.#report(field, expected, actual);
  }

  /** The next recorded draw; a draw more than Go made is a difference. */
  #draw(): number {
    if (this.#drawIndex < this.#draws.length) return this.#draws[this.#drawIndex++]!;
    this.#report('rnd', this.#draws, 'one draw more');
    return 0;
  }

  #make(hint: number): Engine {
    return new GoMap<unknown, unknown>({
      hint,
      profile: this.#profile,
      keys: this.#keys.isFloat ? 'float64' : 'javascript',
      hash: (key, seed, draw) => this.#keys.hash(key, seed, draw),
      random: () => this.#draw(),
      wipe: this.#header.ptrBuckets,
      poolSize: (B) => recordedPoolSize(this.#header.bucketBytes, B),
      observer: {
        growthStarted: (kind) => {
          this.#growth = kind === 'doubling' ? 'grow' : 'same';
        },
        growthFinished: () => {
          this.#isGrowthDone = true;
        },
      },
    });
  }

  #run(record: OperationRecord): void {
    if (record.op === 'make') {
      this.#map = this.#make(record.hint);
      this.#iterators.clear();
      return;
    }
    const map = this.#map!;
    switch (record.op) {
      case 'set':
        this.#set(map, record);
        break;
      case 'get':
        this.#expect('r', record.r, map.get(this.#key(record)));
        break;
      case 'has':
        this.#expect('r', record.r, map.has(this.#key(record)));
        break;
      case 'delete':
        map.delete(this.#key(record));
        break;
      case 'clear':
        map.clear();
        break;
      case 'range':
        this.#range(map, record);
        break;
      default:
        this.#step(map, record);
    }
  }

  #key(record: { readonly k: string; readonly h?: string | undefined }): unknown {
    const key = this.#keys.read(record.k);
    this.#keys.learnHash(key, record.h);
    return key;
  }

  #set(map: Engine, record: SetRecord): void {
    const key = this.#key(record);
    this.#keys.learnNan(record.k, record.v);
    map.set(key, record.v);
    if (record.at !== undefined) this.#compareCell(map, record.at, record.v);
  }

  /** A NaN must have landed where Go put it: bucket, position in the chain, cell. */
  #compareCell(map: Engine, at: readonly number[], value: number): void {
    const table = map.inspect().buckets!;
    let bucket = at[0]!;
    for (let position = 0; position < at[1]! && bucket >= 0; position++) {
      bucket = table.overflow(bucket);
    }
    const found = bucket < 0 ? undefined : table.value(bucket, at[2]!);
    if (found !== value) this.#report('at', at, `value ${String(found)} there`);
  }

  #step(map: Engine, record: IterationRecord | NextRecord): void {
    let iterator = this.#iterators.get(record.it);
    if (record.op === 'iter') {
      iterator = map.entries();
      this.#iterators.set(record.it, iterator);
    }
    if (iterator === undefined) {
      const problem = `expected an iter of iterator ${record.it} before its next`;
      throw new ConformInputError(this.#file, this.#line, problem);
    }
    const step = iterator.next();
    const view = iterator.inspect();
    if (record.op === 'iter') this.#compareStart(record, view);
    this.#expect('end', record.end ?? false, step.done ?? false);
    if (step.done === true || record.end === true) return;
    const [key, value] = step.value;
    this.#expect('k', record.k, this.#keys.show(key, value));
    this.#expect('v', record.v, value);
    const position = [view.bucket, view.cell, view.wrapped ? 1 : 0, view.checkBucket];
    if (JSON.stringify(record.p) !== JSON.stringify(position))
      this.#report('p', record.p, position);
  }

  #compareStart(record: StartRecord, view: ReturnType<GoMapIterator<unknown>['inspect']>): void {
    this.#expect('start', record.start, view.isStarted ? view.startBucket : null);
    this.#expect('off', record.off, view.isStarted ? view.offset : null);
    this.#expect('itB', record.itB, view.isStarted ? view.B : null);
  }

  #range(map: Engine, record: RangeRecord): void {
    const iterator = map.entries();
    const keys: (string | null)[] = [];
    const values: unknown[] = [];
    for (const [key, value] of iterator) {
      keys.push(this.#keys.show(key, value));
      values.push(value);
    }
    this.#compareStart(record, iterator.inspect());
    this.#compareItems('ks', record.ks, keys);
    this.#compareItems('vs', record.vs, values);
  }

  #compareItems(field: string, expected: readonly unknown[], actual: readonly unknown[]): void {
    this.#expect(`${field}.length`, expected.length, actual.length);
    for (let index = 0; index < Math.min(expected.length, actual.length); index++) {
      this.#expect(`${field}[${index}]`, expected[index], actual[index]);
    }
  }

  #compareState(record: OperationRecord): void {
    const view = this.#map!.inspect();
    if ('s' in record) {
      this.#state = record.s;
      this.#hash0 = record.hash0 ?? this.#hash0;
      this.#compareEvents(record);
      if (record.d !== undefined) this.#expect('d', record.d, layoutDigest(view));
    }
    this.#expect('hash0', this.#hash0, view.hash0);
    for (let column = 0; column < this.#columns.length; column++) {
      const name = this.#columns[column]!;
      if (name === 'pre' && this.skipped.length > 0) continue;
      this.#expect(`s.${name}`, this.#state[column], stateColumn(name)!(view));
    }
  }

  #compareEvents(record: Change): void {
    // A growth that ended only for the next one to start is recorded as that start alone.
    const isIdle = this.#map!.inspect().oldBuckets === null;
    const done = this.#isGrowthDone && isIdle ? 'done' : '';
    const events = [this.#growth, done].filter((event) => event !== '').join('+');
    this.#expect('ev', record.ev ?? '', events);
  }

  #compareDump(record: DumpRecord): void {
    if (this.#map === null || record.after !== this.records - 1) {
      throw new ConformInputError(
        this.#file,
        this.#line,
        `expected a dump after operation ${this.records - 1}, found one after ${record.after}`,
      );
    }
    this.dumps++;
    compareDump(record, this.#map.inspect(), this.#keys, this.#report);
  }
}

function assertComplete(
  replayer: Replayer,
  header: MapTraceHeader,
  file: string,
  line: number,
): void {
  const { ops, dumps } = header.stats;
  if (replayer.records === ops && replayer.dumps === dumps) return;
  throw new ConformInputError(
    file,
    line,
    `expected ${ops} operations and ${dumps} dumps as the header says, ` +
      `found ${replayer.records} and ${replayer.dumps}; the file is cut off or was edited`,
  );
}

/**
 * Replays the lines of one recorded map trace and compares everything.
 *
 * Stops early when the engine throws and after `MISMATCHES_MAX` differences.
 *
 * @throws ConformInputError if a line cannot be read, or the trace is of a Go whose map has another
 * design.
 */
export function replayMapTrace(
  lines: Iterable<string>,
  file: string,
  options: MapReplayOptions = {},
): MapReplay {
  let replayer: Replayer | null = null;
  let header: MapTraceHeader | null = null;
  let line = 0;
  let isStopped = false;
  for (const text of lines) {
    line++;
    if (header === null || replayer === null) {
      header = parseHeader(text, { file, line });
      const profile = profileOfGo(header.go);
      if (profile === null) {
        throw new ConformInputError(
          file,
          line,
          `no profile for the map of ${header.go}; known: go1.16 to go1.23`,
        );
      }
      replayer = new Replayer(file, header, profile, options.keys ?? 'native');
      continue;
    }
    if (text === '') continue;
    isStopped = !replayer.replay(text, line) || replayer.isFull;
    if (isStopped) break;
  }
  if (header === null || replayer === null) {
    throw new ConformInputError(file, 1, 'expected the header of a map trace, found no line');
  }
  if (!isStopped) assertComplete(replayer, header, file, line);
  const { records, dumps, mismatches, skipped } = replayer;
  return { records, dumps, mismatches, skipped };
}
