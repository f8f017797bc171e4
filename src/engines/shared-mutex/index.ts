export { SharedMutex } from './shared-mutex.ts';
