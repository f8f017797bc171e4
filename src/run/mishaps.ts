/** Decides what becomes of a ticket whose worker hung or died: once more, without the run that did it, or given up. */
import type { NoReturn } from '../core/termination.ts';
import type { Ticket } from './plan.ts';
import { lostTicket, type TicketResult } from './ticket.ts';

/** A ticket to be done again, and the runs of it that are not to be made. */
export interface Retry {
  readonly position: number;
  readonly noReturn: ReadonlyMap<number, NoReturn>;
}

/**
 * The mishaps of one worker's tickets.
 *
 * A run that hangs is recorded at once: it had all the time there is. A run that dies gets a second chance, since the
 * death may be the fault of what went before it in the same thread; dying of the same run twice is that run's failure.
 * Dying of one run and then of another, or in making a program, is nothing that can be pinned on a run: the ticket is
 * given up, and reported.
 */
export class Mishaps {
  #position = -1;
  #noReturn = new Map<number, NoReturn>();
  #index = -1;
  /** Run that the worker died of last, or -1. */
  #suspect = -1;
  #how: NoReturn | null = null;
  #strays = 0;

  /** `offset` is the run that was in work, counted from the ticket's first. */
  note(
    position: number,
    index: number,
    ticket: Ticket,
    offset: number,
    how: NoReturn,
  ): { readonly retry: Retry } | { readonly lost: TicketResult } {
    if (position !== this.#position) this.#begin(position);
    this.#index = index;
    this.#how = how;
    const run = ticket.firstRun + offset;
    if (this.#noReturn.has(run)) {
      return {
        lost: lostTicket(index, ticket, `in making the program of run ${run}: ${how.seen}`),
      };
    }
    if (how.kind === 'hang' || run === this.#suspect) {
      this.#noReturn.set(run, how);
      this.#suspect = -1;
    } else {
      if (this.#suspect >= 0) this.#strays++;
      this.#suspect = run;
    }
    if (this.#strays > 1) {
      return { lost: lostTicket(index, ticket, `at one run, then at another: ${how.seen}`) };
    }
    return { retry: { position, noReturn: new Map(this.#noReturn) } };
  }

  /** To be told of each ticket that is done: the run that its worker had died of, if it came through after all. */
  recovered(index: number): { readonly run: number; readonly how: NoReturn } | null {
    if (index !== this.#index || this.#suspect < 0) return null;
    const run = this.#suspect;
    this.#suspect = -1;
    return { run, how: this.#how! };
  }

  #begin(position: number): void {
    this.#position = position;
    this.#noReturn = new Map();
    this.#suspect = -1;
    this.#strays = 0;
  }
}
