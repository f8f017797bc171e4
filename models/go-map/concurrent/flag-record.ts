/**
 * What the threads of one run did to a map's flags, call by call.
 *
 * R1. The map tells what is read from its flags and written to them (F5 of `shared-fields.ts`). A change of the flags is a
 *     read and a write of one thread, in this order.
 * R2. Before and after each call its thread looks at the flags itself. These looks are steps like any other, so that every
 *     order of them and of the changes of other threads is explored.
 * R3. Nothing is recorded but the order of accesses to one location, and what is read there: it is the same in every run
 *     of a class.
 */
import { registers } from '../../../src/core/step.ts';
import { FLAG_HASH_WRITING } from '../../../src/engines/go-map/inspection.ts';

/** What a shared map calls with what it is told. */
export type Witness = (what: 'read' | 'write' | 'ending' | 'count', value: number) => void;

interface FlagEvent {
  readonly thread: number;
  readonly what: 'read' | 'write' | 'ending';
}

/** One call of a thread. */
export interface CallRecord {
  readonly thread: number;
  /** `set(9, 90)`. */
  readonly text: string;
  readonly name: string;
  /** Whether the mark of a write stood when the thread looked before the call, and after it. */
  isMarkedBefore: boolean;
  isMarkedAfter: boolean;
  /** The events of the run after the first look, up to and with the second; up to the end of a call that threw. */
  from: number;
  upTo: number;
  hasReturned: boolean;
  /** Whether it read a count of no entries. */
  foundEmpty: boolean;
  /** The text of the error that ended it, or `null`. */
  thrown: string | null;
}

/** The record of one run at a time. */
export class FlagRecord {
  #events: FlagEvent[] = [];
  #calls: CallRecord[] = [];
  /** By thread. */
  #current: CallRecord[] = [];

  /** Calls begun, in the order in which they began. */
  get calls(): readonly CallRecord[] {
    return this.#calls;
  }

  /** Begins a run. */
  reset(): void {
    this.#events = [];
    this.#calls = [];
    this.#current = [];
  }

  /** Takes what the map tells. */
  readonly witness: Witness = (what, value) => {
    const { thread } = registers;
    if (thread < 0) return;
    if (what !== 'count') this.#events.push({ thread, what });
    else if (value === 0) this.#current[thread]!.foundEmpty = true;
  };

  /** A thread has looked at the flags and is about to make a call. */
  begin(thread: number, name: string, given: readonly number[], flags: number): CallRecord {
    const call: CallRecord = {
      thread,
      name,
      text: `${name}(${given.join(', ')})`,
      isMarkedBefore: (flags & FLAG_HASH_WRITING) !== 0,
      isMarkedAfter: false,
      from: this.#events.length,
      upTo: -1,
      hasReturned: false,
      foundEmpty: false,
      thrown: null,
    };
    this.#calls.push(call);
    this.#current[thread] = call;
    return call;
  }

  /** The call has returned, and its thread has looked at the flags again. */
  returned(call: CallRecord, flags: number): void {
    call.hasReturned = true;
    call.isMarkedAfter = (flags & FLAG_HASH_WRITING) !== 0;
    call.upTo = this.#events.length;
  }

  /** The call has thrown a fatal error, which ends its thread. */
  threw(call: CallRecord, text: string): void {
    call.thrown = text;
    call.upTo = this.#events.length;
  }

  /** Whether another thread changed the flags during a call. */
  isChangedDuring({ thread, from, upTo }: CallRecord): boolean {
    return this.#events
      .slice(from, upTo)
      .some((event) => event.what === 'write' && event.thread !== thread);
  }

  /** Position of the event in which a write put its mark, -1 before it did. */
  markOf(call: CallRecord): number {
    return this.#next(call.thread, call.from, 'write');
  }

  /** Position of the event in which a write looked at its mark again, -1 before it did. */
  lookOf(call: CallRecord): number {
    const ending = this.#next(call.thread, call.from, 'ending');
    return ending < 0 ? -1 : this.#next(call.thread, ending, 'read');
  }

  /** Whether a change of the flags was lost: another thread's came between the read and the write that make it. */
  isChangeLost(): boolean {
    return this.#events.some(({ thread, what }, at) => {
      if (what !== 'write') return false;
      const before = this.#events.slice(0, at);
      const read = before.findLastIndex((event) => event.thread === thread);
      return before.slice(read + 1).some((event) => event.what === 'write');
    });
  }

  #next(thread: number, from: number, what: FlagEvent['what']): number {
    return this.#events.findIndex(
      (event, at) => at >= from && event.thread === thread && event.what === what,
    );
  }
}
