/**
 * Replays recorded sync.Map traces against the engine: result, state, digest and events after every operation.
 *
 * The visiting order of Go's maps is random, so each Range is given the recorded order; the order in which dirty is
 * filled shows nowhere.
 */
import { SyncMap } from '../../engines/sync-map/index.ts';
import type { SyncMapProfileName } from '../../engines/sync-map/index.ts';
import { ConformInputError } from '../input-error.ts';
import type { Mismatch } from '../mismatch.ts';
import { performCall } from './perform-call.ts';
import { parseHeader, parseRecord, STATE_COLUMNS } from './records.ts';
import type { RangeCall, RecordedEntries, SyncMapRecord } from './records.ts';
import {
  columnsOf,
  copyState,
  digestOf,
  eventsBetween,
  RECORDED_EVENTS_MAX,
  recordedState,
} from './state.ts';
import type { StateCopy } from './state.ts';

/** What the replay of one trace came to. */
export interface SyncMapReplay {
  /** Operations replayed. */
  readonly records: number;
  /** Full states compared. */
  readonly dumps: number;
  readonly mismatches: readonly Mismatch[];
}

/**
 * Replays a trace, given as its lines, and compares everything that was recorded.
 *
 * @throws ConformInputError if a line is not what the format says, or lines are missing; names `file` and the line.
 */
export function replaySyncMapTrace(lines: Iterable<string>, file: string): SyncMapReplay {
  let replay: Replay | null = null;
  let line = 0;
  let operations = 0;
  for (const text of lines) {
    line += 1;
    if (text === '') continue;
    if (replay === null) {
      const header = parseHeader(text, { file, line });
      operations = header.stats.ops;
      replay = new Replay(profileOf(header.go, file, line), file);
    } else {
      replay.record(parseRecord(text, { file, line }), line);
    }
  }
  if (replay === null) throw new ConformInputError(file, 1, 'empty, expected a header line');
  if (replay.records !== operations) {
    throw new ConformInputError(
      file,
      line,
      `the trace ends here with ${replay.records} operations; its header says ${operations}`,
    );
  }
  return { records: replay.records, dumps: replay.dumps, mismatches: replay.mismatches };
}

/** First minor versions of Go with each profile, newest first; 1.15.0 and 1.15.1 are a case of their own. */
const PROFILES: readonly [minor: number, profile: SyncMapProfileName][] = [
  [23, 'go1.23'],
  [20, 'go1.20'],
  [15, 'go1.19'],
  [9, 'go1.9'],
];

function profileOf(version: string, file: string, line: number): SyncMapProfileName {
  if (/^go1\.15(\.[01])?$/.test(version)) return 'go1.15.0';
  const minor = Number(/^go1\.(\d+)/.exec(version)![1]);
  const row = PROFILES.find(([first]) => minor >= first);
  if (row === undefined || minor >= 24) {
    throw new ConformInputError(
      file,
      line,
      `recorded by ${version}, expected Go 1.9 to 1.23: other versions have no sync.Map of this design`,
    );
  }
  return row[1];
}

class Replay {
  records = 0;
  dumps = 0;
  readonly mismatches: Mismatch[] = [];
  readonly #file: string;
  readonly #map: SyncMap<number, number>;
  #state: StateCopy;
  #line = 0;
  /** The Range under way. */
  #recordedRange: RangeCall | null = null;

  constructor(profile: SyncMapProfileName, file: string) {
    this.#file = file;
    this.#map = new SyncMap({ profile, order: (keys, use) => this.#order(keys, use) });
    this.#state = copyState(this.#map.inspect());
  }

  record(record: SyncMapRecord, line: number): void {
    this.#line = line;
    this.records += 1;
    if (record.op === 'range') this.#range(record);
    else this.#compareResult('r', record, performCall(this.#map, record));
    this.#compareState(record);
  }

  #range(record: RangeCall): void {
    const { stop, nested = [] } = record;
    const pairs: [number, number][] = [];
    this.#recordedRange = record;
    this.#map.range((key, value) => {
      const at = pairs.push([key, value]) - 1;
      for (const [index, operation] of nested.entries()) {
        if (operation.at !== at) continue;
        this.#compareResult(`nested[${index}].r`, operation, performCall(this.#map, operation));
      }
      return pairs.length !== stop;
    });
    this.#compare('r', record.r, pairs);
  }

  #order(keys: readonly number[], use: 'range' | 'dirtyCopy'): number[] {
    const indices = keys.map((_, index) => index);
    const range = this.#recordedRange;
    if (use === 'dirtyCopy' || range === null) return indices;
    const { read } = this.#map.inspect();
    const ranks = keys.map((key) => visitingRank(key, range, read.get(key)?.kind === 'value'));
    return indices.toSorted((first, second) => ranks[first]! - ranks[second]!);
  }

  #compareResult(
    field: string,
    record: { readonly op: string; readonly r?: unknown },
    actual: unknown,
  ): void {
    if (record.r !== undefined) this.#compare(field, record.r, actual);
  }

  #compareState(record: SyncMapRecord): void {
    const before = this.#state;
    const after = copyState(this.#map.inspect());
    this.#state = after;
    const columns = columnsOf(after);
    for (const [index, name] of STATE_COLUMNS.entries()) {
      this.#compare(`s.${name}`, record.s[index], columns[index]);
    }
    if (record.d !== undefined) this.#compare('d', record.d, digestOf(after));
    if (record.st !== undefined) {
      this.dumps += 1;
      const actual = recordedState(after);
      this.#compare('st.amended', record.st.amended, actual.amended);
      this.#compare('st.misses', record.st.misses, actual.misses);
      this.#compareEntries('st.read', record.st.read, actual.read);
      this.#compareEntries('st.dirty', record.st.dirty, actual.dirty);
    }
    const events = eventsBetween(before, after, record.op === 'range');
    if (record.ev !== undefined || events.length <= RECORDED_EVENTS_MAX) {
      this.#compare('ev', record.ev ?? [], events);
    }
  }

  #compareEntries(
    field: string,
    expected: RecordedEntries | null,
    actual: RecordedEntries | null,
  ): void {
    if (expected === null || actual === null) {
      this.#compare(field, expected, actual);
      return;
    }
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const key of keys) this.#compare(`${field}.${key}`, expected[key], actual[key]);
  }

  #compare(field: string, expected: unknown, actual: unknown): void {
    const [due, got] = [jsonText(expected), jsonText(actual)];
    if (due === got) return;
    this.mismatches.push({
      file: this.#file,
      line: this.#line,
      field,
      expected: due,
      actual: got,
    });
  }
}

/**
 * When the recorded Range visited a key, in pairs.
 *
 * A key that was given has the index of its pair. One that was not was visited while it had no value: at the start if it
 * had none then, else after the deletion in the loop; and one that nothing deleted lies behind the end of the loop.
 */
function visitingRank(key: number, range: RangeCall, hasValue: boolean): number {
  const index = range.r.findIndex(([given]) => given === key);
  if (index >= 0) return index;
  if (!hasValue) return -1;
  const deletion = range.nested?.find(
    (call) => (call.op === 'delete' || call.op === 'loadAndDelete') && call.k === key,
  );
  return deletion === undefined ? range.r.length : deletion.at + 0.5;
}

function jsonText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
