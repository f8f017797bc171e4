/**
 * Who reads from whom: a coarser view of an execution than its class, and a further check, since
 * both engines know it by other means.
 */
import type { GraphEvent } from '../explore/graph/graph.ts';
import type { Trail } from '../explore/trail.ts';
import { COMPARE_EXCHANGE, KIND_MASK, LOAD, LOCK, PLAIN_READ, TRY_LOCK, UPDATE } from '../step.ts';

function isRead(kind: number): boolean {
  return (
    kind === LOAD ||
    kind === PLAIN_READ ||
    kind === UPDATE ||
    kind === COMPARE_EXCHANGE ||
    kind === LOCK ||
    kind === TRY_LOCK
  );
}

/**
 * The reads-from map of an execution as text: for each read, in the order of threads, the write it
 * reads from. A lock reads from the release before it.
 */
export function readsFromOf(trail: Trail): string {
  const entries: string[] = [];
  for (let i = 0; i < trail.length; i++) {
    if (!isRead(trail.code[i]! & KIND_MASK)) continue;
    const write = trail.writeBefore[i]!;
    const source = write < 0 ? '' : `${trail.thread[write]}.${trail.index[write]}`;
    entries.push(`${trail.thread[i]}.${trail.index[i]}=${source}`);
  }
  return entries.sort(byText).join(' ');
}

/** The same of a full graph. */
export function readsFromOfGraph(events: readonly GraphEvent[]): string {
  const entries: string[] = [];
  for (const { nodes } of events) {
    for (const { source, thread, index } of nodes) {
      if (source === undefined) continue;
      entries.push(
        `${thread}.${index}=${source === null ? '' : `${source.thread}.${source.index}`}`,
      );
    }
  }
  return entries.sort(byText).join(' ');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
