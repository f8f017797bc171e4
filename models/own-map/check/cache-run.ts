/**
 * One run of a cache that may forget what it likes, whenever it likes.
 *
 * The model holds what may still be there: an entry whose absence was seen is gone from then on, until it is set again.
 */
import type { Operation } from '../../../src/core/program.ts';
import { MapRun } from './map-run.ts';
import type { IterationKind } from './walk.ts';

/** See above. */
export class CacheRun extends MapRun {
  protected override set(key: unknown, value: unknown): string {
    super.set(key, value);
    this.checkSize();
    return '';
  }

  protected override remove(key: unknown): string {
    const result = this.call('delete', key);
    if (result === true) this.#mustBePossible('delete', key);
    this.reference.delete(key);
    return result === undefined ? '' : this.note(result);
  }

  protected override get(key: unknown): string {
    return this.#read('get', key);
  }

  protected override peek(key: unknown): string {
    return this.#read('peek', key);
  }

  protected override lookUp(key: unknown): string {
    const result = this.call('has', key);
    if (result === true) this.#mustBePossible('has', key);
    else if (result === false) this.#forget(key);
    else this.comparePresence('has', key, result, false);
    return this.note(result);
  }

  #read(name: 'get' | 'peek', key: unknown): string {
    const actual = this.call(name, key);
    const entry = this.reference.find(key);
    if (actual === undefined) {
      if (entry !== undefined && entry.value !== undefined) this.#forget(key);
      return this.note(actual);
    }
    const message = `${name} returned a value that the key does not have.`;
    return this.compare(this.own.rules.matchesModel, actual, entry?.value, message);
  }

  #mustBePossible(name: string, key: unknown): void {
    if (this.reference.find(key) === undefined) this.comparePresence(name, key, true, false);
  }

  #forget(key: unknown): void {
    if (this.reference.delete(key)) this.mark('eviction');
  }

  protected override checkSize(): string {
    if (!this.has('size')) return '';
    const size = this.call('size');
    const most = Math.min(this.capacity, this.reference.size);
    if (typeof size === 'number' && size >= 0 && size <= most) return this.note(size);
    const isOver = Number(size) > this.capacity;
    return this.fail(
      isOver ? this.own.rules.capacity : this.own.rules.size,
      isOver ? 'There are more entries than the capacity allows.' : 'There are entries too many.',
      `${most} at most`,
      this.values.show(size),
    );
  }

  protected override iterate(items: Iterable<unknown>, kind: IterationKind): string {
    // Values alone do not say whose they are, so nothing is learnt from what is missing.
    if (kind === 'values') return this.#iterateValues(items);
    const shown: string[] = [];
    const seen = new Set<unknown>();
    for (const given of items) {
      const [key, value] = kind === 'entries' ? (given as [unknown, unknown]) : [given, undefined];
      const identity = this.own.identityOf(key);
      const entry = this.reference.find(key);
      const text = this.note(key);
      shown.push(kind === 'entries' ? `${text} → ${this.note(value)}` : text);
      const isRight = entry !== undefined && (kind === 'keys' || Object.is(entry.value, value));
      if (isRight && !seen.has(identity)) {
        seen.add(identity);
        continue;
      }
      this.fail(
        this.own.rules.iteration,
        'The iteration gives something that cannot be there.',
        entry === undefined || seen.has(identity)
          ? `nothing more for key ${this.values.show(key)}`
          : this.values.show(entry.value),
        kind === 'entries' ? this.values.show(value) : this.values.show(key),
      );
    }
    for (const [identity, entry] of this.reference.entries) {
      if (!seen.has(identity)) this.#forget(entry.key);
    }
    return this.isListening ? `[${shown.join(', ')}]` : '';
  }

  protected override forEach(): string {
    const pairs: [unknown, unknown][] = [];
    this.call('forEach', (value: unknown, key: unknown) => void pairs.push([key, value]));
    return this.iterate(pairs, 'entries');
  }

  #iterateValues(items: Iterable<unknown>): string {
    const possible = [...this.reference.entries.values()].map((entry) => entry.value);
    const shown: string[] = [];
    for (const value of items) {
      shown.push(this.note(value));
      const index = possible.findIndex((other) => Object.is(other, value));
      if (index < 0) {
        const { iteration } = this.own.rules;
        const message = 'The iteration gives a value that cannot be there.';
        this.fail(iteration, message, 'a value that was set', this.values.show(value));
      }
      possible.splice(index, 1);
    }
    return this.isListening ? `[${shown.join(', ')}]` : '';
  }

  /** Looking may change what a cache forgets, so only the operations themselves look. */
  protected override check(operation: Operation | null): void {
    this.checkSize();
    if (operation === null && this.has('entries')) {
      this.iterate(this.call('entries') as Iterable<unknown>, 'entries');
    }
    this.checkOwnProperties(this.reference.size, (key) => this.reference.find(key) !== undefined);
  }
}
