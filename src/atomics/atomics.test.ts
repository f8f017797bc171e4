import { describe, expect, test } from 'vitest';
import { AtomicBoolean, AtomicRef, DeadlockError, Mutex } from './index.ts';

describe('AtomicRef', () => {
  test('load gives what was stored last', () => {
    const ref = new AtomicRef<string | null>(null);
    expect(ref.load()).toBe(null);
    ref.store('a');
    expect(ref.load()).toBe('a');
  });

  test('swap gives the value before', () => {
    const ref = new AtomicRef(1);
    expect(ref.swap(2)).toBe(1);
    expect(ref.load()).toBe(2);
  });

  test('compareAndSwap compares objects by identity', () => {
    const [first, second] = [{ n: 1 }, { n: 1 }];
    const ref = new AtomicRef(first);
    expect(ref.compareAndSwap(second, second)).toBe(false);
    expect(ref.load()).toBe(first);
    expect(ref.compareAndSwap(first, second)).toBe(true);
    expect(ref.load()).toBe(second);
  });

  test('compareAndSwap never matches NaN, and takes 0 for -0', () => {
    expect(new AtomicRef(Number.NaN).compareAndSwap(Number.NaN, 1)).toBe(false);
    expect(new AtomicRef(-0).compareAndSwap(0, 1)).toBe(true);
  });
});

describe('AtomicBoolean', () => {
  test('starts as false and follows store, swap and compareAndSwap', () => {
    const flag = new AtomicBoolean();
    expect(flag.load()).toBe(false);
    expect(flag.swap(true)).toBe(false);
    expect(flag.compareAndSwap(false, true)).toBe(false);
    expect(flag.compareAndSwap(true, false)).toBe(true);
    expect(flag.load()).toBe(false);
    flag.store(true);
    expect(flag.load()).toBe(true);
    expect(new AtomicBoolean(true).load()).toBe(true);
  });
});

describe('Mutex', () => {
  test('locks, refuses a second tryLock, unlocks', () => {
    const mutex = new Mutex();
    mutex.lock();
    expect(mutex.isLocked).toBe(true);
    expect(mutex.tryLock()).toBe(false);
    mutex.unlock();
    expect(mutex.isLocked).toBe(false);
    expect(mutex.tryLock()).toBe(true);
    expect(mutex.isLocked).toBe(true);
  });

  test('a lock of a held mutex is a deadlock and says so', () => {
    const mutex = new Mutex();
    mutex.lock();
    expect(() => mutex.lock()).toThrow(DeadlockError);
    expect(() => mutex.lock()).toThrow(/^deadlock: /);
    expect(mutex.isLocked).toBe(true);
  });

  test('an unlock of a free mutex is an error', () => {
    expect(() => new Mutex().unlock()).toThrow('unlock of a mutex that is not locked');
  });
});
