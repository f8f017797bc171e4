/** Names the shared memory that a program's setup returned without announcing it. */
import { locations } from './memory.ts';

/** How deep and how wide the search goes; what lies beyond must be announced by `created`. */
const DEPTH_MAX = 4;
const OBJECTS_MAX = 10_000;

/** Names all SharedArrayBuffers reachable from a value, in the order of its own fields. */
export function nameReachable(shared: unknown): void {
  if (typeof shared !== 'object' || shared === null) return;
  if (ArrayBuffer.isView(shared)) locations.name(shared.buffer, -1);
  else visit(shared, 0, new Set());
}

function visit(value: object, depth: number, seen: Set<object>): void {
  if (seen.has(value) || seen.size >= OBJECTS_MAX) return;
  seen.add(value);
  if (ArrayBuffer.isView(value)) locations.name(value.buffer, -1);
  else if (value instanceof SharedArrayBuffer) locations.name(value, -1);
  else if (depth < DEPTH_MAX) {
    for (const field of Object.values(value)) {
      if (typeof field === 'object' && field !== null) visit(field, depth + 1, seen);
    }
  }
}
