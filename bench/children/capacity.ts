/** The measuring process of `../capacity.ts`: inserts until done or refused, then reads back. */
import { answerParent } from '../harness/child-process.ts';
import { findEngine } from '../harness/engines.ts';
import { scatter } from '../harness/keys.ts';
import { settledMemory } from '../harness/memory.ts';

/** What one process measures: integer keys with number values. */
export interface CapacityRequest {
  readonly engine: string;
  readonly size: number;
}

/** What it found. */
export interface CapacityResult {
  /** Entries in the map at the end. */
  readonly entries: number;
  /** What the map threw, or `null`. */
  readonly error: string | null;
  readonly seconds: number;
  readonly bytesPerEntry: number;
  /** Entries looked up afterwards, all of them found with their values. */
  readonly checked: number;
}

/** Every so many entries one is looked up again. */
const CHECK_STRIDE = 7;

function fill(map: Map<number, number>, size: number): string | null {
  try {
    for (let index = 0; index < size; index++) map.set(scatter(index), index + 0.5);
    return null;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

await answerParent(async ({ engine, size }: CapacityRequest): Promise<CapacityResult> => {
  const MapClass = await findEngine(engine).load();
  const before = await settledMemory();
  const map = new MapClass() as Map<number, number>;
  const start = performance.now();
  const error = fill(map, size);
  const seconds = (performance.now() - start) / 1000;
  const entries = map.size;
  const after = await settledMemory();
  const bytes = after.heap + after.external - before.heap - before.external;
  let checked = 0;
  for (let index = 0; index < entries; index += CHECK_STRIDE) {
    const value = map.get(scatter(index));
    if (value !== index + 0.5) throw new Error(`entry ${index} came back as ${String(value)}`);
    checked++;
  }
  return { entries, error, seconds, bytesPerEntry: bytes / entries, checked };
});
