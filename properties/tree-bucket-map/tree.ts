/** Checks of one tree: order and balance. */
import { showValue } from '../../models/value-token.ts';
import type {
  EntryView,
  TreeBucketMapView,
  TreeNodeView,
} from '../../src/engines/tree-bucket-map/index.ts';
import type { Finding } from './finding.ts';
import { TREE_BALANCE, TREE_ORDER } from './rules.ts';

/** The first rule that the tree of a bucket breaks, or `null`. Cost: O(entries). */
export function checkTree(
  view: TreeBucketMapView,
  bucket: number,
  root: TreeNodeView,
): Finding | null {
  let finding: Finding | null = null;
  let previous: EntryView | null = null;
  const visit = (node: TreeNodeView | null): number => {
    if (node === null) return 0;
    const left = visit(node.left);
    if (previous !== null && !isBefore(view, previous, node.entry)) {
      finding ??= {
        property: TREE_ORDER,
        message: `The tree of bucket ${bucket} is out of order.`,
        expected: `key ${showValue(previous.key)} before key ${showValue(node.entry.key)}`,
        actual: `hash ${previous.hash} before hash ${node.entry.hash}`,
      };
    }
    previous = node.entry;
    const right = visit(node.right);
    const height = 1 + Math.max(left, right);
    if (node.height !== height || Math.abs(left - right) > 1) {
      finding ??= {
        property: TREE_BALANCE,
        message: `The tree of bucket ${bucket} is out of balance at key ${showValue(node.entry.key)}.`,
        expected: `height ${height}, and subtrees that differ by at most 1`,
        actual: `height ${node.height}, over subtrees of ${left} and ${right}`,
      };
    }
    return height;
  };
  visit(root);
  return finding;
}

const TYPE_ORDER = ['undefined', 'null', 'boolean', 'number', 'string', 'bigint', 'identity'];

/** Whether one entry must stand left of another: the order of trees, written down a second time. */
function isBefore(view: TreeBucketMapView, left: EntryView, right: EntryView): boolean {
  if (left.hash !== right.hash) return left.hash < right.hash;
  const byType = TYPE_ORDER.indexOf(typeOf(left.key)) - TYPE_ORDER.indexOf(typeOf(right.key));
  if (byType !== 0) return byType < 0;
  switch (typeOf(left.key)) {
    case 'number':
      return (left.key as number) < (right.key as number) || isOnlyRightNaN(left.key, right.key);
    case 'identity': {
      const first = view.identity(left.key as object);
      // 0 is for keys that were never admitted, and those must not stand in a tree.
      return first > 0 && first < view.identity(right.key as object);
    }
    default:
      return (left.key as string) < (right.key as string);
  }
}

function isOnlyRightNaN(left: unknown, right: unknown): boolean {
  return !Number.isNaN(left) && Number.isNaN(right);
}

function typeOf(key: unknown): string {
  if (key === null) return 'null';
  return typeof key === 'object' || typeof key === 'function' ? 'identity' : typeof key;
}
