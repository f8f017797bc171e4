/** What a live comparison cannot or need not compare with a given Go, and why. */
import type { RecorderGreeting } from './recorder-process.ts';

/** A sentence for each part that does not apply. */
export function notApplicableTo(greeting: RecorderGreeting): string[] {
  const { go } = greeting;
  const sentences: string[] = [];
  if (greeting.classicMap) {
    sentences.push(
      'Random draws: Go does not show them; they are worked out from seeds, start buckets and offsets, which it does.',
      'Layout with NaN keys: their hashes are drawn where nobody sees them; results and whole iterations are compared.',
      'Layout after maps.Clone: the recorded format has no line for it; results are compared.',
      'Maps of 2^16 buckets and more: their overflow buckets are counted by draws that leave no sign.',
    );
    if (greeting.clone && !go.startsWith('go1.21')) {
      sentences.push(
        'Overflow buckets made in advance, for string keys: from Go 1.22 on the allocator fits in another number of them.',
      );
    }
  } else {
    sentences.push(
      `Buckets, overflow, growth, evacuation, flags and order of iteration: the built-in map of ${go} is a Swiss ` +
        'table; results and the contract of iteration are compared.',
    );
  }
  if (!greeting.classicSyncMap) {
    sentences.push(
      `read, dirty, amended, misses and entry states: the sync.Map of ${go} is a hash trie; results and the ` +
        'contract of Range are compared, but for its clause about snapshots, which only the classic design keeps.',
    );
  }
  if (!greeting.clear) {
    sentences.push(
      `clear and maps.Clone: ${go} has neither; maps are cleared by the loop that means it.`,
    );
  }
  return sentences;
}
