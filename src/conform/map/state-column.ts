/**
 * The state columns of a map trace, by name.
 */
import { FLAG_SAME_SIZE_GROW, type MapView } from '../../engines/go-map/inspection.ts';

const COLUMNS: ReadonlyMap<string, (view: MapView) => number> = new Map([
  ['count', (view: MapView) => view.count],
  ['B', (view: MapView) => view.B],
  ['noverflow', (view: MapView) => view.noverflow],
  ['nevacuate', (view: MapView) => view.nevacuate],
  ['growing', (view: MapView) => (view.oldBuckets === null ? 0 : 1)],
  ['sameSize', (view: MapView) => ((view.flags & FLAG_SAME_SIZE_GROW) === 0 ? 0 : 1)],
  ['flags', (view: MapView) => view.flags],
  ['pre', (view: MapView) => view.spareOverflow],
]);

/** How to read a column from the engine; undefined for an unknown name. */
export function stateColumn(name: string): ((view: MapView) => number) | undefined {
  return COLUMNS.get(name);
}
