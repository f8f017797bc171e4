/**
 * Runs the operations of a program on maps: the engine first, the specification second, so that
 * what the engine tells in the middle of a write is judged against the state before it.
 */
import type { Operation } from '../../../src/core/program.ts';
import type { CloneFacts } from '../../../properties/go-map/facts.ts';
import {
  cloneIndependent,
  cloneProperties,
  hintSize,
  noPanic,
  structureProperties,
  type AsideFacts,
  type HintFacts,
} from '../../../properties/go-map/index.ts';
import { encodeToken, showValue } from '../../value-token.ts';
import { MapSpec } from '../spec.ts';
import type { CheckedMap, CheckedMapClass } from './engine-port.ts';
import { isEvacuated } from './layout-scan.ts';
import type { Referee } from './referee.ts';
import { World } from './world.ts';

const NIL_ASSIGNMENT = 'assignment to entry in nil map';

export class MapRunner {
  readonly #referee: Referee;
  /** The clone, or the map it was made from: whichever is not in use. */
  #aside: World | null = null;

  constructor(referee: Referee) {
    this.#referee = referee;
  }

  /** Makes the map of the program. */
  make(engine: CheckedMapClass): void {
    const referee = this.#referee;
    const { keys, nil } = referee.setup;
    const world = new World(new MapSpec(keys, nil), referee);
    referee.world = world;
    // Float keys are stored as any other keys that are no 32-bit integers.
    world.storesReferences = keys === 'float64';
    const options = referee.mapOptions(world);
    try {
      world.adopt(nil ? engine.nil(options) : new engine(options));
    } catch (error) {
      referee.result.thrown = error;
      referee.result.operation = `new GoMap({ hint: ${showValue(options.hint)} })`;
      referee.reportBroken(world, noPanic, referee.result);
      return;
    }
    world.step.kind = 'make';
    referee.finish(world);
    const hint = nil ? 0 : options.hint;
    const facts = { hint, now: world.step.now, loadNumerator: referee.rules.loadNumerator };
    referee.judge<HintFacts>(world, [hintSize], facts);
  }

  /** Performs an operation; false if it is none of a map's. */
  perform(operation: Operation): boolean {
    const referee = this.#referee;
    const { world } = referee;
    switch (operation.op) {
      case 'set':
        this.#set(world, operation);
        return true;
      case 'get':
      case 'has':
        this.#look(world, operation, operation.op);
        return true;
      case 'delete':
        this.#delete(world, operation);
        return true;
      case 'clear':
        this.#clear(world, operation);
        return true;
      case 'size':
        world.begin('size');
        referee.judgeResult(operation, world.spec.size, world.map.size);
        referee.finish(world);
        return true;
      case 'clone':
        this.#clone(world);
        return true;
      case 'swap':
        this.#swap(world);
        return true;
      case 'intrude':
        referee.intrusion = operation;
        return true;
      default:
        return false;
    }
  }

  /** What is left to ask when all operations are done. */
  finish(): void {
    this.#auditLookups();
    if (this.#aside !== null) this.#auditAside(this.#aside);
  }

  #set(world: World, operation: Operation): void {
    const referee = this.#referee;
    const { spec, map } = world;
    const key = referee.decoder.decode(operation['key']!);
    const value = referee.decoder.decode(operation['value']!);
    world.begin('set');
    if (spec.isNil) {
      this.#setNil(world, operation, key, value);
      return;
    }
    world.storesReferences ||= isReference(key, value);
    world.willWrite(key, spec.find(key) === undefined);
    const returned = map.set(key, value);
    spec.set(key, value);
    if (!spec.isReflexive(key)) referee.coverage.nanKey++;
    referee.judgeResult(operation, map, returned);
    referee.finish(world);
  }

  #setNil(world: World, operation: Operation, key: unknown, value: unknown): void {
    const { result } = this.#referee;
    result.expectedError = NIL_ASSIGNMENT;
    try {
      world.map.set(key, value);
    } catch (error) {
      result.thrown = error;
    }
    this.#referee.judgeResult(operation, undefined, undefined);
    this.#referee.finish(world);
  }

  #look(world: World, operation: Operation, how: 'get' | 'has'): void {
    const referee = this.#referee;
    const { spec, map, view } = world;
    const key = referee.decoder.decode(operation['key']!);
    world.begin(how);
    const entry = spec.find(key);
    const actual: unknown = map[how](key);
    referee.fingerprint.addValue(actual);
    if (entry !== undefined && view.oldBuckets !== null) {
      const hash = world.scanner.hashOf(entry.incarnation, key);
      const bucket = hash & (view.oldBuckets.bucketCount - 1);
      if (!isEvacuated(view.oldBuckets, bucket)) referee.coverage.lookupInOldBucket++;
    }
    const expected = how === 'get' ? entry?.value : entry !== undefined;
    referee.judgeResult(operation, expected, actual);
    referee.finish(world);
  }

  #delete(world: World, operation: Operation): void {
    const referee = this.#referee;
    const { spec, map, step } = world;
    const key = referee.decoder.decode(operation['key']!);
    world.begin('delete');
    if (spec.size > 0) world.willWrite(key, false);
    const actual = map.delete(key);
    referee.fingerprint.addValue(actual);
    referee.judgeResult(operation, spec.delete(key) !== undefined, actual);
    referee.finish(world);
    if (step.before.count === 0 || step.now.count > 0) return;
    world.reseeds++;
    if (step.now.isGrowing) referee.coverage.emptiedDuringGrowth++;
  }

  #clear(world: World, operation: Operation): void {
    const referee = this.#referee;
    const { coverage, rules } = referee;
    const { spec, map, step } = world;
    world.begin('clear');
    if (spec.size > 0) {
      step.isEffectiveWrite = true;
      for (const loop of world.loops) {
        loop.beforeClear(rules.clearMode, step.before.isGrowing);
        if (loop.isOpen) coverage.iteratorAcrossClear++;
      }
      coverage.clear++;
      world.reseeds++;
      world.dropGrowth();
    }
    const returned: unknown = map.clear();
    spec.clear();
    referee.judgeResult(operation, undefined, returned);
    referee.finish(world);
  }

  #clone(world: World): void {
    const referee = this.#referee;
    world.begin('clone');
    if (world.step.before.isGrowing) referee.coverage.cloneDuringGrowth++;
    const map = world.map.clone();
    referee.finish(world);
    if (this.#aside !== null) this.#auditAside(this.#aside);
    const copy = new World(world.spec.clone(), referee);
    copy.storesReferences = world.storesReferences;
    copy.adopt(map);
    observe(map, copy);
    copy.begin('clone');
    copy.end();
    copy.scanner.scan(copy.view, copy.step.layout);
    referee.judge<CloneFacts>(world, cloneProperties, {
      source: world.step.now,
      copy: copy.step.now,
      copyLayout: copy.step.layout,
      loadNumerator: referee.rules.loadNumerator,
    });
    this.#aside = copy;
  }

  #swap(world: World): void {
    if (this.#aside === null) return;
    this.#referee.world = this.#aside;
    this.#auditAside(this.#aside);
    this.#aside = world;
  }

  /** Looks at a map that nothing was done to since it was set aside. */
  #auditAside(world: World): void {
    const { step } = world;
    step.now.read(world.view);
    world.scanner.scan(world.view, step.layout);
    const broken = structureProperties.find((property) => !property.holds(step));
    const facts: AsideFacts = { broken: broken?.name ?? null };
    this.#referee.judge(world, [cloneIndependent], facts);
  }

  /** Every key is asked for once more. */
  #auditLookups(): void {
    const referee = this.#referee;
    const { map, spec } = referee.world;
    for (const entry of spec.liveEntries()) {
      if (!spec.isReflexive(entry.key)) continue;
      const actual = map.get(entry.key);
      if (Object.is(actual, entry.value)) continue;
      referee.judgeResult({ op: 'get', key: encodeToken(entry.key) }, entry.value, actual);
      return;
    }
  }
}

/** Whether the engine has to store a key or a value as a reference. */
function isReference(key: unknown, value: unknown): boolean {
  return typeof value !== 'number' || typeof key !== 'number' || (key | 0) !== key;
}

/**
 * A clone comes without its source's observer, so that it costs nothing; the checker gives it one
 * of its own.
 */
function observe(map: CheckedMap, world: World): void {
  (map as unknown as { observer: World }).observer = world;
}
