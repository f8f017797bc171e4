import type { Entry } from './entry.ts';
import type { TreeBucketObserver } from './inspection.ts';
import type { KeyOrder } from './key-order.ts';

/**
 * The tree form of a bucket: an AVL tree over its entries, ordered by hash, then by key.
 *
 * AVL and not red-black, as Java has it: long buckets are rare, and once there are some (colliding keys, an attack)
 * they are read far more often than they change. An AVL tree is at most 1.44 log2(n) high where a red-black tree may
 * reach 2 log2(n); its rule is one number at each node that a checker can verify alone; and it needs no parent
 * links, so a node is four words.
 *
 * T1: keys are strictly ascending from left to right by (hash, key order).
 * T2: a node's height is 1 + the greater of its subtrees' heights, an absent subtree having 0.
 * T3: the heights of the two subtrees of a node differ by at most 1.
 * T4: every entry in a tree has `next` null, and its key was admitted to the map's `KeyOrder`.
 */
export class TreeNode<K, V> {
  entry: Entry<K, V>;
  left: TreeNode<K, V> | null = null;
  right: TreeNode<K, V> | null = null;
  height = 1;

  constructor(entry: Entry<K, V>) {
    this.entry = entry;
  }
}

/** A bucket in tree form. Never empty. */
export class Tree<K, V> {
  root: TreeNode<K, V>;
  size: number;

  constructor(root: TreeNode<K, V>, size: number) {
    this.root = root;
    this.size = size;
  }
}

/** The entry of a key, or `null`. Cost: O(log n) comparisons, each told to the observer if there is one. */
export function findInTree<K, V>(
  root: TreeNode<K, V>,
  hash: number,
  key: K,
  order: KeyOrder,
  observer: TreeBucketObserver | null,
): Entry<K, V> | null {
  let node: TreeNode<K, V> | null = root;
  while (node !== null) {
    if (observer !== null) observer.compared?.();
    const side: number = compareTo(hash, key, node.entry, order);
    if (side === 0) return node.entry;
    node = side < 0 ? node.left : node.right;
  }
  return null;
}

/** Adds an entry whose key is not there yet, and returns the new root. */
export function insertIntoTree<K, V>(
  node: TreeNode<K, V> | null,
  entry: Entry<K, V>,
  order: KeyOrder,
): TreeNode<K, V> {
  if (node === null) return new TreeNode(entry);
  if (compareTo(entry.hash, entry.key, node.entry, order) < 0) {
    node.left = insertIntoTree(node.left, entry, order);
  } else {
    node.right = insertIntoTree(node.right, entry, order);
  }
  return rebalanced(node);
}

/** Takes out an entry that is there, and returns the new root, `null` if it was the last. */
export function removeFromTree<K, V>(
  node: TreeNode<K, V>,
  entry: Entry<K, V>,
  order: KeyOrder,
): TreeNode<K, V> | null {
  const side = compareTo(entry.hash, entry.key, node.entry, order);
  if (side < 0) {
    node.left = removeFromTree(node.left!, entry, order);
  } else if (side > 0) {
    node.right = removeFromTree(node.right!, entry, order);
  } else {
    if (node.left === null) return node.right;
    if (node.right === null) return node.left;
    // The successor takes the place of the entry; its own node, which has no left child, goes.
    let successor = node.right;
    while (successor.left !== null) successor = successor.left;
    node.entry = successor.entry;
    node.right = removeFromTree(node.right, successor.entry, order);
  }
  return rebalanced(node);
}

/** The least high tree over `entries[from]` to `entries[to - 1]`, which ascend. Cost: O(n), no comparisons. */
export function treeOfSorted<K, V>(
  entries: readonly Entry<K, V>[],
  from: number = 0,
  to: number = entries.length,
): TreeNode<K, V> {
  const middle = (from + to) >>> 1;
  const node = new TreeNode(entries[middle]!);
  node.entry.next = null;
  if (from < middle) node.left = treeOfSorted(entries, from, middle);
  if (middle + 1 < to) node.right = treeOfSorted(entries, middle + 1, to);
  node.height = 1 + Math.max(heightOf(node.left), heightOf(node.right));
  return node;
}

/** Appends the entries of a tree to a list, ascending. */
export function collectAscending<K, V>(node: TreeNode<K, V> | null, into: Entry<K, V>[]): void {
  if (node === null) return;
  collectAscending(node.left, into);
  into.push(node.entry);
  collectAscending(node.right, into);
}

/** The order of a tree: by signed hash, then by key. */
export function compareTo<K, V>(hash: number, key: K, entry: Entry<K, V>, order: KeyOrder): number {
  if (hash !== entry.hash) return hash < entry.hash ? -1 : 1;
  return order.compare(key, entry.key);
}

function heightOf<K, V>(node: TreeNode<K, V> | null): number {
  return node === null ? 0 : node.height;
}

/**
 * Restores T2 and T3 at a node whose subtrees hold them and differ in height by at most 2; returns what stands
 * there.
 */
function rebalanced<K, V>(node: TreeNode<K, V>): TreeNode<K, V> {
  const lean = heightOf(node.left) - heightOf(node.right);
  if (lean > 1) {
    const left = node.left!;
    if (heightOf(left.left) < heightOf(left.right)) node.left = rotatedLeft(left);
    return rotatedRight(node);
  }
  if (lean < -1) {
    const right = node.right!;
    if (heightOf(right.right) < heightOf(right.left)) node.right = rotatedRight(right);
    return rotatedLeft(node);
  }
  node.height = 1 + Math.max(heightOf(node.left), heightOf(node.right));
  return node;
}

function rotatedRight<K, V>(node: TreeNode<K, V>): TreeNode<K, V> {
  const top = node.left!;
  node.left = top.right;
  top.right = node;
  return withHeights(node, top);
}

function rotatedLeft<K, V>(node: TreeNode<K, V>): TreeNode<K, V> {
  const top = node.right!;
  node.right = top.left;
  top.left = node;
  return withHeights(node, top);
}

function withHeights<K, V>(lower: TreeNode<K, V>, top: TreeNode<K, V>): TreeNode<K, V> {
  lower.height = 1 + Math.max(heightOf(lower.left), heightOf(lower.right));
  top.height = 1 + Math.max(heightOf(top.left), heightOf(top.right));
  return top;
}
