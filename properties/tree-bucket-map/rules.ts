/** The rules of the tree-bucket map, by name. The checks that enforce them are beside this file and in the model. */
import type { Property } from '../../src/core/property.ts';

const JAVA = 'OpenJDK 8, java/util/HashMap.java';

function rule(name: string, statement: string, source: string): Property {
  return Object.freeze({ name: `tree-bucket-map.${name}`, statement, source });
}

/** Results are those of a map. */
export const RESULTS: Property = rule(
  'results',
  'Every operation returns what the specification of a map returns.',
  'models/go-map/spec.ts, with the keys of ECMAScript Map',
);

/** Iteration follows insertion. */
export const ITERATION: Property = rule(
  'iteration',
  'An iterator gives the live entries in insertion order, each as it is at that moment, whatever happens meanwhile.',
  'models/tree-bucket-map/insertion-order.ts; ECMAScript 2022, 24.1.5 Map Iterator Objects',
);

/** I1. */
export const COUNT: Property = rule(
  'count',
  'size is the number of entries in the buckets and of entries in the ring.',
  'tree-bucket-map.ts, I1',
);

/** I2. */
export const BUCKET: Property = rule(
  'bucket',
  'Every entry stands once, in the bucket that the hash of its key names.',
  'tree-bucket-map.ts, I2',
);

/** I3. */
export const FORM: Property = rule(
  'form',
  'A bucket is a chain or a tree, never both, and a tree is never empty and knows its size.',
  'tree-bucket-map.ts, I3',
);

/** T1. */
export const TREE_ORDER: Property = rule(
  'tree-order',
  'The entries of a tree ascend strictly from left to right by hash, then by key.',
  'tree.ts, T1 and T4',
);

/** T2 and T3. */
export const TREE_BALANCE: Property = rule(
  'tree-balance',
  'Each node of a tree knows its height, and the heights of its two subtrees differ by at most 1.',
  'tree.ts, T2 and T3; Adelson-Velsky and Landis, 1962',
);

/** The ring. */
export const LINKED_ORDER: Property = rule(
  'linked-order',
  'The ring holds exactly the entries of the buckets, in insertion order, linked alike in both directions.',
  'entry.ts, InsertionOrder',
);

/** When a chain becomes a tree. */
export const TREEIFY: Property = rule(
  'treeify',
  'A chain becomes a tree exactly when an entry is added to the eight it holds and the buckets are not too few.',
  `${JAVA}, putVal and treeifyBin`,
);

/** When a tree becomes a chain. */
export const UNTREEIFY: Property = rule(
  'untreeify',
  'A tree becomes a chain exactly when a delete or a doubling leaves it six entries or fewer.',
  `${JAVA}, TreeNode.split; for deletes by count, tree-bucket-map.ts, Differences`,
);

/** When the map doubles. */
export const LOAD_FACTOR: Property = rule(
  'load-factor',
  'The buckets double exactly when the entries exceed the load factor, or when a chain is too long and buckets are few.',
  `${JAVA}, putVal and treeifyBin`,
);

/** Nothing is lost. */
export const REACHABLE: Property = rule(
  'reachable',
  'A lookup finds every entry of the specification.',
  'tree-bucket-map.ts, I2 and T1',
);

/** What it is all for. */
export const LOOKUP_COST: Property = rule(
  'lookup-cost',
  'A lookup compares its key with no more entries than the chain holds, or 1.4405 log2(n + 2) in a tree of n.',
  'Knuth, The Art of Computer Programming, volume 3, 6.2.3, theorem A',
);

/** Nothing is thrown. */
export const NO_PANIC: Property = rule(
  'no-panic',
  'No operation throws, but for what a callback of the caller threw.',
  'ECMAScript 2022, 24.1.3',
);

/** All rules, in the order of reports. */
export const TREE_BUCKET_MAP_PROPERTIES: readonly Property[] = [
  RESULTS,
  ITERATION,
  COUNT,
  BUCKET,
  FORM,
  TREE_ORDER,
  TREE_BALANCE,
  LINKED_ORDER,
  TREEIFY,
  UNTREEIFY,
  LOAD_FACTOR,
  REACHABLE,
  LOOKUP_COST,
  NO_PANIC,
];
