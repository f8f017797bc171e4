/** The measuring process of `../memory.ts`: how much memory the maps of one engine hold. */
import { answerParent } from '../harness/child-process.ts';
import { findEngine } from '../harness/engines.ts';
import type { KeyKind } from '../harness/keys.ts';
import { makeKeys } from '../harness/keys.ts';
import { compileLoops } from '../harness/loops.ts';
import { settledMemory } from '../harness/memory.ts';
import type { ValueKind } from '../harness/values.ts';

/** What one process measures. */
export interface MemoryRequest {
  readonly engine: string;
  readonly keys: KeyKind;
  readonly values: ValueKind;
  readonly size: number;
}

/** What it found, in bytes for one entry. */
export interface MemoryResult {
  readonly heap: number;
  /** Outside of the JavaScript heap; the buffers of typed arrays are part of it. */
  readonly external: number;
}

/** Entries in all maps together, at least: a single small map would drown in the noise of the heap. */
const ENTRIES_MIN = 200_000;

await answerParent(async (request: MemoryRequest): Promise<MemoryResult> => {
  const engine = findEngine(request.engine);
  const loops = compileLoops(engine, await engine.load(), request.keys, request.values);
  const keys = makeKeys(request.keys, 0, request.size);
  const mapCount = Math.max(1, Math.ceil(ENTRIES_MIN / request.size));
  // Once before the base line, so that compiled code and tables made at first use do not count.
  loops.insert(keys.slice(0, 1000), 1);
  const before = await settledMemory();
  const maps = Array.from({ length: mapCount }, () => loops.insert(keys, 1));
  const after = await settledMemory();
  const entryCount = maps.length * keys.length;
  return {
    heap: (after.heap - before.heap) / entryCount,
    external: (after.external - before.external) / entryCount,
  };
});
