export { AtomicBoolean } from './atomic-boolean.ts';
export { AtomicRef } from './atomic-ref.ts';
export { DeadlockError, Mutex } from './mutex.ts';
