/** One run of one program: the engine beside its models, compared after every operation. */
import { checkLookup } from '../../properties/tree-bucket-map/lookup.ts';
import { ITERATION, RESULTS } from '../../properties/tree-bucket-map/rules.ts';
import { checkShape } from '../../properties/tree-bucket-map/shape.ts';
import { checkStructure } from '../../properties/tree-bucket-map/structure.ts';
import type { Program } from '../../src/core/program.ts';
import type { Property, Violation } from '../../src/core/property.ts';
import type { Outcome, StepListener } from '../../src/core/target.ts';
import type { TreeBucketMap, TreeBucketProfile } from '../../src/engines/tree-bucket-map/index.ts';
import { MapSpec } from '../go-map/spec.ts';
import { showValue, TokenDecoder } from '../value-token.ts';
import { Fingerprint } from './fingerprint.ts';
import { entriesInOrder, entryAfter } from './insertion-order.ts';
import { Marks } from './marks.ts';
import type { NestedOperation, SimpleOperation, TreeBucketOperation } from './operations.ts';
import { asTreeBucketOperation, asTreeBucketSetup } from './operations.ts';
import { plainHash } from './plain-hash.ts';
import { Shape } from './shape.ts';
import { showOperation } from './show.ts';
import { Stop, stopAt, violationOf } from './stop.ts';

/** The engine, as a module has it; a mutant's module fits as well. */
export interface TreeBucketMapEngine {
  readonly TreeBucketMap: typeof TreeBucketMap;
}

/** Most lookups made after an operation to see that entries are reachable; larger maps are sampled. */
const LOOKUPS_MAX = 32;

/** A map with its models. A clone makes a second one. */
interface Side {
  readonly map: TreeBucketMap<unknown, unknown>;
  readonly spec: MapSpec;
  readonly shape: Shape;
}

interface OpenIterator {
  readonly iterator: Iterator<unknown>;
  readonly kind: 'keys' | 'values' | 'entries';
  readonly side: Side;
  /** Incarnation of the entry given last; 0 before the first. */
  last: number;
  isOver: boolean;
}

/** What a program's callback throws when it is asked to. */
class CallbackError extends Error {}

export class TreeBucketRun {
  readonly #listener: StepListener | undefined;
  readonly #marks: Marks;
  readonly #fingerprint = new Fingerprint();
  readonly #decoder = new TokenDecoder();
  readonly #iterators = new Map<number, OpenIterator>();
  /** Maps that a clone left behind; they must stay as they were. */
  readonly #abandoned: Side[] = [];
  #side: Side;
  #operations = 0;
  #loopDepth = 0;

  constructor(
    program: Program,
    profile: TreeBucketProfile,
    engine: TreeBucketMapEngine,
    listener: StepListener | undefined,
  ) {
    const { hint, hash, seed } = asTreeBucketSetup(program.setup);
    this.#listener = listener;
    this.#marks = new Marks({
      isNoting: listener !== undefined,
      isIterating: () => this.#isIterating(),
    });
    const map = new engine.TreeBucketMap<unknown, unknown>({
      hint,
      seed,
      profile,
      observer: this.#marks.observer(),
      ...(hash === 'own' ? {} : { hash: (key: unknown) => plainHash(key) & hash.mask }),
    });
    this.#side = { map, spec: new MapSpec('javascript'), shape: new Shape(profile, hint) };
  }

  execute(program: Program): Outcome {
    let violation: Violation | null = null;
    const operations = program.threads[0] ?? [];
    for (let index = 0; index < operations.length && violation === null; index++) {
      violation = this.#step(asTreeBucketOperation(operations[index]!), index);
    }
    violation ??= this.#guarded(operations.length - 1, () => {
      for (const side of this.#abandoned) this.#checkAll(side);
    });
    return {
      operations: this.#operations,
      violation,
      known: {},
      coverage: this.#marks.coverage,
      fingerprint: this.#fingerprint.value,
    };
  }

  #step(operation: TreeBucketOperation, index: number): Violation | null {
    let result = '';
    const violation = this.#guarded(index, () => {
      result = this.#apply(operation);
      this.#checkAll(this.#side);
    });
    if (this.#listener !== undefined) {
      const shown = violation === null ? result : violation.actual;
      const notes = this.#marks.takeNotes();
      this.#listener({ thread: 0, operation: showOperation(operation), result: shown, notes });
    }
    return violation;
  }

  /** Runs an action; what it throws becomes a violation. */
  #guarded(operationIndex: number, action: () => void): Violation | null {
    try {
      action();
      return null;
    } catch (error) {
      const violation = violationOf(error, operationIndex, () => this.#side.map.inspect());
      this.#fingerprint.text(violation.property);
      return violation;
    }
  }

  #apply(operation: TreeBucketOperation): string {
    switch (operation.op) {
      case 'iterate':
        return this.#iterate(operation.it, operation.kind);
      case 'next':
        return this.#next(operation.it, operation.count);
      case 'entries':
        return this.#entries();
      case 'forEach':
        return this.#forEach(operation.nested, operation.throwAt);
      case 'clone':
        return this.#clone(operation.keep);
      default:
        return this.#applySimple(operation);
    }
  }

  #applySimple(operation: SimpleOperation): string {
    switch (operation.op) {
      case 'set': {
        this.#set(this.#decoder.decode(operation.k), this.#decoder.decode(operation.v));
        return '';
      }
      case 'clear':
        return this.#clear();
      case 'fill':
        for (let index = 0; index < operation.count; index++) {
          this.#set((operation.from + index * operation.stride) | 0, (operation.v + index) | 0);
        }
        return '';
      case 'drain':
        for (let index = 0; index < operation.count; index++) {
          this.#delete((operation.from + index * operation.stride) | 0);
        }
        return '';
      case 'delete':
        return this.#delete(this.#decoder.decode(operation.k));
      case 'has': {
        const { map, spec } = this.#side;
        const key = this.#decoder.decode(operation.k);
        return this.#result(map.has(key), spec.find(key) !== undefined);
      }
      case 'get': {
        const { map, spec } = this.#side;
        const key = this.#decoder.decode(operation.k);
        return this.#result(map.get(key), spec.find(key)?.value);
      }
    }
  }

  #set(key: unknown, value: unknown): void {
    const { map, spec, shape } = this.#side;
    this.#operations++;
    const isNew = spec.find(key) === undefined;
    map.set(key, value);
    spec.set(key, value);
    if (!isNew) return;
    // Asked for only now: a new object has no number before it is in the map, and hashes by it.
    const hash = map.inspect().hash(key);
    if (shape.hasHash(hash)) this.#marks.cover('collision');
    shape.insert(hash);
  }

  #delete(key: unknown): string {
    const { map, spec, shape } = this.#side;
    this.#operations++;
    const removed = spec.delete(key);
    const result = this.#compare(RESULTS, map.delete(key), removed !== undefined);
    if (removed !== undefined) shape.remove(map.inspect().hash(key));
    return result;
  }

  #clear(): string {
    this.#operations++;
    this.#side.map.clear();
    this.#side.spec.clear();
    this.#side.shape.clear();
    return '';
  }

  #iterate(it: number, kind: OpenIterator['kind']): string {
    this.#operations++;
    const iterator = this.#side.map[kind]();
    this.#iterators.set(it, { iterator, kind, side: this.#side, last: 0, isOver: false });
    return '';
  }

  #next(it: number, count: number): string {
    const open = this.#iterators.get(it);
    let shown = '';
    if (open === undefined) return shown;
    for (let step = 0; step < count; step++) {
      this.#operations++;
      const given = open.iterator.next();
      const due = open.isOver ? undefined : entryAfter(open.side.spec, open.last);
      if (due === undefined) open.isOver = true;
      else open.last = due.incarnation;
      const dueText = due === undefined ? 'the end' : showGiven(open.kind, due.key, due.value);
      shown = given.done === true ? 'the end' : showOf(open.kind, given.value);
      this.#compare(ITERATION, shown, dueText);
    }
    return shown;
  }

  #entries(): string {
    const { map, spec } = this.#side;
    this.#operations++;
    const due = entriesInOrder(spec).map((entry) => showGiven('entries', entry.key, entry.value));
    this.#compare(ITERATION, takeText(map.entries(), due.length), due.join(', '));
    return `${due.length} entries`;
  }

  #forEach(nested: readonly NestedOperation[], throwAt: number | undefined): string {
    const { map, spec } = this.#side;
    this.#operations++;
    let index = 0;
    let last = 0;
    let isThrown = false;
    this.#loopDepth++;
    try {
      map.forEach((value, key) => {
        const due = entryAfter(spec, last);
        last = due?.incarnation ?? last;
        const dueText = due === undefined ? 'the end' : showGiven('entries', due.key, due.value);
        this.#compare(ITERATION, showGiven('entries', key, value), dueText);
        for (const operation of nested) if (operation.at === index) this.#applySimple(operation);
        if (index === throwAt) throw new CallbackError('the callback threw');
        index++;
      });
    } catch (error) {
      if (!(error instanceof CallbackError)) throw error;
      isThrown = true;
    } finally {
      this.#loopDepth--;
    }
    const due = isThrown ? undefined : entryAfter(spec, last);
    if (due !== undefined) {
      this.#compare(ITERATION, 'the end', showGiven('entries', due.key, due.value));
    }
    return `${index} calls`;
  }

  #clone(keep: 'original' | 'clone'): string {
    const { map, spec, shape } = this.#side;
    this.#operations++;
    // The clone's entries are inserted in the order of its iteration; so must be those of its specification.
    const copySpec = new MapSpec('javascript');
    for (const entry of entriesInOrder(spec)) copySpec.set(entry.key, entry.value);
    const copy: Side = { map: map.clone(), spec: copySpec, shape: shape.clone() };
    this.#marks.cover('clone');
    this.#abandoned.push(keep === 'clone' ? this.#side : copy);
    if (keep === 'clone') this.#side = copy;
    return '';
  }

  /** Compares everything that can be seen of one map with its models. */
  #checkAll(side: Side): void {
    const { map, spec, shape } = side;
    this.#compare(RESULTS, map.size, spec.size);
    const view = map.inspect();
    stopAt(checkStructure(view));
    stopAt(checkShape(view, shape));
    const entries = entriesInOrder(spec);
    const stride = Math.max(1, Math.ceil(entries.length / LOOKUPS_MAX));
    for (let index = this.#operations % stride; index < entries.length; index += stride) {
      const { key } = entries[index]!;
      this.#marks.comparisonCount = 0;
      const isFound = map.has(key);
      stopAt(checkLookup(view, { key, isFound, comparisonCount: this.#marks.comparisonCount }));
      this.#fingerprint.word(this.#marks.comparisonCount);
    }
    this.#fingerprint.word(view.bucketCount);
  }

  #result(actual: unknown, expected: unknown): string {
    this.#operations++;
    return this.#compare(RESULTS, actual, expected);
  }

  /** Compares two values, and takes the actual one into the fingerprint; returns its text if somebody listens. */
  #compare(property: Property, actual: unknown, expected: unknown): string {
    // What iterators give comes as text already.
    const show = property === ITERATION ? String : showValue;
    if (typeof actual === 'number') this.#fingerprint.word(actual);
    else this.#fingerprint.text(show(actual));
    if (Object.is(actual, expected)) return this.#listener === undefined ? '' : show(actual);
    const message =
      property === ITERATION
        ? 'The iterator gives something else than the next entry.'
        : 'The result is not that of a map.';
    throw new Stop({ property, message, expected: show(expected), actual: show(actual) });
  }

  #isIterating(): boolean {
    if (this.#loopDepth > 0) return true;
    for (const open of this.#iterators.values()) {
      if (open.side === this.#side && open.last > 0 && !open.isOver) return true;
    }
    return false;
  }
}

function showOf(kind: OpenIterator['kind'], given: unknown): string {
  if (kind !== 'entries') return showValue(given);
  const [key, value] = given as [unknown, unknown];
  return showGiven(kind, key, value);
}

function showGiven(kind: OpenIterator['kind'], key: unknown, value: unknown): string {
  if (kind === 'keys') return showValue(key);
  if (kind === 'values') return showValue(value);
  return `[${showValue(key)}, ${showValue(value)}]`;
}

/** The pairs of an iterator as text, but never many more than are due. */
function takeText(iterator: Iterator<[unknown, unknown]>, due: number): string {
  const texts: string[] = [];
  for (let count = 0; count <= due; count++) {
    const given = iterator.next();
    if (given.done === true) break;
    texts.push(showGiven('entries', given.value[0], given.value[1]));
  }
  return texts.join(', ');
}
