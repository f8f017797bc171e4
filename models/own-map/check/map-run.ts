/** One run of a map that must match its model exactly: a map, ordered or not, persistent or with an exact eviction. */
import type { Operation, Program } from '../../../src/core/program.ts';
import type { ExecuteOptions } from '../../../src/core/target.ts';
import { setupOf, type OwnMap } from '../own-map.ts';
import { ReferenceMap, type ReferenceEntry } from '../reference-map.ts';
import { OwnRun } from './run.ts';
import { showEntry, showModel } from './state.ts';
import { beginWalk, type IterationKind, type Item, type Walk } from './walk.ts';

/** Older versions of a persistent map that are kept and compared. */
const VERSIONS_MAX = 8;
/** Entries at once from which a map has surely grown. */
const GROWN_SIZE = 64;

interface OpenIterator {
  readonly iterator: Iterator<unknown>;
  readonly kind: IterationKind;
  readonly walk: Walk;
  isChangedSince: boolean;
  hasBegun: boolean;
}

interface Version {
  readonly map: unknown;
  readonly reference: ReferenceMap;
}

/** See above. */
export class MapRun extends OwnRun {
  protected reference: ReferenceMap;
  protected readonly capacity: number;
  readonly #iterators = new Map<number, OpenIterator>();
  readonly #versions: Version[] = [];
  readonly #everSet = new Set<unknown>();
  readonly #isPersistent: boolean;
  readonly #isLru: boolean;
  #turn = 0;
  #loopDepth = 0;

  constructor(own: OwnMap, program: Program, options: ExecuteOptions) {
    super(own, program, options);
    this.reference = new ReferenceMap(own.identityOf);
    this.capacity = own.capacityOf(setupOf(program).map);
    this.#isPersistent = own.model === 'persistent-map';
    this.#isLru = own.model === 'lru-cache';
  }

  protected override apply(operation: Operation): string {
    const { op } = operation;
    switch (op) {
      case 'fill':
        this.forRun(operation, (key, index) => this.set(key, Number(operation['v']) + index));
        return '';
      case 'drain':
        this.forRun(operation, (key) => this.remove(key));
        return '';
      case 'entries':
      case 'keys':
      case 'values':
        return this.#iterateWhole(op);
      case 'forEach':
        return this.forEach((operation['nested'] ?? []) as readonly Operation[]);
      case 'iterate':
        return this.#iterate(Number(operation['it']), operation['kind'] as IterationKind);
      case 'next':
        return this.#next(Number(operation['it']), Number(operation['count']));
      case 'version':
        return this.#goBack(Number(operation['back']));
      default:
        return this.#applySimple(operation);
    }
  }

  #applySimple(operation: Operation): string {
    const key = this.values.decode(operation['k']);
    switch (operation.op) {
      case 'set':
        return this.set(key, this.values.decode(operation['v']));
      case 'get':
        return this.get(key);
      case 'has':
        return this.lookUp(key);
      case 'peek':
        return this.peek(key);
      case 'delete':
        return this.remove(key);
      case 'clear':
        return this.#clear();
      default:
        return this.checkSize();
    }
  }

  protected set(key: unknown, value: unknown): string {
    this.#markKey(key);
    this.#write('set', () => this.call('set', key, value));
    this.reference.set(key, value);
    if (this.#isLru) this.reference.use(key);
    const evicted = this.#isLru ? this.reference.evictTo(this.capacity) : 0;
    if (evicted > 0) this.mark('eviction');
    if (this.reference.size === GROWN_SIZE) this.mark('growth');
    return '';
  }

  protected remove(key: unknown): string {
    const isThere = this.reference.find(key) !== undefined;
    const result = this.#write('delete', () => this.call('delete', key));
    this.reference.delete(key);
    if (isThere && this.reference.size === 0) this.mark('emptied');
    if (this.#isPersistent || result === undefined) return '';
    return this.comparePresence('delete', key, result, isThere);
  }

  #clear(): string {
    this.#write('clear', () => this.call('clear'));
    this.reference.clear();
    this.mark('clear');
    return '';
  }

  protected get(key: unknown): string {
    const actual = this.call('get', key);
    const due = this.reference.find(key)?.value;
    if (this.#isLru) this.reference.use(key);
    const { matchesModel } = this.own.rules;
    return this.compare(matchesModel, actual, due, `get returned something else.`);
  }

  protected peek(key: unknown): string {
    const due = this.reference.find(key)?.value;
    return this.compare(
      this.own.rules.matchesModel,
      this.call('peek', key),
      due,
      'peek returned something else.',
    );
  }

  protected lookUp(key: unknown): string {
    const isThere = this.reference.find(key) !== undefined;
    return this.comparePresence('has', key, this.call('has', key), isThere);
  }

  protected comparePresence(
    name: string,
    key: unknown,
    actual: unknown,
    expected: boolean,
  ): string {
    const message = `${name}(${this.values.show(key)}) is about a key that ${expected ? 'is there' : 'is not there'}.`;
    return this.compare(this.own.rules.matchesModel, actual, expected, message);
  }

  protected checkSize(): string {
    if (!this.has('size')) return '';
    const size = this.call('size');
    if (Number(size) > this.capacity) {
      this.fail(
        this.own.rules.capacity,
        'There are more entries than the capacity allows.',
        `${this.capacity} at most`,
        this.values.show(size),
      );
    }
    const message = 'The size is not the number of entries.';
    return this.compare(this.own.rules.size, size, this.reference.size, message);
  }

  /** Does a write. A persistent map goes on with what it returns, and keeps the old one for comparison. */
  #write(name: string, action: () => unknown): unknown {
    for (const open of this.#iterators.values()) open.isChangedSince = true;
    if (this.#loopDepth > 0) this.mark('changeDuringIteration');
    const result = action();
    if (!this.#isPersistent) return result;
    if (typeof result !== 'object' || result === null) {
      const { matchesModel } = this.own.rules;
      this.fail(matchesModel, `${name} returned no map.`, 'another map', this.values.show(result));
    }
    this.#versions.push({ map: this.map, reference: this.reference });
    if (this.#versions.length > VERSIONS_MAX) this.#versions.shift();
    this.map = result;
    this.reference = this.reference.clone();
    return result;
  }

  #goBack(back: number): string {
    const index = this.#versions.length - back;
    if (index < 0) return '';
    const { map, reference } = this.#versions[index]!;
    this.#versions.push({ map: this.map, reference: this.reference });
    this.map = map;
    this.reference = reference;
    this.mark('oldVersion');
    return '';
  }

  #iterateWhole(kind: IterationKind): string {
    return this.iterate(this.call(kind) as Iterable<unknown>, kind);
  }

  /** Follows a whole iteration; returns what it gave, if somebody listens. */
  protected iterate(items: Iterable<unknown>, kind: IterationKind): string {
    const walk = beginWalk(this.reference, this.own.order, kind);
    const shown: string[] = [];
    for (const given of items) shown.push(this.#accept(walk, kind, asItem(kind, given)));
    this.#end(walk, kind);
    return this.isListening ? `[${shown.join(', ')}]` : '';
  }

  protected forEach(nested: readonly Operation[]): string {
    const walk = beginWalk(this.reference, this.own.order, 'entries', nested.length > 0);
    const shown: string[] = [];
    let index = 0;
    this.#loopDepth++;
    try {
      this.call('forEach', (value: unknown, key: unknown) => {
        shown.push(this.#accept(walk, 'entries', { key, value }));
        for (const operation of nested) if (operation['at'] === index) this.apply(operation);
        index++;
      });
    } finally {
      this.#loopDepth--;
    }
    this.#end(walk, 'entries');
    return this.isListening ? `[${shown.join(', ')}]` : '';
  }

  #iterate(it: number, kind: IterationKind): string {
    if (!this.has(kind)) return '';
    const iterator = (this.call(kind) as Iterable<unknown>)[Symbol.iterator]();
    const walk = beginWalk(this.reference, this.own.order, kind, true);
    this.#iterators.set(it, { iterator, kind, walk, isChangedSince: false, hasBegun: false });
    return '';
  }

  #next(it: number, count: number): string {
    const open = this.#iterators.get(it);
    let shown = '';
    if (open === undefined) return shown;
    for (let step = 0; step < count; step++) {
      if (open.hasBegun && open.isChangedSince) this.mark('changeDuringIteration');
      open.hasBegun = true;
      open.isChangedSince = false;
      const given = open.iterator.next();
      if (given.done === true) {
        this.#end(open.walk, open.kind);
        shown = 'the end';
      } else {
        shown = this.#accept(open.walk, open.kind, asItem(open.kind, given.value));
      }
    }
    return shown;
  }

  #accept(walk: Walk, kind: IterationKind, item: Item): string {
    // Where any order will do, the order may be a random one; what is accepted is what the model has anyway.
    if (this.own.order !== 'any') {
      if (kind !== 'values') this.values.digest(item.key, this.fingerprint);
      if (kind !== 'keys') this.values.digest(item.value, this.fingerprint);
    }
    if (walk.accept(item)) return this.isListening ? this.#showItem(kind, item) : '';
    const due = walk.due();
    const expected = due === undefined ? 'the end' : this.#showItem(kind, due);
    return this.fail(
      this.own.rules.iteration,
      'The iteration gives something that is not due.',
      this.own.order === 'any' && due !== undefined
        ? `${expected}, or another that is left`
        : expected,
      this.#showItem(kind, item),
    );
  }

  #end(walk: Walk, kind: IterationKind): void {
    const due = walk.due();
    if (due === undefined) return;
    const { iteration } = this.own.rules;
    this.fail(iteration, 'The iteration ends too early.', this.#showItem(kind, due), 'the end');
  }

  #showItem(kind: IterationKind, item: Item): string {
    if (kind === 'keys') return this.values.show(item.key);
    if (kind === 'values') return this.values.show(item.value);
    return showEntry({ key: item.key, value: item.value }, this.values);
  }

  protected override check(operation: Operation | null): void {
    this.checkSize();
    this.#checkContents(operation);
    if (this.has('entries') && this.reference.size <= this.own.lookupsMax) {
      this.iterate(this.call('entries') as Iterable<unknown>, 'entries');
    }
    this.#checkVersions(operation === null);
    this.checkOwnProperties(this.reference.size, (key) => this.reference.find(key) !== undefined);
  }

  /** Looks up entries, and the key that was just used, in ways that change nothing. */
  #checkContents(operation: Operation | null): void {
    const { entries } = this.reference;
    const stride = operation === null ? 1 : Math.ceil(entries.size / this.own.lookupsMax);
    let index = this.#turn++;
    for (const entry of entries.values()) {
      if (index++ % stride === 0) this.#checkEntry(entry);
    }
    const key = operation?.['k'];
    if (key !== undefined && this.has('has')) {
      const decoded = this.values.decode(key);
      const isThere = this.reference.find(decoded) !== undefined;
      if (isThere !== this.call('has', decoded)) this.#misplaced(decoded, isThere);
    }
  }

  #checkEntry(entry: ReferenceEntry): void {
    // A key that does not equal itself is in the map, but no lookup can find it.
    if (this.reference.find(entry.key) !== entry) return;
    if (this.has('has') && this.call('has', entry.key) !== true) this.#misplaced(entry.key, true);
    const look = this.#isLru ? 'peek' : 'get';
    if (!this.has(look)) return;
    const actual = this.call(look, entry.key);
    if (Object.is(actual, entry.value)) return;
    this.fail(
      this.own.rules.contents,
      `The value of key ${this.values.show(entry.key)} is not the one it was given.`,
      this.values.show(entry.value),
      this.values.show(actual),
    );
  }

  #misplaced(key: unknown, isThere: boolean): never {
    return this.fail(
      this.own.rules.contents,
      isThere
        ? `Key ${this.values.show(key)} is not found.`
        : `Key ${this.values.show(key)} is found, but was never set or is deleted.`,
      isThere ? 'found' : 'not found',
      isThere ? 'not found' : 'found',
    );
  }

  /** Compares an older version of a persistent map, a different one each time; all of them at the end. */
  #checkVersions(isLast: boolean): void {
    if (this.#versions.length === 0) return;
    const now = { map: this.map, reference: this.reference };
    const chosen = isLast ? this.#versions : [this.#versions[this.#turn % this.#versions.length]!];
    for (const version of new Set([...chosen, this.#versions.at(-1)!])) {
      this.map = version.map;
      this.reference = version.reference;
      const problem = this.#differenceNow();
      this.map = now.map;
      this.reference = now.reference;
      if (problem === null) continue;
      this.fail(
        this.own.rules.persistence,
        'An earlier version of the map is no longer what it was.',
        showModel(version.reference.entries.values(), this.values),
        problem,
      );
    }
  }

  /** What is wrong with the current map, or `null`. */
  #differenceNow(): string | null {
    for (const entry of this.reference.entries.values()) {
      if (this.reference.find(entry.key) !== entry || !this.has('get')) continue;
      const actual = this.call('get', entry.key);
      if (Object.is(actual, entry.value)) continue;
      return `${this.values.show(entry.key)} → ${this.values.show(actual)}`;
    }
    if (!this.has('size')) return null;
    const size = this.call('size');
    return size === this.reference.size ? null : `size ${this.values.show(size)}`;
  }

  #markKey(key: unknown): void {
    if (key !== key) this.mark('nanKey');
    else if (Object.is(key, -0)) this.mark('negativeZeroKey');
    const identity = this.reference.identityOf(key);
    if (this.reference.entries.has(identity)) this.mark('overwrite');
    else if (this.#everSet.has(identity)) this.mark('reinsertion');
    else this.#everSet.add(identity);
  }

  protected override modelState(): readonly string[] {
    return [showModel(this.reference.entries.values(), this.values)];
  }
}

function asItem(kind: IterationKind, given: unknown): Item {
  if (kind === 'keys') return { key: given };
  if (kind === 'values') return { value: given };
  const pair = given as readonly [unknown, unknown];
  return { key: pair[0], value: pair[1] };
}
