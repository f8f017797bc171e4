/**
 * Random programs for the classic map.
 *
 * Each program draws its own habits (kinds of keys and values, hash, how many loops, which phases)
 * and then goes from phase to phase. Everything is drawn from fast-check's generator one integer at
 * a time, without a combinator for each operation, so that making a program costs less than running
 * it.
 */
import fc from 'fast-check';
import type { Arbitrary, Random } from 'fast-check';
import type { Json, Program } from '../../src/core/program.ts';
import { hintedB } from '../../properties/go-map/facts.ts';
import type { HashKind } from './hashes.ts';
import type { GoMapSetup } from './program-schema.ts';
import { Dice } from './generate/dice.ts';
import type { KeyKind, ValueKind } from './generate/keys.ts';
import { aging, mixture, PHASES, pump, refill, type Phase } from './generate/phases.ts';
import { ProgramWriter, type Habits } from './generate/writer.ts';

const HASHES: readonly (readonly [number, HashKind])[] = [
  [46, 'linear'],
  [22, 'built-in'],
  [8, 'mix'],
  [10, 'low-bits'],
  [7, 'same-tophash'],
  [7, 'constant'],
];

const KEY_KINDS: readonly (readonly [number, KeyKind])[] = [
  [34, 'integer'],
  [20, 'string'],
  [24, 'float'],
  [6, 'object'],
  [8, 'mixed'],
  [8, 'late-string'],
];

const VALUE_KINDS: readonly (readonly [number, ValueKind])[] = [
  [78, 'counter'],
  [6, 'few'],
  [9, 'late-objects'],
  [7, 'mixed'],
];

const HINTS: readonly (readonly [number, (dice: Dice) => Json])[] = [
  [70, () => 0],
  [10, (dice) => [9, 14, 27, 53][dice.below(4)]! - dice.below(2)],
  [10, (dice) => dice.between(1, 60)],
  [4, (dice) => [104, 105, 208, 209][dice.below(4)]!],
  [6, (dice) => BAD_HINTS[dice.below(BAD_HINTS.length)]!],
];

const BAD_HINTS: readonly Json[] = [
  -1,
  -9,
  8.5,
  9.5,
  1e300,
  2 ** 32 + 9,
  { float: 'NaN' },
  { float: 'Infinity' },
  { float: '-Infinity' },
];

const POOLS: readonly (readonly [number, GoMapSetup['pool']])[] = [
  [80, 'go'],
  [6, 'none'],
  [14, 'early'],
];

const WIPES: readonly (readonly [number, GoMapSetup['wipe']])[] = [
  [66, 'auto'],
  [24, 'always'],
  [10, 'never'],
];

const LENGTH_MIN = 20;
const LENGTH_MAX = 360;

/** Percentage of programs in which loops grow old; they are rare in the others, and long. */
const AGING_PERCENT = 16;

/** Writes one program for a map whose two buckets hold `loadNumerator` entries. */
export function writeProgram(random: Random, loadNumerator: number): Program {
  const dice = new Dice(random);
  const isAging = dice.chance(AGING_PERCENT);
  const keyKind = dice.weighted(KEY_KINDS);
  const setup = isAging ? drawAgingSetup(dice, keyKind) : drawSetup(dice, keyKind);
  const habits = drawHabits(dice, {
    keyKind,
    isNaNDistinct: setup['keys'] === 'float64',
    loadNumerator,
    lengthMax: isAging ? dice.between(140, 420) : dice.between(LENGTH_MIN, LENGTH_MAX),
  });
  const writer = new ProgramWriter(dice, habits, hintedB(Number(setup['hint']), loadNumerator));
  const phases = isAging ? AGING_PHASES : drawPhases(dice);
  while (!writer.isFull) {
    const before = writer.operations.length;
    dice.weighted(phases)(writer);
    // Some phases have nothing to do in some maps; a mixture always has.
    if (writer.operations.length === before) mixture(writer);
  }
  if (dice.chance(90)) writer.drainLoops();
  return { setup, draws: drawDraws(dice), threads: [writer.operations] };
}

function drawSetup(dice: Dice, keyKind: KeyKind): Program['setup'] {
  return {
    keys: keyKind === 'float' && dice.chance(85) ? 'float64' : 'javascript',
    hash: dice.weighted(HASHES),
    hint: dice.weighted(HINTS)(dice),
    pool: dice.weighted(POOLS),
    wipe: dice.weighted(WIPES),
    nil: dice.below(150) === 0,
  };
}

/** Four buckets are the fewest in which a growth outlasts the write that starts it. */
function drawAgingSetup(dice: Dice, keyKind: KeyKind): Program['setup'] {
  return {
    ...drawSetup(dice, keyKind),
    hash: dice.chance(85) ? 'linear' : 'low-bits',
    hint: dice.chance(75) ? dice.between(14, 24) : dice.between(0, 40),
    nil: false,
  };
}

function drawHabits(
  dice: Dice,
  given: Pick<Habits, 'keyKind' | 'isNaNDistinct' | 'loadNumerator' | 'lengthMax'>,
): Habits {
  return {
    ...given,
    valueKind: dice.weighted(VALUE_KINDS),
    nanKeys: dice.chance(50) ? 0 : dice.between(1, 70),
    oddKeys: dice.chance(50) ? 0 : dice.between(1, 30),
    loopSteps: dice.chance(30) ? 0 : dice.between(1, 30),
    loops: dice.between(1, 4),
    pool: dice.chance(60) ? dice.between(3, 30) : dice.between(20, 90),
  };
}

const AGING_PHASES: readonly (readonly [number, Phase])[] = [
  [6, aging],
  [2, pump],
  [1, refill],
];

/** Leaves out each phase now and then, so that the others get a program to themselves. */
function drawPhases(dice: Dice): readonly (readonly [number, Phase])[] {
  const chosen = PHASES.filter(() => dice.chance(65));
  return chosen.length === 0 ? [[1, mixture]] : chosen;
}

function drawDraws(dice: Dice): number[] {
  const draws: number[] = [];
  for (let left = dice.chance(10) ? 0 : dice.between(1, 24); left > 0; left--)
    draws.push(dice.bits());
  return draws;
}

/**
 * fast-check's shape for it. Shrinking is left to mapcheck's own shrinker, which knows operations.
 */
class ProgramArbitrary extends fc.Arbitrary<Program> {
  readonly #loadNumerator: number;

  constructor(loadNumerator: number) {
    super();
    this.#loadNumerator = loadNumerator;
  }

  generate(random: Random): fc.Value<Program> {
    return new fc.Value(writeProgram(random, this.#loadNumerator), undefined);
  }

  canShrinkWithoutContext(_value: unknown): _value is Program {
    return false;
  }

  shrink(): fc.Stream<fc.Value<Program>> {
    return fc.Stream.nil();
  }
}

/**
 * Random programs of some 200 operations, for maps whose two buckets hold `loadNumerator` entries.
 */
export function goMapPrograms(loadNumerator: number): Arbitrary<Program> {
  return new ProgramArbitrary(loadNumerator);
}
