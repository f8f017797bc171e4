/**
 * Exhaustive exploration over execution graphs: a second engine, independent of the first in what
 * it stores, how it finds what is left, and how it knows classes. It is there so that the two can
 * be compared class by class.
 *
 * Source: Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic
 * Partial Order Reduction", POPL 2022. Under sequential consistency.
 *
 * V1. Each graph has a set of successors that depends on the graph alone, and each consistent full
 *     graph is reached once.
 * V2. A new read may read from every write of its location. A new write may stand at every place of
 *     the coherence order; besides, reads that were there before may be *revisited*: they read from
 *     the new write, and what was added after them is dropped unless the new write rests on it.
 * V3. A read is revisited only if everything that would be dropped was added as it would be added
 *     again first: each read from, or was, the latest write of its location at that time. So one of
 *     the ways to the same graph is chosen.
 * V4. A lock is a read-modify-write that needs a mutex that is free. If it reads from an
 *     acquisition the thread is blocked, unless a release revisits the read. A full graph with such
 *     a read counts as a deadlock if what it read from is the mutex's last write, and not at all
 *     otherwise.
 *
 * Not supported: waits and notifies, spin loops, elements of different sizes in one buffer.
 */
import { UsageError } from '../../errors.ts';
import { Machine } from '../../machine.ts';
import { FINISHED } from '../../threads.ts';
import { GROUP_BASE, locations } from '../../memory.ts';
import {
  COMPARE_EXCHANGE,
  JOIN,
  KIND_BITS,
  KIND_MASK,
  LOAD,
  LOCAL,
  LOCK,
  PARK,
  PLAIN_READ,
  PLAIN_WRITE,
  STORE,
  TRY_LOCK,
  UNLOCK,
  UPDATE,
  type SteppedProgram,
} from '../../step.ts';
import {
  emptyGraph,
  linearize,
  prefixOf,
  withCoherence,
  withNode,
  without,
  withReplaced,
  type Graph,
  type GraphEvent,
  type GraphNode,
} from './graph.ts';

/** What a graph leads to. */
export type Expansion =
  | { readonly kind: 'successors'; readonly graphs: readonly Graph[] }
  | { readonly kind: 'inconsistent' }
  | {
      readonly kind: 'full';
      /** How it ends; `void` for a graph that does not count (V4). */
      readonly ending: 'complete' | 'deadlock' | 'parked' | 'void';
      readonly events: readonly GraphEvent[];
    };

/** Expands graphs of one program. */
export class GraphEngine {
  readonly machine: Machine;
  /** Values written, for the graph being expanded. */
  readonly #values = new Map<GraphNode, unknown>();
  readonly #initial = new Map<number, unknown>();

  constructor(program: SteppedProgram) {
    this.machine = new Machine(program);
    this.machine.recordsValues = true;
  }

  /** The graph to begin with. */
  start(): Graph {
    return emptyGraph(this.machine.threadCount);
  }

  /**
   * V1. Runs the program once, along the graph. If that taught the machine something, the answer
   * does not count and all graphs are void: `refresh` tells.
   */
  expand(graph: Graph): Expansion {
    const events = linearize(graph);
    if (events === null) return { kind: 'inconsistent' };
    const pending = this.#replay(events);
    if (this.machine.hasLearned) return { kind: 'inconsistent' };
    if (this.machine.spins.isUsed) throw unsupported('spin loops');
    if (pending !== null) return { kind: 'successors', graphs: this.#decide(graph, pending) };
    const thread = this.#nextThread(graph);
    if (thread < 0) return { kind: 'full', ending: this.#ending(graph), events };
    return { kind: 'successors', graphs: this.#add(graph, thread) };
  }

  /** Makes what was learned count, if anything was, and returns whether so. */
  refresh(): boolean {
    if (!this.machine.refresh()) return false;
    this.#initial.clear();
    return true;
  }

  /** Runs all events that are done, and returns the pending one, if there is one. */
  #replay(events: readonly GraphEvent[]): GraphNode | null {
    const { machine } = this;
    let pending: GraphNode | null = null;
    this.#values.clear();
    machine.restart();
    for (const { last } of events) {
      if (last.state === 'pending') pending = last;
      if (last.state !== 'done') continue;
      const t = last.thread;
      if (machine.codes[t] !== last.code) {
        if (machine.hasLearned) return null;
        throw new Error('the graph and the program disagree');
      }
      const isValue = last.kind <= PLAIN_WRITE || last.kind === COMPARE_EXCHANGE;
      if (isValue && !this.#initial.has(last.location)) {
        this.#initial.set(last.location, machine.peek(t));
      }
      machine.step(t);
      if (last.isWrite && isValue) this.#values.set(last, machine.valueAfter);
    }
    return pending;
  }

  /** The first thread that can add an event, or -1. */
  #nextThread(graph: Graph): number {
    const { machine } = this;
    for (let t = 0; t < machine.threadCount; t++) {
      const code = machine.codes[t]!;
      const kind = code & KIND_MASK;
      if (code === FINISHED || kind === PARK) continue;
      if (graph.threads[t]!.at(-1)?.state === 'blocked') continue;
      if (kind === JOIN && (machine.live & (1 << (code >> KIND_BITS))) !== 0) continue;
      return t;
    }
    return -1;
  }

  #ending(graph: Graph): 'complete' | 'deadlock' | 'parked' | 'void' {
    const { machine } = this;
    if (machine.live === 0) return 'complete';
    for (const nodes of graph.threads) {
      const last = nodes.at(-1);
      if (last?.state !== 'blocked') continue;
      if (graph.coherence.get(last.location)!.at(-1) !== last.source) return 'void';
    }
    return machine.parked() !== 0 ? 'parked' : 'deadlock';
  }

  #add(graph: Graph, t: number): readonly Graph[] {
    const code = this.machine.codes[t]!;
    const kind = code & KIND_MASK;
    const location = code >> KIND_BITS;
    const base = {
      thread: t,
      index: (graph.threads[t]!.at(-1)?.index ?? 0) + 1,
      code,
      kind,
      stamp: graph.nextStamp,
      state: 'done',
      joined: -1,
    } as const;
    switch (kind) {
      case LOAD:
      case PLAIN_READ:
        return this.#addRead(graph, { ...base, location, isWrite: false, source: null });
      case UPDATE:
      case COMPARE_EXCHANGE:
      case LOCK:
      case TRY_LOCK: {
        const read = { ...base, location, isWrite: false, source: null, state: 'pending' } as const;
        return this.#addRead(graph, read);
      }
      case STORE:
      case PLAIN_WRITE:
      case UNLOCK:
        return this.#addWrite(graph, { ...base, location, isWrite: true, source: undefined });
      case JOIN:
      case LOCAL: {
        const joined = kind === JOIN ? location : -1;
        const node = { ...base, location: -1, isWrite: false, source: undefined, joined };
        return [withNode(graph, node)];
      }
      default:
        throw unsupported('waits and notifies');
    }
  }

  /** V2 for reads. */
  #addRead(graph: Graph, read: GraphNode): Graph[] {
    if (read.location >= GROUP_BASE || locations.isMixed(read.location)) {
      throw unsupported('elements of different sizes in one buffer');
    }
    const sources = [null, ...(graph.coherence.get(read.location) ?? [])];
    return sources.map((source) => withNode(graph, { ...read, source }));
  }

  /** Finds out what a pending read-modify-write does, now that the value it reads is known. */
  #decide(graph: Graph, read: GraphNode): readonly Graph[] {
    if (this.#succeeds(read)) {
      const done: GraphNode = { ...read, state: 'done' };
      const write: GraphNode = {
        ...read,
        isWrite: true,
        source: undefined,
        stamp: graph.nextStamp,
        state: 'done',
      };
      return this.#addWrite(withReplaced(graph, read, done), write);
    }
    return [withReplaced(graph, read, { ...read, state: read.kind === LOCK ? 'blocked' : 'done' })];
  }

  #succeeds({ kind, source, location, thread }: GraphNode): boolean {
    const { machine } = this;
    if (kind === UPDATE) return true;
    if (kind !== COMPARE_EXCHANGE) return !source || source.kind === UNLOCK;
    let value: unknown;
    if (source) value = this.#values.get(source);
    else value = this.#initial.has(location) ? this.#initial.get(location) : machine.peek(thread);
    return value === machine.expected[thread];
  }

  /** V2 for writes. */
  #addWrite(graph: Graph, write: GraphNode): Graph[] {
    const added = withNode(graph, write);
    const graphs = placements(added, write);
    const prefix = prefixOf(added, write);
    for (const nodes of added.threads) {
      for (const read of nodes) {
        if (read.source === undefined || read.location !== write.location || prefix.has(read)) {
          continue;
        }
        const dropped = droppedBy(added, read, prefix);
        if (![read, ...dropped].every((node) => isLatest(added, node, prefix))) continue;
        const rest = without(added, new Set(dropped));
        const state = read.kind === LOAD || read.kind === PLAIN_READ ? 'done' : 'pending';
        const revisited = withReplaced(rest, read, { ...read, source: write, state });
        graphs.push(...placements(revisited, write));
      }
    }
    return graphs;
  }
}

/** Thrown for programs that use what the graph engine does not know. */
export class UnsupportedStepError extends UsageError {}

function unsupported(what: string): UnsupportedStepError {
  return new UnsupportedStepError(`the graph engine does not support ${what}`, {
    code: 'E-EXPLORE-003',
  });
}

/** The graph with a write at every place of its coherence order that can be consistent. */
function placements(graph: Graph, write: GraphNode): Graph[] {
  const writes = graph.coherence.get(write.location) ?? [];
  const nodes = graph.threads[write.thread]!;
  const read = nodes[nodes.indexOf(write) - 1];
  if (read?.index === write.index) {
    const { source } = read;
    const place = source ? writes.indexOf(source) + 1 : 0;
    return [withCoherence(graph, write, place)];
  }
  return Array.from({ length: writes.length + 1 }, (_, place) =>
    withCoherence(graph, write, place),
  );
}

function droppedBy(graph: Graph, read: GraphNode, prefix: ReadonlySet<GraphNode>): GraphNode[] {
  return graph.threads.flatMap((nodes) =>
    nodes.filter((node) => node.stamp > read.stamp && !prefix.has(node)),
  );
}

/** V3. */
function isLatest(graph: Graph, node: GraphNode, prefix: ReadonlySet<GraphNode>): boolean {
  const isEarlier = (other: GraphNode): boolean => other.stamp <= node.stamp || prefix.has(other);
  if (node.isWrite) {
    const isRead = graph.threads.some((nodes) =>
      nodes.some((other) => other.source === node && isEarlier(other)),
    );
    if (isRead) return false;
  } else if (node.source === undefined) return true;
  const write = node.isWrite ? node : node.source;
  if (write && !isEarlier(write)) return false;
  const writes = graph.coherence.get(node.location) ?? [];
  const place = write ? writes.indexOf(write) : -1;
  return !writes.slice(place + 1).some(isEarlier);
}
