/** The state of a user's map, as lines for a message. Never throws: the map may be broken. */
import type { OwnMap } from '../own-map.ts';
import type { RunValues } from '../values.ts';

/** Most entries, and most characters of a line, that a state shows. */
const ENTRIES_MAX = 16;
const LINES_MAX = 24;

/** A key with its value. */
interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

/** Shows the map itself: by its user's `inspect`, or by its entries. */
export function showState(own: OwnMap, map: unknown, values: RunValues): readonly string[] {
  try {
    if (own.inspect !== undefined) return asLines(own.inspect(map));
    if (own.operations.entries === undefined) return [];
    const shown: string[] = [];
    for (const item of own.operations.entries(map) as Iterable<readonly [unknown, unknown]>) {
      if (shown.length === ENTRIES_MAX) {
        shown.push('…');
        break;
      }
      shown.push(showEntry({ key: item[0], value: item[1] }, values));
    }
    return [`map:   ${shown.join(', ') || 'empty'}`];
  } catch (error) {
    return [`the map cannot be shown: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Shows the model's entries in one line. */
export function showModel(entries: Iterable<Entry>, values: RunValues): string {
  const all = [...entries];
  const shown = all.slice(0, ENTRIES_MAX).map((entry) => showEntry(entry, values));
  if (all.length > ENTRIES_MAX) shown.push(`… (${all.length} entries)`);
  return `model: ${shown.join(', ') || 'empty'}`;
}

/** An entry as text. */
export function showEntry({ key, value }: Entry, values: RunValues): string {
  return `${values.show(key)} → ${values.show(value)}`;
}

function asLines(state: unknown): readonly string[] {
  if (typeof state === 'string') return state.split('\n').slice(0, LINES_MAX);
  if (Array.isArray(state)) return state.slice(0, LINES_MAX).map(String);
  return (JSON.stringify(state, undefined, 2) ?? String(state)).split('\n').slice(0, LINES_MAX);
}
