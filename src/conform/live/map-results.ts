/**
 * Compares what a Go map returned with the specification and with the engine, where nothing is known of its inside.
 *
 * Single results must be equal. Iterations follow no order that could be foreseen, so they are held to the contract of
 * iteration, clause by clause.
 */
import { z } from 'zod';
import {
  isCurrent,
  isFirstTime,
  isNotCleared,
  isNotDeleted,
  isNotOver,
  isOfTheMap,
  IterationSession,
  missedEntries,
} from '../../../models/go-map/iteration.ts';
import { MapSpec } from '../../../models/go-map/spec.ts';
import { showValue } from '../../../models/value-token.ts';
import { GoMap, type ProfileName } from '../../engines/go-map/index.ts';
import { ConformInputError } from '../input-error.ts';
import type { Mismatch } from '../mismatch.ts';
import { parseResultLine } from './result-line.ts';

/** What the comparison of one trace came to. */
export interface ResultReplay {
  /** Operations compared. */
  readonly records: number;
  readonly mismatches: readonly Mismatch[];
}

const count = z.int().min(0);
const key = { k: z.string() };
const length = { n: count };
const step = {
  it: count,
  k: z.string().optional(),
  v: count.optional(),
  end: z.literal(true).optional(),
};

const recordSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('make'), hint: z.int(), ...length }),
  z.object({ op: z.literal('set'), ...key, v: count, ...length }),
  z.object({ op: z.literal('get'), ...key, r: count.nullable(), ...length }),
  z.object({ op: z.literal('has'), ...key, r: z.boolean(), ...length }),
  z.object({ op: z.literal('delete'), ...key, ...length }),
  z.object({ op: z.literal('clear'), ...length }),
  z.object({ op: z.literal('clone'), ...length }),
  z.object({ op: z.literal('iter'), ...step, ...length }),
  z.object({ op: z.literal('next'), ...step, ...length }),
  z.object({ op: z.literal('range'), ks: z.array(z.string()), vs: z.array(count), ...length }),
]);

type ResultRecord = z.infer<typeof recordSchema>;

const headerSchema = z.object({ kind: z.literal('map-results'), key: z.string(), ops: count });

/**
 * Replays a trace of results.
 *
 * @throws ConformInputError for lines that are no records, or too few of them.
 */
export function compareMapResults(
  lines: readonly string[],
  file: string,
  profile: ProfileName,
): ResultReplay {
  const header = parseResultLine(headerSchema, lines[0] ?? '', file, 1);
  const comparison = new MapComparison(file, header.key === 'float64', profile);
  for (const [index, text] of lines.entries()) {
    if (index > 0)
      comparison.compare(parseResultLine(recordSchema, text, file, index + 1), index + 1);
  }
  const records = lines.length - 1;
  if (records !== header.ops) {
    throw new ConformInputError(
      file,
      lines.length,
      `the trace ends with ${records} operations; its header says ${header.ops}`,
    );
  }
  return { records, mismatches: comparison.mismatches };
}

class MapComparison {
  readonly mismatches: Mismatch[] = [];
  readonly #file: string;
  readonly #hasFloatKeys: boolean;
  readonly #profile: ProfileName;
  readonly #sessions = new Map<number, IterationSession>();
  #spec: MapSpec;
  #engine: GoMap<unknown, number>;
  #line = 0;

  constructor(file: string, hasFloatKeys: boolean, profile: ProfileName) {
    this.#file = file;
    this.#hasFloatKeys = hasFloatKeys;
    this.#profile = profile;
    this.#spec = this.#newSpec();
    this.#engine = this.#newEngine(0);
  }

  compare(record: ResultRecord, line: number): void {
    this.#line = line;
    switch (record.op) {
      case 'make':
        this.#spec = this.#newSpec();
        this.#engine = this.#newEngine(record.hint);
        this.#sessions.clear();
        break;
      case 'clone':
        this.#spec = this.#spec.clone();
        this.#engine = this.#engine.clone();
        this.#sessions.clear();
        break;
      case 'iter':
        this.#sessions.set(record.it, new IterationSession(this.#spec));
        this.#step(this.#session(record.it), record);
        break;
      case 'next':
        this.#step(this.#session(record.it), record);
        break;
      case 'range':
        this.#range(record.ks, record.vs);
        break;
      default:
        this.#single(record);
    }
    this.#expect('n', record.n, this.#spec.size, this.#engine.size);
  }

  #single(record: Extract<ResultRecord, { op: 'set' | 'get' | 'has' | 'delete' | 'clear' }>): void {
    if (record.op === 'clear') {
      this.#spec.clear();
      this.#engine.clear();
      return;
    }
    const key = this.#key(record.k);
    switch (record.op) {
      case 'set':
        this.#spec.set(key, record.v);
        this.#engine.set(key, record.v);
        break;
      case 'delete':
        this.#spec.delete(key);
        this.#engine.delete(key);
        break;
      case 'has':
        this.#expect('r', record.r, this.#spec.find(key) !== undefined, this.#engine.has(key));
        break;
      case 'get':
        this.#expect(
          'r',
          record.r,
          this.#spec.find(key)?.value ?? null,
          this.#engine.get(key) ?? null,
        );
    }
  }

  #session(iterator: number): IterationSession {
    const session = this.#sessions.get(iterator);
    if (session !== undefined) return session;
    const problem = `expected an iter of iterator ${iterator} before its next`;
    throw new ConformInputError(this.#file, this.#line, problem);
  }

  #step(session: IterationSession, record: z.infer<z.ZodObject<typeof step>>): void {
    if (record.end === true) {
      this.#end(session);
      return;
    }
    const { k, v } = record;
    if (k === undefined || v === undefined) {
      throw new ConformInputError(this.#file, this.#line, 'expected k and v, or end');
    }
    this.#produce(session, k, v);
  }

  #range(keys: readonly string[], values: readonly number[]): void {
    const session = new IterationSession(this.#spec);
    for (const [index, text] of keys.entries()) this.#produce(session, text, values[index] ?? -1);
    this.#end(session);
    this.#expect('ks.length', keys.length, this.#spec.size, [...this.#engine].length);
  }

  #produce(session: IterationSession, text: string, value: number): void {
    const production = session.match(this.#key(text), value);
    const broken = [
      [isOfTheMap(production), 'an entry that the map was given'],
      [isNotDeleted(production), 'no entry that was deleted before (clause 2)'],
      [isCurrent(production), 'the entry as it is now (clause 5)'],
      [isFirstTime(session, production), 'each entry once (clause 6)'],
      [isNotCleared(production), 'no entry from before a clear (clause 7)'],
      [isNotOver(session), 'nothing after the end (clause 8)'],
    ].find(([holds]) => holds === false);
    if (broken !== undefined) {
      this.#report('iteration', String(broken[1]), `[${text}, ${value}]`);
    }
    if (production.entry !== undefined) session.accept(production.entry);
  }

  #end(session: IterationSession): void {
    const missed = missedEntries(session);
    session.isOver = true;
    if (missed.length === 0) return;
    const keys = missed
      .slice(0, 5)
      .map((entry) => showValue(entry.key))
      .join(', ');
    this.#report(
      'iteration',
      'every entry present from start to end (clause 4)',
      `none of ${keys}`,
    );
  }

  #key(text: string): unknown {
    return this.#hasFloatKeys ? Number(text) : text;
  }

  #newSpec(): MapSpec {
    return new MapSpec(this.#hasFloatKeys ? 'float64' : 'javascript');
  }

  #newEngine(hint: number): GoMap<unknown, number> {
    const keys = this.#hasFloatKeys ? 'float64' : 'javascript';
    return new GoMap<unknown, number>({ hint, keys, profile: this.#profile });
  }

  /** Go, specification and engine must agree. */
  #expect(field: string, recorded: unknown, spec: unknown, engine: unknown): void {
    if (recorded !== spec)
      this.#report(field, `${showValue(spec)} by the specification`, showValue(recorded));
    if (recorded !== engine)
      this.#report(field, showValue(recorded), `${showValue(engine)} by the engine`);
  }

  #report(field: string, expected: string, actual: string): void {
    this.mismatches.push({ file: this.#file, line: this.#line, field, expected, actual });
  }
}
