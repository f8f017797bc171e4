/** Recorded calls, made again. */
import type { SyncMapOperations } from '../../../models/sync-map/spec.ts';
import type { CallRecord, NestedRecord } from './records.ts';

/**
 * Makes a recorded call on the specification or on an engine. Returns its result in the form of `r`; `undefined` for calls
 * without a result.
 */
export function performCall(
  map: SyncMapOperations<number, number>,
  record: CallRecord | NestedRecord,
): unknown {
  switch (record.op) {
    case 'load':
      return map.load(record.k).value ?? null;
    case 'store':
      return map.store(record.k, record.v);
    case 'loadOrStore': {
      const { actual, loaded } = map.loadOrStore(record.k, record.v);
      return [actual, loaded];
    }
    case 'loadAndDelete':
      return map.loadAndDelete(record.k).value ?? null;
    case 'delete':
      return map.delete(record.k);
    case 'swap':
      return map.swap(record.k, record.v).previous ?? null;
    case 'compareAndSwap':
      return map.compareAndSwap(record.k, record.old, record.v);
    case 'compareAndDelete':
      return map.compareAndDelete(record.k, record.old);
    case 'clear':
      return map.clear();
  }
}
