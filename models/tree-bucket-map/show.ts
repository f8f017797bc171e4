/** Texts for people: operations as one writes them, and the map's state around a fault. */
import { entriesOf } from '../../properties/tree-bucket-map/structure.ts';
import type { TreeBucketMapView, TreeNodeView } from '../../src/engines/tree-bucket-map/index.ts';
import { showValue, TokenDecoder } from '../value-token.ts';
import type { NestedOperation, TreeBucketOperation } from './operations.ts';

/** Most buckets and most entries of a bucket that a state shows. */
const SHOWN_BUCKETS_MAX = 12;
const SHOWN_ENTRIES_MAX = 16;

/** An operation as a person writes it: `set(3, 7)`. */
export function showOperation(operation: TreeBucketOperation | NestedOperation): string {
  const decoder = new TokenDecoder();
  switch (operation.op) {
    case 'set':
      return `set(${showValue(decoder.decode(operation.k))}, ${showValue(decoder.decode(operation.v))})`;
    case 'get':
    case 'has':
    case 'delete':
      return `${operation.op}(${showValue(decoder.decode(operation.k))})`;
    case 'fill':
    case 'drain': {
      const { op, from, count, stride } = operation;
      return `${op === 'fill' ? 'set' : 'delete'} ${count} keys from ${from} by ${stride}`;
    }
    case 'iterate':
      return `iterator ${operation.it} = ${operation.kind}()`;
    case 'next':
      return `iterator ${operation.it}: next() × ${operation.count}`;
    case 'forEach':
      return `forEach(${operation.nested.map((nested) => `${nested.at}: ${showOperation(nested)}`).join('; ')})`;
    case 'clone':
      return `clone(), go on with the ${operation.keep}`;
    default:
      return `${operation.op}()`;
  }
}

/** The map's state, a line for each bucket in use. */
export function showState(view: TreeBucketMapView): readonly string[] {
  const lines = [
    `${view.size} entries in ${view.bucketCount} buckets, doubling above ${view.growthLimit}`,
  ];
  for (let index = 0; index < view.bucketCount; index++) {
    const { chain, tree } = view.bucket(index);
    if (chain === null && tree === null) continue;
    if (lines.length > SHOWN_BUCKETS_MAX) {
      lines.push('…');
      break;
    }
    const parts: string[] = [];
    if (chain !== null) parts.push(`chain ${showChain(view, index)}`);
    if (tree !== null) parts.push(`tree of ${tree.size}: ${showTree(tree.root, 4)}`);
    lines.push(`bucket ${index}: ${parts.join(' and ')}`);
  }
  return lines;
}

function showChain(view: TreeBucketMapView, index: number): string {
  const keys = entriesOf({ chain: view.bucket(index).chain, tree: null }).map((entry) =>
    showValue(entry.key),
  );
  const shown = keys.slice(0, SHOWN_ENTRIES_MAX).join(' → ');
  return keys.length > SHOWN_ENTRIES_MAX ? `${shown} → … (${keys.length} entries)` : shown;
}

function showTree(node: TreeNodeView | null, depth: number): string {
  if (node === null) return '·';
  const key = showValue(node.entry.key);
  if (node.left === null && node.right === null) return key;
  if (depth === 0) return `${key}…`;
  return `(${showTree(node.left, depth - 1)} ${key} ${showTree(node.right, depth - 1)})`;
}
