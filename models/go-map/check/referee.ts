/**
 * Judges a run: asks the properties, keeps the first violation, counts known defects, and
 * interrupts writes where the program says so.
 */
import { drawSource, type Operation, type Program } from '../../../src/core/program.ts';
import type { Violation } from '../../../src/core/property.ts';
import type { ExecuteOptions } from '../../../src/core/target.ts';
import type { CheckedProperty } from '../../../properties/go-map/checked-property.ts';
import { ResultFacts, type StateFacts, type StepFacts } from '../../../properties/go-map/facts.ts';
import {
  resultProperties,
  restingProperties,
  stepProperties,
  structureProperties,
} from '../../../properties/go-map/index.ts';
import { errorText } from '../../../properties/go-map/results.ts';
import { TokenDecoder } from '../../value-token.ts';
import { makeHash, type HashFunction } from '../hashes.ts';
import type { KnownDefect } from '../known-defects.ts';
import { PROFILE_RULES, type ProfileName, type ProfileRules } from '../profile-rules.ts';
import type { GoMapSetup, Intrusion } from '../program-schema.ts';
import { Coverage } from './coverage.ts';
import type { CheckedMapOptions } from './engine-port.ts';
import { Fingerprint } from './fingerprint.ts';
import { drawPicture } from './picture.ts';
import type { Loop } from './loop.ts';
import { operationText } from './step-text.ts';
import type { World, WorldReferee } from './world.ts';

/** Go's messages for misuse, by what is tried while a write is under way. */
const MISUSE: Readonly<Record<Intrusion, string>> = {
  get: 'concurrent map read and map write',
  has: 'concurrent map read and map write',
  set: 'concurrent map writes',
  delete: 'concurrent map writes',
  clear: 'concurrent map writes',
  next: 'concurrent map iteration and map write',
  clone: 'concurrent map clone and map write',
};

/** Overflow buckets allocated with 2^B buckets, by the set-up. */
const POOLS: Readonly<Record<GoMapSetup['pool'], (B: number) => number>> = {
  go: (B) => (B >= 4 ? 2 ** (B - 4) : 0),
  none: () => 0,
  early: (B) => (B >= 1 ? 2 ** (B - 1) : 0),
};

export class Referee implements WorldReferee {
  readonly rules: ProfileRules;
  readonly setup: GoMapSetup;
  readonly coverage: Coverage = new Coverage();
  readonly hash: HashFunction | null;
  readonly poolSize: (B: number) => number;
  readonly wipe: boolean | null;
  readonly keepsNotes: boolean;
  readonly fingerprint: Fingerprint = new Fingerprint();
  readonly result: ResultFacts = new ResultFacts();
  readonly decoder: TokenDecoder = new TokenDecoder();
  readonly known: Record<string, number> = {};
  violation: Violation | null = null;
  /** The map that operations act on. */
  world!: World;
  /** The operation to try in the middle of the next write. */
  intrusion: Operation | null = null;
  operationIndex = 0;
  /** Operations executed. */
  operations = 0;
  /** Finds the loop of a number. */
  findLoop: (number: number) => Loop | undefined = () => undefined;

  readonly #knownFails: boolean;
  readonly #nextDraw: () => number;
  #notes: string[] = [];
  #draws = 0;
  #lastDraw = 0;

  constructor(profile: ProfileName, program: Program, options: ExecuteOptions) {
    this.setup = program.setup as unknown as GoMapSetup;
    this.rules = PROFILE_RULES[profile];
    this.hash = makeHash(this.setup.hash, this.setup.keys);
    this.poolSize = POOLS[this.setup.pool];
    this.wipe = this.setup.wipe === 'auto' ? null : this.setup.wipe === 'always';
    this.keepsNotes = options.onStep !== undefined;
    this.#knownFails = options.knownFails === true;
    this.#nextDraw = drawSource(program.draws);
  }

  get isBroken(): boolean {
    return this.violation !== null;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  /** The notes since the last call. */
  takeNotes(): readonly string[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** Prepares for an operation. */
  beginOperation(index: number): void {
    this.operationIndex = index;
    this.operations++;
    this.result.thrown = undefined;
    this.result.expectedError = null;
    this.#draws = 0;
  }

  /** Options for the map of a program; its draws are counted. */
  mapOptions(observer: World): CheckedMapOptions {
    return {
      hint: this.decoder.decode(this.setup.hint) as number,
      profile: this.rules.profile,
      keys: this.setup.keys,
      poolSize: this.poolSize,
      observer,
      random: () => {
        this.#draws++;
        this.#lastDraw = this.#nextDraw() >>> 0;
        return this.#lastDraw;
      },
      ...(this.hash === null ? {} : { hash: this.hash }),
      ...(this.wipe === null ? {} : { wipe: this.wipe }),
    };
  }

  reportBroken<Facts>(
    world: World,
    property: CheckedProperty<Facts>,
    facts: Facts,
    known: KnownDefect | null = null,
  ): void {
    if (this.violation !== null) return;
    if (known !== null && !this.#knownFails) {
      this.known[known] = (this.known[known] ?? 0) + 1;
      if (this.keepsNotes) this.note(`known defect: ${known} (${property.name})`);
      return;
    }
    this.violation = {
      property: property.name,
      ...property.explain(facts),
      operationIndex: this.operationIndex,
      state: drawPicture(world),
      known,
    };
  }

  judge<Facts>(world: World, properties: readonly CheckedProperty<Facts>[], facts: Facts): void {
    for (const property of properties) {
      if (property.holds(facts)) continue;
      this.reportBroken(world, property, facts);
      return;
    }
  }

  /** Compares a result with the specification's. What was thrown must be in `result` already. */
  judgeResult(operation: Operation, expected: unknown, actual: unknown): void {
    const { result } = this;
    result.expected = expected;
    result.actual = actual;
    for (const property of resultProperties) {
      if (property.holds(result)) continue;
      result.operation = operationText(operation, this.decoder);
      this.reportBroken(this.world, property, result);
      return;
    }
  }

  /** Ends an operation: the facts are complete, the properties are asked. */
  finish(world: World): void {
    world.end();
    const { step } = world;
    step.draws = this.#draws;
    step.lastDraw = this.#lastDraw;
    this.fingerprint.addScalars(step.now);
    if (this.violation !== null) return;
    if (step.isEffectiveWrite || step.kind === 'make') {
      world.scanner.scan(world.view, step.layout);
      this.judge<StateFacts>(world, structureProperties, step);
      this.judge<StateFacts>(world, restingProperties, step);
    }
    this.judge(world, stepProperties, step);
  }

  /**
   * For a loop whose start cannot be seen: it counts as begun where the draw says, if there was one
   * draw.
   */
  assumeStartAsDrawn(step: StepFacts): void {
    step.startBucket = this.#lastDraw % 2 ** step.before.B;
    step.offset = Math.floor(this.#lastDraw / 2 ** step.before.B) % 8;
  }

  intrude(world: World): void {
    const operation = this.intrusion;
    // An empty map is left alone before anybody looks whether a write is under way.
    if (operation === null || world !== this.world || world.view.count === 0) return;
    const action = operation['action'] as Intrusion;
    const loop = action === 'next' ? this.findLoop(Number(operation['it'])) : undefined;
    if (action === 'next' && (loop === undefined || !loop.isOpen || loop.world !== world)) return;
    this.intrusion = null;
    this.coverage.intrusion++;
    const facts = new ResultFacts();
    facts.operation = `${action} in the middle of a write`;
    facts.isIntrusion = true;
    facts.expectedError = MISUSE[action];
    const key = this.decoder.decode(operation['key']!);
    try {
      if (action === 'next') loop!.iterator.next();
      else if (action === 'set') world.map.set(key, 0);
      else if (action === 'clear' || action === 'clone') world.map[action]();
      else world.map[action](key);
    } catch (error) {
      facts.thrown = error;
    }
    if (this.keepsNotes) this.note(`tried ${action}: ${errorText(facts.thrown)}`);
    this.judge(world, resultProperties, facts);
  }
}
