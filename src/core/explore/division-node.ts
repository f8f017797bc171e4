/** The frames of prefixes that parts of an exploration have in common, as a tree. */

/** A frame: what was begun there, in order. */
export interface DivisionNode {
  readonly parent: DivisionNode | null;
  readonly depth: number;
  /** The thread whose step leads here, -1 for the root, and what that step touches. */
  readonly thread: number;
  readonly footprint: number;
  /** Set of threads asleep when the frame was reached first, and of those explored there since. */
  before: number;
  /** Steps that were begun from here, in order. */
  children: DivisionNode[];
  /** Whether a part begins here: it covers all that begins so. */
  isLeaf: boolean;
  /** Parts at or below this node that are not done. */
  open: number;
}

/** A new node, added to its parent's children. */
export function addNode(
  parent: DivisionNode | null,
  thread: number,
  footprint: number,
  before: number,
): DivisionNode {
  const node = {
    parent,
    depth: parent === null ? 0 : parent.depth + 1,
    thread,
    footprint,
    before,
    children: [],
    isLeaf: false,
    open: 0,
  };
  parent?.children.push(node);
  return node;
}

/** Set of threads asleep at a node for a child of it, or for a new one. */
export function asleepFor(node: DivisionNode, child: DivisionNode | null): number {
  let asleep = node.before;
  for (const other of node.children) {
    if (other === child) break;
    asleep |= 1 << other.thread;
  }
  return asleep;
}

/** The nodes from the root to a node. */
export function nodesTo(node: DivisionNode): DivisionNode[] {
  const nodes: DivisionNode[] = [];
  for (let at: DivisionNode | null = node; at !== null; at = at.parent) nodes.push(at);
  return nodes.toReversed();
}

/** The threads of the steps that lead to a node, and who is asleep before each and after all. */
export function pathTo(node: DivisionNode): {
  readonly prefix: readonly number[];
  readonly asleep: readonly number[];
} {
  const nodes = nodesTo(node);
  return {
    prefix: nodes.slice(1).map((at) => at.thread),
    asleep: nodes.map((at, depth) => {
      const child = nodes[depth + 1];
      return child === undefined ? at.before : asleepFor(at, child);
    }),
  };
}

/** Notes that a part at a node is made, or done. */
export function countPart(node: DivisionNode, change: 1 | -1): void {
  for (let at: DivisionNode | null = node; at !== null; at = at.parent) at.open += change;
}

/**
 * Forgets what nothing can be put into any more: done children that nothing open stands before, as
 * reversals go only from earlier children to later ones.
 */
export function prune(root: DivisionNode): void {
  for (let at: DivisionNode | undefined = root; at !== undefined; at = at.children[0]) {
    let done = 0;
    while (done < at.children.length && at.children[done]!.open === 0) {
      at.before |= 1 << at.children[done]!.thread;
      done++;
    }
    if (done > 0) at.children = at.children.slice(done);
  }
}
