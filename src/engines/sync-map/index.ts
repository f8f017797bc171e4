export type { EntryKind, EntryView, SyncMapObserver, SyncMapView } from './inspection.ts';
export type { KeyProfile } from './keys.ts';
export type { SyncMapOptions } from './options.ts';
export type { VisitOrder } from './order.ts';
export { SYNC_MAP_PROFILES } from './profiles.ts';
export type { SyncMapProfile, SyncMapProfileName, VersionedOperation } from './profiles.ts';
export type { LoadAndDeleteResult, LoadOrStoreResult, LoadResult, SwapResult } from './results.ts';
export { SyncMap } from './sync-map.ts';
