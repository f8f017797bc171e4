/** One process: all engines in turns over one kind of key, one kind of value and one size. */
import { InternalError } from '../../src/core/errors.ts';
import type { Clock } from './clock.ts';
import { openClock } from './clock.ts';
import type { Engine } from './engines.ts';
import { findEngine } from './engines.ts';
import type { KeyKind } from './keys.ts';
import { makeKeys } from './keys.ts';
import type { Loops, Operation } from './loops.ts';
import { compileLoops, OPERATIONS } from './loops.ts';
import { collectGarbage } from './memory.ts';
import type { PassCounts, Turn, Workload } from './turn.ts';
import { makeWorkload, SINGLE_PASSES, takeTurn } from './turn.ts';
import type { ValueKind } from './values.ts';

/** What a process measures. Plain data: it comes from the parent. */
export interface CellRequest {
  readonly size: number;
  readonly keys: KeyKind;
  readonly values: ValueKind;
  /** Names, in the order of the first round. */
  readonly engines: readonly string[];
  readonly operations: readonly Operation[];
  readonly rounds: number;
  /** Least length of a timed block, where a single pass is shorter. */
  readonly blockMilliseconds: number;
}

/** The times of one engine and operation, one for each round, in order: nanoseconds for one key or entry. */
export interface CellTimes {
  readonly engine: string;
  readonly operation: Operation;
  readonly nanoseconds: readonly number[];
}

/** What a process measured, and the clock it used. */
export interface CellResult {
  readonly clock: Clock['kind'];
  readonly times: readonly CellTimes[];
}

interface Contestant {
  readonly engine: Engine;
  readonly loops: Loops;
  passes: PassCounts;
  readonly turns: Turn[];
  /**
   * A small map that lives as long as the process. V8 drops hidden classes that no living object has, and with them what
   * it learnt about code that used them; a program that uses a kind of map has one at each garbage collection.
   */
  readonly keeper: object;
}

/** Maps of this size are warmed up with, where the cell's are larger. */
const WARM_UP_SIZE_MAX = 100_000;

/** Nothing is quicker for one key; a coarse clock may show 0. */
const LEAST_NANOSECONDS = 0.1;

/** 4^10 passes fill any block. */
const CALIBRATION_TURNS_MAX = 10;

/** Entries of the maps that stay alive. */
const KEEPER_SIZE = 1000;

/** Measures. @throws InternalError if two engines disagree about what is in their maps. */
export async function measureCell(request: CellRequest): Promise<CellResult> {
  const clock = openClock();
  const workload = makeWorkload(request.keys, request.size);
  const warmUp =
    request.size <= WARM_UP_SIZE_MAX ? workload : makeWorkload(request.keys, WARM_UP_SIZE_MAX);
  const contestants: Contestant[] = [];
  for (const name of request.engines) {
    const engine = findEngine(name);
    const full = compileLoops(engine, await engine.load(), request.keys, request.values);
    const loops = onlyOperations(full, request.operations);
    const keeper = loops.insert(makeKeys(request.keys, 0, KEEPER_SIZE), 1);
    contestants.push({ engine, loops, passes: SINGLE_PASSES, turns: [], keeper });
  }
  for (const contestant of contestants) calibrate(contestant, warmUp, request, clock);
  for (let round = 0; round < request.rounds; round++) {
    for (let place = 0; place < contestants.length; place++) {
      // The order rotates, so that nobody always comes after the same neighbour.
      const contestant = contestants[(place + round) % contestants.length]!;
      collectGarbage();
      contestant.turns.push(takeTurn(contestant.loops, workload, contestant.passes, clock));
    }
    assertAgreement(contestants, round);
  }
  const times = contestants.flatMap((contestant) => timesOf(request.operations, contestant));
  return { clock: clock.kind, times: times.filter(({ nanoseconds }) => nanoseconds.length > 0) };
}

function onlyOperations(loops: Loops, operations: readonly Operation[]): Loops {
  const work = Object.fromEntries(
    Object.entries(loops.work).map(([operation, loop]) => [
      operation,
      operations.includes(operation as Operation) ? loop : null,
    ]),
  ) as Loops['work'];
  return { ...loops, work };
}

/** Lets V8 optimise the loops, and finds how many passes fill a block: 1, 2, 4 … until all blocks are long enough. */
function calibrate(
  contestant: Contestant,
  warmUp: Workload,
  request: CellRequest,
  clock: Clock,
): void {
  const blockNanoseconds = request.blockMilliseconds * 1e6;
  let passes = SINGLE_PASSES;
  for (let attempt = 0; attempt < CALIBRATION_TURNS_MAX; attempt++) {
    const turn = takeTurn(contestant.loops, warmUp, passes, clock);
    const wanted = passesFor(turn, request.size, blockNanoseconds);
    const wantedHere = passesFor(turn, warmUp.size, blockNanoseconds);
    contestant.passes = wanted;
    if (OPERATIONS.every((operation) => passes[operation] >= wantedHere[operation] / 2)) return;
    passes = Object.fromEntries(
      OPERATIONS.map((operation) => [
        operation,
        Math.min(wantedHere[operation], passes[operation] * 4),
      ]),
    ) as Record<Operation, number>;
  }
}

function passesFor(turn: Turn, size: number, blockNanoseconds: number): PassCounts {
  const count = (operation: Operation): number => {
    const perKey = Math.max(
      turn[operation]?.nanoseconds ?? Number.POSITIVE_INFINITY,
      LEAST_NANOSECONDS,
    );
    const keysPerPass = operation === 'delete' ? Math.max(size, 16_384) : size;
    return Math.max(1, Math.ceil(blockNanoseconds / (perKey * keysPerPass)));
  };
  return Object.fromEntries(OPERATIONS.map((operation) => [operation, count(operation)])) as Record<
    Operation,
    number
  >;
}

function assertAgreement(contestants: readonly Contestant[], round: number): void {
  const [first, ...others] = contestants;
  for (const { engine, turns } of others) {
    for (const operation of OPERATIONS) {
      const expected = first!.turns[round]![operation]?.checksum;
      const actual = turns[round]![operation]?.checksum;
      if (expected === undefined || actual === undefined || expected === actual) continue;
      throw new InternalError(
        `${engine.name} summed ${actual}, ${first!.engine.name} ${expected}`,
        {
          code: 'E-BENCH-003',
          place: `${operation}, round ${round}`,
          todo: 'A map that answers wrongly has no speed; run the campaigns on it.',
        },
      );
    }
  }
}

function timesOf(operations: readonly Operation[], contestant: Contestant): CellTimes[] {
  return operations.map((operation) => ({
    engine: contestant.engine.name,
    operation,
    nanoseconds: contestant.turns.flatMap((turn) => turn[operation]?.nanoseconds ?? []),
  }));
}
