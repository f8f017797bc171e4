/**
 * The real-time orders that one class of executions admits.
 *
 * Executions of one class differ in the order of independent steps, so they differ in which operation returned before
 * which other one began. Results do not depend on that, linearizability does. A class is linearizable only if it is in
 * every real-time order that some execution of it has.
 *
 * An operation begins just before its first event and returns just after its last: later calls and earlier returns
 * only order more. What orders more is harder to explain, so the *maximal* orders suffice. They come from a search over
 * which operation returns next:
 *
 * Q1. To let an operation return next, exactly those operations begin that must have begun before its last event. It
 *     can be next only if no other operation must return before that event.
 * Q2. An operation that can return with nobody else beginning does so at once: that orders more and prevents nothing.
 * Q3. Any order of an execution is part of one that is found: follow the execution's own sequence of returns through
 *     the search. Every operation that began by then had to, so whatever had not begun there has not begun here either.
 *
 * Source: none known; interval orders of partial executions are enumerated as linear extensions of first and last events.
 */
import type { Trail } from '../explore/trail.ts';

/** Most operations of one execution: sets of them are bits of one number. */
export const ORDERED_OPERATIONS_MAX = 30;

/** Receives one order: operation i began at tick `calls[i]` and returned at tick `returns[i]`; false ends the search. */
export type OrderVisitor = (
  sequence: Int32Array,
  calls: Int32Array,
  returns: Int32Array,
) => boolean;

/** Collects the operations of an execution, then enumerates the orders of its class. To be reused for all executions. */
export class RealTimeOrders {
  /** Operations noted. */
  count = 0;
  readonly thread: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  /** Events of its thread before the operation, and up to its end. */
  readonly #before: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  readonly #upTo: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  /** By operation: those that must have begun, and those that must have returned, before it begins. */
  readonly #begunFirst: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  readonly #returnedFirst: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  /** The same before it returns. */
  readonly #begunLast: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  readonly #returnedLast: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  /** Operations in the order of their beginnings, and the ticks of an order. */
  readonly #sequence: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  readonly #calls: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  readonly #returns: Int32Array = new Int32Array(ORDERED_OPERATIONS_MAX);
  /** Position of each event, by thread and number. */
  #positions: Int32Array = new Int32Array(0);
  #stride = 0;

  /** Forgets all operations. */
  reset(): void {
    this.count = 0;
  }

  /**
   * Notes an operation that has returned. A thread's operations come in their order; `before` and `upTo` are numbers of
   * events of its thread: `registers.eventCount` at the call and at the return.
   */
  add(thread: number, before: number, upTo: number): number {
    const operation = this.count++;
    this.thread[operation] = thread;
    this.#before[operation] = before;
    this.#upTo[operation] = upTo;
    return operation;
  }

  /** Calls `visit` for each maximal order. Returns false if `visit` did. At most count! orders. */
  every(trail: Trail, visit: OrderVisitor): boolean {
    this.#relate(trail);
    return this.#search(0, 0, 0, 0, visit);
  }

  /** Whether operation `one` must return before `other` begins, after a call of `every`. */
  precedes(one: number, other: number): boolean {
    return (this.#returnedFirst[other]! & (1 << one)) !== 0;
  }

  /** Fills the tables of what must come first. */
  #relate(trail: Trail): void {
    this.#locate(trail);
    for (let one = 0; one < this.count; one++) {
      const first = this.#before[one]! + 1;
      const last = this.#upTo[one]!;
      // An operation without events lies between two of its thread.
      const isEmpty = last < first;
      this.#require(trail, one, isEmpty ? last : first, this.#begunFirst, this.#returnedFirst);
      this.#require(trail, one, last, this.#begunLast, this.#returnedLast);
    }
  }

  #locate(trail: Trail): void {
    const { length, threadCount } = trail;
    this.#stride = length + 1;
    if (this.#positions.length < threadCount * this.#stride) {
      this.#positions = new Int32Array(threadCount * this.#stride * 2);
    }
    for (let i = 0; i < length; i++) {
      this.#positions[trail.thread[i]! * this.#stride + trail.index[i]!] = i;
    }
  }

  /** What must come before event `number` of operation `one`; event 0 comes before all. */
  #require(
    trail: Trail,
    one: number,
    number: number,
    begun: Int32Array,
    returned: Int32Array,
  ): void {
    const own = this.thread[one]!;
    const { threadCount, rows } = trail;
    const row = number === 0 ? -1 : this.#positions[own * this.#stride + number]! * threadCount;
    let begunBits = 0;
    let returnedBits = 0;
    for (let other = 0; other < this.count; other++) {
      const bit = 1 << other;
      if (this.thread[other] === own) {
        if (other < one) returnedBits |= bit;
        continue;
      }
      const seen = row < 0 ? 0 : rows[row + this.thread[other]!]!;
      const first = this.#before[other]! + 1;
      const last = this.#upTo[other]!;
      if (seen >= first) begunBits |= bit;
      if (seen >= (last < first ? first : last)) returnedBits |= bit;
    }
    begun[one] = begunBits | returnedBits;
    returned[one] = returnedBits;
  }

  #search(
    begun: number,
    returned: number,
    begunCount: number,
    tick: number,
    visit: OrderVisitor,
  ): boolean {
    const { count } = this;
    // Q2.
    for (let one = 0; one < count; one++) {
      if ((returned & (1 << one)) !== 0 || (begun & (1 << one)) === 0) continue;
      if ((this.#begunLast[one]! & ~begun) !== 0 || (this.#returnedLast[one]! & ~returned) !== 0) {
        continue;
      }
      this.#returns[one] = tick++;
      returned |= 1 << one;
      one = -1;
    }
    if (returned === (1 << count) - 1) {
      return visit(this.#sequence, this.#calls, this.#returns);
    }
    // Q1.
    for (let one = 0; one < count; one++) {
      const bit = 1 << one;
      if ((returned & bit) !== 0 || (this.#returnedLast[one]! & ~returned) !== 0) continue;
      let next = begunCount;
      let now = tick;
      const beginning = (this.#begunLast[one]! | bit) & ~begun;
      for (let rest = beginning; rest !== 0; rest &= rest - 1) {
        const other = 31 - Math.clz32(rest & -rest);
        this.#sequence[next++] = other;
        this.#calls[other] = now++;
      }
      this.#returns[one] = now++;
      if (!this.#search(begun | beginning, returned | bit, next, now, visit)) return false;
    }
    return true;
  }
}
