/**
 * Progress on stderr: one line redrawn on a terminal, plain lines at growing intervals elsewhere.
 *
 * Never on stdout, so that reports there stay clean; nothing of it depends on what the run finds but the counts shown.
 */
import { formatCount } from './table.ts';

export interface StatusStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  readonly runs: number;
  /** Runs in all, or `null` for a campaign by time. */
  readonly runsTotal: number | null;
  readonly operations: number;
  readonly failures: number;
  /** Rare branches reached, and how many there are. */
  readonly branchesReached: number;
  readonly branchesTotal: number;
}

/** Redrawn at most this often on a terminal. */
const REDRAW_MS = 100;
/** Plain lines come after these intervals; the last one repeats. */
const PLAIN_INTERVALS_MS = [5_000, 10_000, 20_000, 60_000];

/** Shows progress from the first call of `update` to `clear`. */
export class StatusLine {
  readonly #stream: StatusStream;
  readonly #now: () => number;
  readonly #isLive: boolean;
  readonly #startMs: number;
  #lastMs: number;
  #plainLines = 0;
  #isDrawn = false;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(stream: StatusStream, now: () => number, isCi: boolean) {
    this.#stream = stream;
    this.#now = now;
    this.#isLive = stream.isTTY === true && !isCi;
    this.#startMs = now();
    this.#lastMs = this.#startMs;
  }

  update(progress: Progress): void {
    const nowMs = this.#now();
    const sinceMs = nowMs - this.#lastMs;
    if (this.#isLive) {
      if (this.#isDrawn && sinceMs < REDRAW_MS) return;
      const width = Math.max(20, (this.#stream.columns ?? 80) - 1);
      this.#stream.write(`\r\x1b[2K${this.#text(progress, nowMs).slice(0, width)}`);
      this.#isDrawn = true;
    } else {
      const intervalMs =
        PLAIN_INTERVALS_MS[Math.min(this.#plainLines, PLAIN_INTERVALS_MS.length - 1)]!;
      if (sinceMs < intervalMs) return;
      this.#plainLines++;
      this.#stream.write(`${this.#text(progress, nowMs)}\n`);
    }
    this.#lastMs = nowMs;
  }

  /** Removes the live line, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[2K');
    this.#isDrawn = false;
  }

  #text(progress: Progress, nowMs: number): string {
    const seconds = Math.max(0.001, (nowMs - this.#startMs) / 1000);
    const { runs, runsTotal, operations, failures, branchesReached, branchesTotal } = progress;
    const done =
      runsTotal === null ? formatCount(runs) : `${formatCount(runs)}/${formatCount(runsTotal)}`;
    const parts = [
      `${done} runs`,
      `${formatCount(Math.round(operations / seconds))} operations/s`,
      `rare branches ${branchesReached}/${branchesTotal}`,
      failures === 0 ? 'no failure' : `${formatCount(failures)} failed`,
    ];
    if (runsTotal !== null && runs > 0) {
      parts.push(`${Math.ceil((seconds * (runsTotal - runs)) / runs)} s left`);
    }
    return parts.join(' | ');
  }
}
