/** Checks of one state of a tree-bucket map, by nothing but its inspection view. Cost of all: O(entries + buckets). */
import { showValue } from '../../models/value-token.ts';
import type {
  BucketView,
  EntryView,
  TreeBucketMapView,
  TreeNodeView,
} from '../../src/engines/tree-bucket-map/index.ts';
import type { Finding } from './finding.ts';
import { BUCKET, COUNT, FORM, LINKED_ORDER } from './rules.ts';
import { checkTree } from './tree.ts';

/** A chain or a ring longer than this is taken for a cycle. Far above what a program can insert. */
export const ENTRIES_MAX = 1_000_000;

/** The first rule that the structure breaks, or `null`. */
export function checkStructure(view: TreeBucketMapView): Finding | null {
  const found = new Set<EntryView>();
  for (let index = 0; index < view.bucketCount; index++) {
    const finding = checkBucket(view, index, found);
    if (finding !== null) return finding;
  }
  if (found.size !== view.size) {
    return {
      property: COUNT,
      message: 'size is not the number of entries in the buckets.',
      expected: `size ${found.size}`,
      actual: `size ${view.size}`,
    };
  }
  return checkRing(view, found);
}

function checkBucket(
  view: TreeBucketMapView,
  index: number,
  found: Set<EntryView>,
): Finding | null {
  const bucket = view.bucket(index);
  const formFinding = checkForm(bucket, index);
  if (formFinding !== null) return formFinding;
  for (const entry of entriesOf(bucket)) {
    const hash = view.hash(entry.key);
    const named = hash & (view.bucketCount - 1);
    if (named !== index || hash !== entry.hash || found.has(entry)) {
      return {
        property: BUCKET,
        message: `The entry of key ${showValue(entry.key)} does not stand once, in the bucket its hash names.`,
        expected: `once, in bucket ${named} under hash ${hash}`,
        actual: `in bucket ${index} under hash ${entry.hash}${found.has(entry) ? ', again' : ''}`,
      };
    }
    found.add(entry);
  }
  return bucket.tree === null ? null : checkTree(view, index, bucket.tree.root);
}

function checkForm(bucket: BucketView, index: number): Finding | null {
  const { chain, tree } = bucket;
  if (tree === null) return null;
  const count = entriesOf({ chain: null, tree }).length;
  if (chain === null && count === tree.size && count > 0) return null;
  return {
    property: FORM,
    message: `Bucket ${index} is not of one form.`,
    expected: `a tree of ${count} alone`,
    actual: `a tree that says ${tree.size}${chain === null ? '' : ' beside a chain'}`,
  };
}

/** The entries of a bucket, in the order of the chain or ascending. */
export function entriesOf(bucket: BucketView): readonly EntryView[] {
  const entries: EntryView[] = [];
  for (let entry = bucket.chain; entry !== null; entry = entry.next) {
    entries.push(entry);
    if (entries.length > ENTRIES_MAX) throw new RangeError('the chain has no end');
  }
  const walk = (node: TreeNodeView | null): void => {
    if (node === null) return;
    walk(node.left);
    entries.push(node.entry);
    walk(node.right);
  };
  walk(bucket.tree?.root ?? null);
  return entries;
}

function checkRing(view: TreeBucketMapView, found: ReadonlySet<EntryView>): Finding | null {
  const wrong = (actual: string): Finding => ({
    property: LINKED_ORDER,
    message: 'The ring of entries does not hold exactly the entries of the buckets.',
    expected: `${found.size} entries, each linked to the next and back`,
    actual,
  });
  let count = 0;
  let previous = view.head;
  for (let entry = view.head.after; entry !== view.head; entry = entry.after) {
    if (entry === null) return wrong(`an entry marked as removed after ${count}`);
    if (entry.before !== previous)
      return wrong(`a link back that leads elsewhere at entry ${count}`);
    if (!found.has(entry)) return wrong(`key ${showValue(entry.key)}, which is in no bucket`);
    if (++count > found.size) return wrong('a ring longer than that');
    previous = entry;
  }
  if (view.head.before !== previous) return wrong('a last link back that leads elsewhere');
  return count === found.size ? null : wrong(`${count} entries`);
}
