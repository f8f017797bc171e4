/**
 * Programs of several threads that show whether GoMap keeps its promises to them: readers are free, and misuse is noticed.
 *
 * The flags of misuse promise nothing of a single interleaving, in Go neither: two writers may miss each other. So they are
 * asked of all interleavings together: in some of them the misuse must be noticed, by everyone who can.
 */
import { concurrentProperties, readersAreFree } from '../../../properties/go-map/concurrent.ts';
import { misuse } from '../../../properties/go-map/results.ts';
import type { Property } from '../../../src/core/property.ts';
import { exploreExhaustively } from '../../../src/core/explore/optimal.ts';
import { readersProgram, threadsProgram, type Call, type SharedEngine } from './threads.ts';

/** A promise that is broken. */
export interface BrokenPromise {
  readonly property: Property['name'];
  readonly message: string;
  /** The program, as text. */
  readonly program: string;
  /** Programs explored up to and with this one, and executions of all of them. */
  readonly programs: number;
  readonly executions: number;
  /** The readers of which one interleaving fails; `null` where all interleavings together show what is wrong. */
  readonly readers: {
    readonly keys: readonly number[];
    readonly threads: readonly (readonly Call[])[];
    readonly isHashed: boolean;
  } | null;
}

/** Executions of one program at most; the programs have some dozens of classes. */
const EXECUTIONS_MAX = 5_000;

const FEW = [1, 2, 3];
/** With the 53rd key eight buckets become sixteen, and a quarter of them has been moved when the threads begin. */
const GROWING = Array.from({ length: 53 }, (_, index) => index + 1);

const READERS: readonly (readonly (readonly Call[])[])[] = [
  [[['get', 1]], [['get', 2]]],
  [[['get', 1]], [['has', 9]], [['size']]],
  [[['forEach']], [['forEach']]],
  [[['forEach']], [['get', 2]]],
];

/** Two threads that must not be at it at once, and what each is told where both are told. */
const MISUSES: readonly (readonly [write: Call, other: Call, told: readonly (string | null)[]])[] =
  [
    [
      ['set', 9, 90],
      ['get', 1],
      [null, 'concurrent map read and map write'],
    ],
    [
      ['set', 9, 90],
      ['set', 10, 100],
      ['concurrent map writes', 'concurrent map writes'],
    ],
    [['delete', 1], ['forEach'], [null, 'concurrent map iteration and map write']],
  ];

/** Names of the properties that are asked. */
export const HUNTED_PROPERTIES: readonly string[] = [...concurrentProperties, misuse].map(
  ({ name }) => name,
);

/** The first promise that an engine does not keep, or `null`. Cost: some thousand executions. */
export function huntBrokenPromise(engine: SharedEngine): BrokenPromise | null {
  return new Hunt(engine).run();
}

class Hunt {
  readonly #engine: SharedEngine;
  #programs = 0;
  #executions = 0;

  constructor(engine: SharedEngine) {
    this.#engine = engine;
  }

  run(): BrokenPromise | null {
    for (const isHashed of [false, true]) {
      for (const keys of [FEW, GROWING]) {
        for (const threads of READERS) {
          const broken = this.#askReaders(keys, threads, isHashed);
          if (broken !== null) return broken;
        }
      }
    }
    for (const [write, other, told] of MISUSES) {
      const broken = this.#askMisuse([[write], [other]], told);
      if (broken !== null) return broken;
    }
    return null;
  }

  #askReaders(
    keys: readonly number[],
    threads: readonly (readonly Call[])[],
    isHashed: boolean,
  ): BrokenPromise | null {
    const program = readersProgram(this.#engine, keys, threads, isHashed);
    const report = exploreExhaustively(program, { executionsMax: EXECUTIONS_MAX });
    this.#count(report);
    if (report.failure === null) return null;
    const shown = `${keys.length} keys: ${showThreads(threads)}`;
    const broken = this.#broken(readersAreFree, report.failure.message, shown);
    return { ...broken, readers: { keys, threads, isHashed } };
  }

  /** Whether in some interleaving every thread is told what it should be. */
  #askMisuse(
    threads: readonly (readonly Call[])[],
    told: readonly (string | null)[],
  ): BrokenPromise | null {
    let isNoticed = false;
    const program = threadsProgram(this.#engine, {
      keys: FEW,
      threads,
      isHashed: true,
      catchesFatal: true,
      after: (_, results) => {
        isNoticed ||= told.every(
          (text, thread) => text === null || String(results[thread]).includes(text),
        );
      },
    });
    const report = exploreExhaustively(program, {
      executionsMax: EXECUTIONS_MAX,
      findsRaces: false,
    });
    this.#count(report);
    if (isNoticed) return null;
    const message =
      report.failure?.message ??
      `In none of ${report.complete} interleavings are the threads told of ${told.filter((text) => text !== null).join(' and of ')}.`;
    return this.#broken(misuse, message, showThreads(threads));
  }

  #count({ complete, deadlocks }: { complete: number; deadlocks: number }): void {
    this.#programs++;
    this.#executions += complete + deadlocks;
  }

  #broken({ name }: { readonly name: string }, message: string, program: string): BrokenPromise {
    return {
      property: name,
      message,
      program,
      programs: this.#programs,
      executions: this.#executions,
      readers: null,
    };
  }
}

function showThreads(threads: readonly (readonly Call[])[]): string {
  return threads
    .map((calls) => calls.map(([name, ...given]) => `${name}(${given.join(', ')})`).join('; '))
    .join(' | ');
}
