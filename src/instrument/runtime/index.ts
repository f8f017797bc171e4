/**
 * What stepped modules import: announcements, plain functions over stepped forms, iteration, and the stepped forms of
 * built-in functions, which are put in place when this module is loaded.
 */
import * as announce from './announce.ts';
import * as classes from './classes.ts';
import * as iterate from './iterate.ts';
import * as nativeAtomics from './native-atomics.ts';
import * as nativeCalls from './native-calls.ts';
import { installUnseen, SteppedPromise } from './native-unseen.ts';
import * as nativeReads from './native-reads.ts';
import { installViews } from './native-views.ts';
import * as points from './points.ts';
import * as proxies from './proxies.ts';
import * as refuse from './refuse.ts';
import * as run from './run.ts';
import { STEP } from './symbol.ts';

export * from './announce.ts';
export { getter, memberKey, setter, swapMethods } from './classes.ts';
export { collect, delegate, Given, open, Pending, SteppedGenerator } from './iterate.ts';
export {
  COMPARE_STEP,
  LOAD_STEP,
  LOCK_STEP,
  STORE_STEP,
  SWAP_STEP,
  TRY_LOCK_STEP,
  UNLOCK_STEP,
} from './native-atomics.ts';
export { site } from './native-calls.ts';
export { unseen, unseenKey } from './native-reads.ts';
export { SteppedPromise } from './native-unseen.ts';
export { pointAt, registerPoints } from './points.ts';
export { isTrapped, TrackedProxy, trapGet, trapSet } from './proxies.ts';
export { guard, isRefused, missing, NEVER, takeRefusal, UnsteppableError } from './refuse.ts';
export {
  freshArrow,
  freshFunction,
  generator,
  generatorForm,
  generatorFunction,
  importMeta,
  run,
  template,
  twinned,
} from './run.ts';
export { STEP } from './symbol.ts';
export { stepped } from './thread.ts';

iterate.setDriver(run.run);
iterate.installGenerators();
nativeReads.installReads();
nativeCalls.installCalls();
installViews();
installUnseen();
nativeAtomics.installShared();

/** CommonJS modules cannot import; they find the support here. */
const REGISTRY: symbol = Symbol.for('mapcheck.stepped');
(globalThis as Record<symbol, unknown>)[REGISTRY] = {
  STEP,
  ...announce,
  ...classes,
  ...iterate,
  ...nativeAtomics,
  ...nativeCalls,
  ...nativeReads,
  ...points,
  ...proxies,
  SteppedPromise,
  ...refuse,
  ...run,
};
