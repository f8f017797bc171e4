/**
 * Draws a map for a person: its fields, and the buckets around the fault, old and new side by side.
 */
import {
  CELLS_PER_BUCKET,
  EMPTY_ONE,
  EMPTY_REST,
  EVACUATED_EMPTY,
  EVACUATED_X,
  EVACUATED_Y,
  FLAG_HASH_WRITING,
  FLAG_ITERATOR,
  FLAG_OLD_ITERATOR,
  FLAG_SAME_SIZE_GROW,
  type MapView,
  type TableView,
} from '../../../src/engines/go-map/inspection.ts';
import { showValue } from '../../value-token.ts';
import type { Loop } from './loop.ts';
import type { World } from './world.ts';

/** Main buckets up to which the whole map is drawn. */
const BUCKETS_DRAWN_MAX = 8;
/** Buckets of a chain that are drawn. */
const CHAIN_DRAWN_MAX = 6;

/** Draws the map of a world, a line each. Cost: paid only for a violation. */
export function drawPicture(world: World): readonly string[] {
  const { view } = world as { view: MapView | undefined };
  if (view === undefined) return [];
  const lines = [
    `count ${view.count}, B ${view.B}, noverflow ${view.noverflow}, nevacuate ${view.nevacuate}, ` +
      `flags ${flagNames(view.flags)}, hash0 ${view.hash0}, spare ${view.spareOverflow}`,
  ];
  const { faultAt } = world.step.layout;
  if (view.oldBuckets !== null) lines.push(...drawTable(view.oldBuckets, 'old', faultAt));
  if (view.buckets !== null) lines.push(...drawTable(view.buckets, 'new', faultAt));
  for (const loop of world.loops) lines.push(drawLoop(loop));
  return lines;
}

function drawTable(table: TableView, name: string, faultAt: number | null): string[] {
  const lines: string[] = [];
  const mask = table.bucketCount - 1;
  const fault = faultAt === null ? 0 : (faultAt < 0 ? -1 - faultAt : faultAt) & mask;
  for (let index = 0; index < table.bucketCount; index++) {
    if (table.bucketCount > BUCKETS_DRAWN_MAX && index !== fault) continue;
    lines.push(...drawChain(table, `${name}[${index}]`, index));
  }
  const left = table.bucketCount - BUCKETS_DRAWN_MAX;
  if (left > 0) lines.push(`${name}: ${table.bucketCount - 1} more buckets`);
  return lines;
}

function drawChain(table: TableView, name: string, main: number): string[] {
  const lines: string[] = [];
  let bucket = main;
  for (let depth = 0; bucket >= 0 && depth < CHAIN_DRAWN_MAX; depth++) {
    const cells: string[] = [];
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) cells.push(drawCell(table, bucket, cell));
    lines.push(`${depth === 0 ? name : `${name}+${depth}`}: ${cells.join(' ')}`);
    bucket = table.overflow(bucket);
  }
  if (bucket >= 0) lines.push(`${name}: … more overflow buckets`);
  return lines;
}

function drawCell(table: TableView, bucket: number, cell: number): string {
  const top = table.tophash(bucket, cell);
  switch (top) {
    case EMPTY_REST:
      return '·';
    case EMPTY_ONE:
      return '-';
    case EVACUATED_X:
      return 'X';
    case EVACUATED_Y:
      return 'Y';
    case EVACUATED_EMPTY:
      return 'E';
    default:
      return `${showValue(table.key(bucket, cell))}=${showValue(table.value(bucket, cell))}/${top}`;
  }
}

function drawLoop({ view, generation, world, productions }: Loop): string {
  const filter = view.checkBucket < 0 ? 'no filter' : `check bucket ${view.checkBucket}`;
  return (
    `iterator: B ${view.B}, began at bucket ${view.startBucket} cell ${view.offset}, ` +
    `${world.generation - generation} growths ago, next bucket ${view.bucket}, next cell ${view.cell}, ` +
    `${filter}${view.pickedInDoubling ? ', picked in a doubling' : ''}, ${productions} produced`
  );
}

function flagNames(flags: number): string {
  const names = (
    [
      [FLAG_ITERATOR, 'iterator'],
      [FLAG_OLD_ITERATOR, 'oldIterator'],
      [FLAG_HASH_WRITING, 'hashWriting'],
      [FLAG_SAME_SIZE_GROW, 'sameSizeGrow'],
    ] as const
  )
    .filter(([flag]) => (flags & flag) !== 0)
    .map(([, name]) => name);
  return names.length === 0 ? 'none' : names.join('+');
}
