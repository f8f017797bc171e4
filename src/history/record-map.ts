/** Wraps a map so that what is done to it is recorded. */
import type { OperationName } from '../core/check/linearize/history.ts';
import type { CallArguments, HistoryRecorder, ReturnFields } from './recorder.ts';

/** How a method is recorded. */
interface MethodRecord {
  readonly op: OperationName;
  readonly given: (args: readonly unknown[]) => CallArguments;
  readonly returned: (result: unknown) => ReturnFields;
}

const key = ([one]: readonly unknown[]): CallArguments => ({ key: one });
const keyValue = ([one, value]: readonly unknown[]): CallArguments => ({ key: one, value });
const nothing = (): ReturnFields => ({});
const field = (result: unknown, name: string): unknown => (result as Record<string, unknown>)[name];
const isLoaded = (result: unknown): boolean => field(result, 'loaded') === true;

/** The methods of `SyncMap` and of maps that look like `Map`. */
const METHODS: Readonly<Record<string, MethodRecord>> = {
  load: {
    op: 'load',
    given: key,
    returned: (result) => ({ value: field(result, 'ok') === true ? field(result, 'value') : null }),
  },
  store: { op: 'store', given: keyValue, returned: nothing },
  loadOrStore: {
    op: 'loadOrStore',
    given: keyValue,
    returned: (result) => ({ ret: field(result, 'actual'), ok: isLoaded(result) }),
  },
  loadAndDelete: {
    op: 'loadAndDelete',
    given: key,
    returned: (result) => ({
      ret: isLoaded(result) ? field(result, 'value') : null,
      ok: isLoaded(result),
    }),
  },
  swap: {
    op: 'swap',
    given: keyValue,
    returned: (result) => ({
      ret: isLoaded(result) ? field(result, 'previous') : null,
      ok: isLoaded(result),
    }),
  },
  compareAndSwap: {
    op: 'compareAndSwap',
    given: ([one, old, value]) => ({ key: one, old, value }),
    returned: (result) => ({ ok: result === true }),
  },
  compareAndDelete: {
    op: 'compareAndDelete',
    given: ([one, old]) => ({ key: one, old }),
    returned: (result) => ({ ok: result === true }),
  },
  get: { op: 'load', given: key, returned: (result) => ({ value: result }) },
  set: { op: 'store', given: keyValue, returned: nothing },
  // What `delete` returns says that a value was there, not which; the format has no word for that.
  delete: { op: 'delete', given: key, returned: nothing },
  clear: { op: 'clear', given: () => ({}), returned: nothing },
};

/**
 * The same map, recorded: `load`, `store`, `loadOrStore`, `loadAndDelete`, `delete`, `swap`, `compareAndSwap`,
 * `compareAndDelete`, `range` and `clear` with the results of `SyncMap`, or `get`, `set`, `delete`, `clear` and `size` of a
 * `Map`. Methods may return promises. Everything else goes through unrecorded.
 *
 * An operation that throws, or whose promise is rejected, is recorded as one with unknown outcome.
 */
export function recordMap<M extends object>(map: M, recorder: HistoryRecorder): M {
  const recorded: M = new Proxy(map, {
    get(target, name) {
      if (name === 'size') return recordSize(target, recorder);
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member as (...args: unknown[]) => unknown;
      if (name === 'range') return recordRange(target, method, recorder);
      const record =
        typeof name === 'string' && Object.hasOwn(METHODS, name) ? METHODS[name]! : null;
      if (record === null) return method.bind(target);
      return (...args: unknown[]): unknown => {
        const open = recorder.call(record.op, record.given(args));
        return finish(
          () => method.apply(target, args),
          (result) => recorder.ret(open, record.returned(result)),
          () => recorder.lose(open),
          // A method that returns the map, as `set` does, must not hand out the one that is not recorded.
          (result) => (result === target ? recorded : result),
        );
      };
    },
  });
  return recorded;
}

function recordSize(target: object, recorder: HistoryRecorder): unknown {
  if (!('size' in target)) return undefined;
  const open = recorder.call('len');
  const size = target.size;
  recorder.ret(open, { value: size });
  return size;
}

function recordRange(
  target: object,
  method: (...args: unknown[]) => unknown,
  recorder: HistoryRecorder,
): (visit: (key: unknown, value: unknown) => unknown) => unknown {
  return (visit) => {
    const entries: (readonly [unknown, unknown])[] = [];
    let complete = true;
    const open = recorder.call('range');
    const counting = (one: unknown, value: unknown): unknown => {
      entries.push([one, value]);
      const answer = visit(one, value);
      if (answer === false) complete = false;
      return answer;
    };
    return finish(
      () => method.call(target, counting),
      () => recorder.ret(open, { entries, complete }),
      () => recorder.lose(open),
    );
  };
}

/** Runs an operation and says how it ended, now or when its promise settles. */
function finish(
  run: () => unknown,
  onEnd: (result: unknown) => void,
  onThrow: () => void,
  handOut: (result: unknown) => unknown = (result) => result,
): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    onThrow();
    throw error;
  }
  if (!(result instanceof Promise)) {
    onEnd(result);
    return handOut(result);
  }
  return result.then(
    (value: unknown) => {
      onEnd(value);
      return handOut(value);
    },
    (error: unknown) => {
      onThrow();
      throw error;
    },
  );
}
