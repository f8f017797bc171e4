/**
 * Live conformance: fresh random traces from the Go on this machine, compared with the engines.
 *
 * With the classic designs (Go 1.18 to 1.23) every line is compared state for state, by the same replay as kept
 * recordings. Later releases have other designs: there results are compared, and the contracts of iteration and
 * Range. The seed fixes the operations. Hash seeds and iteration starts are Go's own, so every run meets other
 * layouts; a trace that differs is handed back whole, because no seed brings it back.
 */
import { UsageError } from '../../core/errors.ts';
import type { ProfileName } from '../../engines/go-map/index.ts';
import { ConformInputError } from '../input-error.ts';
import { profileOfGo, replayMapTrace } from '../map/replay.ts';
import type { Mismatch } from '../mismatch.ts';
import { replaySyncMapTrace } from '../sync-map/replay.ts';
import { compareMapResults } from './map-results.ts';
import { notApplicableTo } from './not-applicable.ts';
import {
  runRecorder,
  withRecorder,
  type RecordedTrace,
  type RecorderGreeting,
} from './recorder-process.ts';
import { compareSyncResults } from './sync-results.ts';

/** The profile that stands in for a Go whose design is another: only its results count. */
const PROFILE_OF_LATER: ProfileName = 'go1.23';

/** Most traces that a report hands back whole. */
const FAILED_TRACES_MAX = 10;

/** What to record and with what. */
export interface LiveOptions {
  /** Text that the operations are chosen by. */
  readonly seed: string;
  /** Traces of each kind to record; 1 and up. */
  readonly traces: number;
  /** The command to build with. Default `go`. */
  readonly go?: string | undefined;
  /** What to add to the environment of that command, such as `GOTOOLCHAIN`. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after each trace how many have been compared. */
  readonly onProgress?: ((compared: number) => void) | undefined;
}

/** What a live comparison came to. */
export interface LiveReport {
  readonly verdict: 'holds' | 'fails';
  /** Version of the Go that was recorded: `go1.23.4`. */
  readonly go: string;
  readonly seed: string;
  /** The engine's profile that was compared, state for state or by results. */
  readonly profile: ProfileName;
  /** Traces compared. */
  readonly traces: number;
  /** Operations compared with result and state. */
  readonly records: number;
  /** Whole layouts and whole states compared. */
  readonly dumps: number;
  /** Operations compared by result and contract alone. */
  readonly results: number;
  readonly mismatches: readonly Mismatch[];
  /** The traces with mismatches, whole, at most ten: `file` of a mismatch is the name of one. */
  readonly failedTraces: readonly RecordedTrace[];
  /** What was not compared, and why; a sentence each. */
  readonly notApplicable: readonly string[];
}

/**
 * Records random traces with the Go at hand and compares them.
 *
 * Cost: a build, seconds once Go has its standard library compiled; then about 15 ms a trace. Determinism: the
 * operations, by the seed.
 *
 * @throws UsageError E-LIVE-001 no Go, 002 an unusable one, 003 the build failed, 004 the recorder crashed, 005 it
 *   wrote nonsense, 006 a number of traces that is none. What `signal` was aborted with, when it was.
 */
export async function conformLive(options: LiveOptions): Promise<LiveReport> {
  if (!Number.isSafeInteger(options.traces) || options.traces < 1) {
    throw new UsageError(`the number of traces must be 1 or more, found ${options.traces}`, {
      code: 'E-LIVE-006',
      place: 'traces',
      todo: 'Ask for a hundred, say.',
    });
  }
  const go = {
    command: options.go ?? 'go',
    environment: options.environment ?? {},
    signal: options.signal,
  };
  return withRecorder(go, async (recorder) => {
    let comparison: LiveComparison | null = null;
    for await (const part of runRecorder(go, recorder, options)) {
      if (!('lines' in part)) {
        comparison = new LiveComparison(part, options.seed);
        continue;
      }
      comparison!.compare(part);
      options.onProgress?.(comparison!.traces);
    }
    return comparison!.report();
  });
}

class LiveComparison {
  traces = 0;
  readonly #greeting: RecorderGreeting;
  readonly #seed: string;
  readonly #profile: ProfileName;
  #records = 0;
  #dumps = 0;
  #results = 0;
  readonly #mismatches: Mismatch[] = [];
  readonly #failedTraces: RecordedTrace[] = [];

  constructor(greeting: RecorderGreeting, seed: string) {
    this.#greeting = greeting;
    this.#seed = seed;
    this.#profile = profileOfGo(greeting.go) ?? PROFILE_OF_LATER;
  }

  compare(trace: RecordedTrace): void {
    const mismatches = this.#mismatchesOf(trace);
    this.traces++;
    if (mismatches.length === 0) return;
    this.#mismatches.push(...mismatches);
    if (this.#failedTraces.length < FAILED_TRACES_MAX) this.#failedTraces.push(trace);
  }

  #mismatchesOf({ kind, name, lines }: RecordedTrace): readonly Mismatch[] {
    try {
      if (kind === 'map' || kind === 'syncmap') {
        const replay =
          kind === 'map' ? replayMapTrace(lines, name) : replaySyncMapTrace(lines, name);
        this.#records += replay.records;
        this.#dumps += replay.dumps;
        return replay.mismatches;
      }
      const replay =
        kind === 'map-results'
          ? compareMapResults(lines, name, this.#profile)
          : compareSyncResults(lines, name);
      this.#results += replay.records;
      return replay.mismatches;
    } catch (error) {
      if (!(error instanceof ConformInputError)) throw error;
      throw new UsageError(`the recorder wrote nonsense: ${error.message}`, {
        code: 'E-LIVE-005',
        place: `${error.file}:${error.line}`,
        todo: 'Report it with this message and the output of `go version`.',
        cause: error,
      });
    }
  }

  report(): LiveReport {
    return {
      verdict: this.#mismatches.length === 0 ? 'holds' : 'fails',
      go: this.#greeting.go,
      seed: this.#seed,
      profile: this.#profile,
      traces: this.traces,
      records: this.#records,
      dumps: this.#dumps,
      results: this.#results,
      mismatches: this.#mismatches,
      failedTraces: this.#failedTraces,
      notApplicable: notApplicableTo(this.#greeting),
    };
  }
}
