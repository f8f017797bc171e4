/**
 * What programs are made of: phases, each of which drives the map somewhere.
 *
 * `mixture` is aimless. The others know the map's thresholds: they fill it to the edge of a
 * doubling, pump it full of overflow buckets so that it is repacked, let loops grow old across
 * several growths, empty it and fill it again.
 */
import { INTRUSIONS, LOOP_METHODS } from '../program-schema.ts';
import { keyToken, ODD_KEYS } from './keys.ts';
import type { ProgramWriter } from './writer.ts';

/** A phase adds operations to a program. */
export type Phase = (writer: ProgramWriter) => void;

type Act = (writer: ProgramWriter) => void;

const lookUp =
  (op: 'get' | 'has'): Act =>
  (writer) => {
    const number = writer.dice.chance(60) ? writer.liveKey() : writer.anyKey();
    writer.add({ op, key: keyToken(writer.habits.keyKind, number) });
  };

const ACTS: readonly (readonly [number, Act])[] = [
  [30, (writer) => writer.set(writer.anyKey())],
  [8, (writer) => writer.set(writer.liveKey())],
  [20, (writer) => writer.delete(writer.liveKey())],
  [4, (writer) => writer.delete(writer.anyKey())],
  [16, lookUp('get')],
  [6, lookUp('has')],
  [3, (writer) => writer.add({ op: 'size' })],
  [3, (writer) => writer.add({ op: 'range', via: LOOP_METHODS[writer.dice.below(4)]! })],
  [2, intrude],
  [2, (writer) => writer.add({ op: 'clone' })],
  [1, (writer) => writer.add({ op: 'swap' })],
  [1, (writer) => writer.clear()],
];

function intrude(writer: ProgramWriter): void {
  const { dice, habits } = writer;
  writer.add({
    op: 'intrude',
    action: INTRUSIONS[dice.below(INTRUSIONS.length)]!,
    key: keyToken(habits.keyKind, writer.liveKey()),
    it: dice.below(habits.loops),
  });
}

/** Any operation on any key. */
export const mixture: Phase = (writer) => {
  for (let left = writer.dice.between(10, 70); left > 0 && !writer.isFull; left--) {
    writer.dice.weighted(ACTS)(writer);
  }
};

/** Insertions only, then some lookups: growth one after the other. */
export const fill: Phase = (writer) => {
  const { dice } = writer;
  for (let left = dice.between(4, 45); left > 0 && !writer.isFull; left--) {
    writer.set(dice.chance(80) ? writer.newKey(4) : writer.anyKey());
    if (dice.chance(15)) lookUp('get')(writer);
  }
};

/** One below the limit, at it, and one over, with an entry taken out and put back at each point. */
export const boundary: Phase = (writer) => {
  const { dice } = writer;
  if (writer.room > 60) return;
  while (writer.room > 1) writer.set(writer.newKey(4));
  for (let over = 0; over < 3; over++) {
    const number = writer.liveKey();
    writer.delete(number);
    lookUp('has')(writer);
    writer.set(number);
    writer.set(writer.newKey(4));
    if (dice.chance(15)) writer.add({ op: 'clone' });
    if (over === dice.below(3) && dice.chance(40))
      writer.beginLoop(dice.below(writer.habits.loops));
  }
};

/** Deletes in a random order, down to nothing or to a few. */
export const thin: Phase = (writer) => {
  const { dice } = writer;
  const left = dice.chance(40) ? 0 : dice.below(6);
  while (writer.live.length > left && !writer.isFull) writer.delete(writer.liveKey());
};

/** Keys that hurt, again and again; under `float64` they are NaN as often as not. */
export const oddKeys: Phase = (writer) => {
  const { dice } = writer;
  for (let left = dice.between(3, 20); left > 0 && !writer.isFull; left--) {
    const number = ODD_KEYS + (dice.chance(50) ? 0 : dice.below(8));
    const key = keyToken(writer.habits.keyKind, number);
    if (dice.chance(70)) writer.set(number);
    else if (dice.chance(50)) writer.add({ op: 'get', key });
    else writer.delete(number);
  }
};

/** Largest B that is pumped: beyond it a program would be all pumping. */
const PUMPED_B_MAX = 3;

/**
 * Fills chains with overflow buckets and empties them again, until a same-size growth is due, and
 * starts it.
 *
 * Needs a hash under which keys share buckets by their low bits; under others it is churn.
 */
export const pump: Phase = (writer) => {
  const { dice } = writer;
  while (writer.B === 0) writer.set(writer.freshKey(dice.below(4), 4));
  if (writer.B > PUMPED_B_MAX) return;
  const classes = 2 ** writer.B;
  const B = writer.B;
  let overflow = 0;
  for (let round = 0; overflow < classes && round < 2 * classes && writer.B === B; round++) {
    overflow += pumpClass(writer, round % classes, classes, classes - overflow);
  }
  if (writer.habits.keyKind === 'float' && dice.chance(50)) oddKeys(writer);
  // With two entries left, the map can be emptied before a growth of four or more buckets is over.
  const isEmptied = B >= 2 && dice.chance(30);
  const kept = isEmptied ? 1 : writer.live.length;
  while (writer.live.length > kept || (writer.room < 2 && writer.live.length > 0)) {
    writer.delete(writer.liveKey());
  }
  // This one meets too many overflow buckets. Loops then step between the writes that do the
  // growth.
  writer.set(writer.freshKey(dice.below(classes), classes));
  if (dice.chance(10)) writer.add({ op: 'clone' });
  if (dice.chance(40)) writer.beginLoop(dice.below(writer.habits.loops));
  if (dice.chance(20)) writer.add({ op: 'range', via: 'entries' });
  if (isEmptied) while (writer.live.length > 0) writer.delete(writer.liveKey());
  for (let left = dice.below(6); left > 0; left--) {
    writer.stepLoops(dice.below(3));
    writer.set(writer.newKey(4));
  }
};

/**
 * Gives one chain as many overflow buckets as there is room for, at most `wanted`. Returns how
 * many.
 */
function pumpClass(
  writer: ProgramWriter,
  residue: number,
  classes: number,
  wanted: number,
): number {
  const { dice } = writer;
  const kept = writer.liveOfClass(residue, classes);
  while (writer.room + kept.length < 10 && writer.live.length > kept.length) {
    const number = writer.liveKey();
    if (number % classes !== residue || number >= ODD_KEYS) writer.delete(number);
    else if (dice.chance(20)) break;
  }
  const buckets = Math.min(wanted, Math.floor((writer.room - 1 + kept.length - 1) / 8));
  if (buckets <= 0) return 0;
  const added: number[] = [];
  while (kept.length + added.length < 8 * buckets + 1 && writer.room > 1) {
    const number = writer.freshKey(residue, classes);
    added.push(number);
    writer.set(number);
  }
  const spared = dice.below(4);
  const isBackwards = dice.chance(50);
  while (added.length > spared) writer.delete((isBackwards ? added.pop() : added.shift())!);
  return buckets;
}

/** Loops that are begun, here and there in mid-growth, and step only while later growths run. */
export const aging: Phase = (writer) => {
  const { dice, habits } = writer;
  // A doubling begins; a loop that begins now may borrow an old bucket.
  if (dice.chance(60) && writer.room <= 30) {
    while (writer.room > 0) writer.set(writer.newKey(8));
    writer.set(writer.newKey(8));
  }
  for (let it = 0; it < habits.loops; it++) writer.beginLoop(it);
  writer.stepLoops(dice.below(4));
  for (let rounds = dice.between(1, 3); rounds > 0 && !writer.isFull; rounds--) {
    if (dice.chance(35)) refill(writer);
    pump(writer);
    writer.stepLoops(dice.below(3));
  }
  if (dice.chance(80)) writer.drainLoops();
};

/** Empties the map, one way or the other, and sets some of the same keys again. */
export const refill: Phase = (writer) => {
  const { dice } = writer;
  const numbers = writer.live.slice(0, 30);
  if (dice.chance(50)) writer.clear();
  else while (writer.live.length > 0) writer.delete(writer.live.at(-1)!);
  if (dice.chance(40)) writer.stepLoops(1);
  const count = dice.below(numbers.length + 1);
  for (const number of numbers.slice(0, count)) writer.set(number);
};

/** A loop stands deep in one chain when the map is cleared; then another chain grows deep. */
export const recycle: Phase = (writer) => {
  const { dice } = writer;
  const classes = 2 ** writer.B;
  const residue = dice.below(classes);
  for (let left = Math.min(18, writer.room - 1); left > 0; left--) {
    writer.set(writer.freshKey(residue, classes));
  }
  writer.beginLoop(0);
  writer.stepLoops(dice.between(6, 16));
  writer.clear();
  const other = dice.below(classes);
  for (let left = Math.min(14, writer.room); left > 0; left--) {
    writer.set(writer.freshKey(other, classes));
  }
  writer.drainLoops();
};

/** The phases and how often each is taken. */
export const PHASES: readonly (readonly [number, Phase])[] = [
  [30, mixture],
  [16, fill],
  [12, boundary],
  [8, thin],
  [7, oddKeys],
  [12, pump],
  [10, aging],
  [5, refill],
  [4, recycle],
];
