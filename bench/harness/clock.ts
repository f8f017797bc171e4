/**
 * The clock of the benchmarks: processor time of the main thread, so that other processes do not count.
 *
 * Linux keeps that time in `/proc/self/schedstat`, but brings it up to date only at ticks, 4 ms apart.
 * `process.cpuUsage()` makes the kernel bring it up to date now, so a read after it is exact to the nanosecond
 * (1.6 µs for both). Work of helper threads, concurrent garbage collection above all, is left out.
 */
import { openSync, readSync } from 'node:fs';

/** A clock and what it measures. */
export interface Clock {
  /** `processor`: time the main thread ran. `wall`: the fallback where the system does not tell. */
  readonly kind: 'processor' | 'wall';
  /** Nanoseconds since some fixed moment. */
  now(): number;
}

const SCHEDULER_STATISTICS = '/proc/self/schedstat';

function wallClock(): Clock {
  return { kind: 'wall', now: () => performance.now() * 1e6 };
}

/** Opens the best clock this system has. `statistics` is where the kernel keeps them. */
export function openClock(statistics: string = SCHEDULER_STATISTICS): Clock {
  let file: number;
  try {
    file = openSync(statistics, 'r');
  } catch {
    return wallClock();
  }
  const buffer = Buffer.alloc(64);
  const now = (): number => {
    process.cpuUsage();
    const length = readSync(file, buffer, 0, buffer.length, 0);
    return Number(buffer.toString('latin1', 0, length).split(' ', 1)[0]);
  };
  // A kernel without these statistics shows zeros, which no running thread can have.
  return now() > 0 ? { kind: 'processor', now } : wallClock();
}
