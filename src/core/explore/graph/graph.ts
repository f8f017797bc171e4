/**
 * Execution graphs: what happened, without saying in which order what was independent happened.
 *
 * G1. A graph has, for each thread, its nodes in program order; for each read the write it reads
 *     from; for each location its writes in coherence order. A read-modify-write that writes is two
 *     neighbouring nodes of one event.
 * G2. Nodes are never changed: a read that reads from elsewhere is a new node in its place. Only
 *     writes are referred to, and no write is ever replaced.
 * G3. A graph is consistent if program order, reads-from, coherence and from-read (a read comes
 *     before the write that overwrites what it read) have no cycle, and the write of each
 *     read-modify-write directly follows, in coherence order, what it read. Any topological order
 *     of a consistent graph is an execution that has this graph.
 */

/**
 * `pending`: a read-modify-write whose outcome is not known yet. `blocked`: the read of a lock that
 * was held.
 */
export type NodeState = 'done' | 'pending' | 'blocked';

export interface GraphNode {
  readonly thread: number;
  /** Number of the event in its thread, from 1; the same for both nodes of a read-modify-write. */
  readonly index: number;
  readonly code: number;
  readonly kind: number;
  /** Location, or -1 for an event that touches none. */
  readonly location: number;
  readonly isWrite: boolean;
  /** For a read: the write it reads from, or `null` for the initial value. Undefined for others. */
  readonly source: GraphNode | null | undefined;
  /** When the node was added: later is greater. */
  readonly stamp: number;
  readonly state: NodeState;
  /** Thread whose end this event waited for, or -1. */
  readonly joined: number;
}

export interface Graph {
  readonly threads: readonly (readonly GraphNode[])[];
  /** G1, by location. */
  readonly coherence: ReadonlyMap<number, readonly GraphNode[]>;
  /** Stamp of the next node. */
  readonly nextStamp: number;
}

/** The graph before anything has happened. */
export function emptyGraph(threadCount: number): Graph {
  return {
    threads: Array.from({ length: threadCount }, () => []),
    coherence: new Map(),
    nextStamp: 1,
  };
}

/** Adds a node at the end of its thread, not yet to the coherence order. */
export function withNode(graph: Graph, node: GraphNode): Graph {
  const threads = [...graph.threads];
  threads[node.thread] = [...threads[node.thread]!, node];
  return { ...graph, threads, nextStamp: graph.nextStamp + 1 };
}

/** Replaces a node in its place. */
export function withReplaced(graph: Graph, before: GraphNode, after: GraphNode): Graph {
  const threads = [...graph.threads];
  threads[before.thread] = threads[before.thread]!.map((node) => (node === before ? after : node));
  return { ...graph, threads };
}

/** Puts a write into the coherence order of its location, at a place from 0. */
export function withCoherence(graph: Graph, write: GraphNode, place: number): Graph {
  const coherence = new Map(graph.coherence);
  const writes = [...(coherence.get(write.location) ?? [])];
  writes.splice(place, 0, write);
  coherence.set(write.location, writes);
  return { ...graph, coherence };
}

/** Drops nodes; their threads must be cut at the end. */
export function without(graph: Graph, dropped: ReadonlySet<GraphNode>): Graph {
  const keep = (node: GraphNode): boolean => !dropped.has(node);
  const coherence = new Map<number, readonly GraphNode[]>();
  for (const [location, writes] of graph.coherence) coherence.set(location, writes.filter(keep));
  return { ...graph, threads: graph.threads.map((nodes) => nodes.filter(keep)), coherence };
}

/** One event in a topological order: its read node, its write node, or both. */
export interface GraphEvent {
  readonly nodes: readonly GraphNode[];
  /** The last of them, which tells what the event did. */
  readonly last: GraphNode;
}

/** G3: the events in an order that is an execution, or `null` if the graph is inconsistent. */
export function linearize(graph: Graph): GraphEvent[] | null {
  if (!isAtomic(graph)) return null;
  const events: GraphEvent[] = [];
  const eventOf = new Map<GraphNode, number>();
  for (const nodes of graph.threads) {
    for (const node of nodes) {
      const previous = events[events.length - 1];
      const isSame = previous?.last.thread === node.thread && previous.last.index === node.index;
      if (isSame) events[events.length - 1] = { nodes: [...previous.nodes, node], last: node };
      else events.push({ nodes: [node], last: node });
      eventOf.set(node, events.length - 1);
    }
  }
  const order = sort(events.length, edges(graph, events, eventOf));
  return order === null ? null : order.map((event) => events[event]!);
}

function isAtomic(graph: Graph): boolean {
  for (const nodes of graph.threads) {
    for (let i = 1; i < nodes.length; i++) {
      const [read, write] = [nodes[i - 1]!, nodes[i]!];
      if (!write.isWrite || write.index !== read.index) continue;
      const writes = graph.coherence.get(write.location)!;
      const source = read.source ? writes.indexOf(read.source) : -1;
      if (writes.indexOf(write) !== source + 1) return false;
    }
  }
  return true;
}

function edges(
  graph: Graph,
  events: readonly GraphEvent[],
  eventOf: ReadonlyMap<GraphNode, number>,
): Set<number>[] {
  const successors = events.map(() => new Set<number>());
  const add = (from: GraphNode, to: GraphNode): void => {
    const [first, second] = [eventOf.get(from)!, eventOf.get(to)!];
    if (first !== second) successors[first]!.add(second);
  };
  for (const nodes of graph.threads) {
    for (const [i, node] of nodes.entries()) {
      if (i > 0) add(nodes[i - 1]!, node);
      if (node.joined >= 0) {
        const last = graph.threads[node.joined]!.at(-1);
        if (last !== undefined) add(last, node);
      }
      if (node.source === undefined) continue;
      if (node.source !== null) add(node.source, node);
      const writes = graph.coherence.get(node.location) ?? [];
      const overwriting = writes[node.source === null ? 0 : writes.indexOf(node.source) + 1];
      if (overwriting !== undefined) add(node, overwriting);
    }
  }
  for (const writes of graph.coherence.values()) {
    for (let i = 1; i < writes.length; i++) add(writes[i - 1]!, writes[i]!);
  }
  return successors;
}

function sort(count: number, successors: readonly ReadonlySet<number>[]): number[] | null {
  const incoming = new Array<number>(count).fill(0);
  for (const set of successors) for (const event of set) incoming[event]!++;
  const ready: number[] = [];
  for (let event = count - 1; event >= 0; event--) if (incoming[event] === 0) ready.push(event);
  const order: number[] = [];
  while (ready.length > 0) {
    const event = ready.pop()!;
    order.push(event);
    for (const next of successors[event]!) if (--incoming[next]! === 0) ready.push(next);
  }
  return order.length === count ? order : null;
}

/**
 * Everything that a node's existence rests on: before it in program order, read from, or joined;
 * the node included.
 */
export function prefixOf(graph: Graph, node: GraphNode): Set<GraphNode> {
  const prefix = new Set<GraphNode>();
  const visit = (from: GraphNode): void => {
    if (prefix.has(from)) return;
    const nodes = graph.threads[from.thread]!;
    const place = nodes.indexOf(from);
    for (let i = place; i >= 0 && !prefix.has(nodes[i]!); i--) prefix.add(nodes[i]!);
    for (let i = place; i >= 0; i--) {
      const { source, joined } = nodes[i]!;
      if (source) visit(source);
      const last = joined >= 0 ? graph.threads[joined]!.at(-1) : undefined;
      if (last !== undefined) visit(last);
    }
  };
  visit(node);
  return prefix;
}
