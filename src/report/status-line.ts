/**
 * Progress on stderr: one line redrawn on a terminal, plain lines at growing intervals elsewhere.
 *
 * Never on stdout, so that reports there stay clean; nothing of it depends on what the run finds but the counts shown.
 */
import { PLAIN, type Palette } from './palette.ts';
import { formatCount } from './table.ts';

export interface StatusStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How far the work is. What is not known or does not apply is left out. */
export interface Progress {
  readonly done: number;
  /** What is counted: `runs`, `classes`, `schedules`. */
  readonly unit: string;
  readonly total?: number;
  /** Whether `total` is an estimate, which the work may overshoot. */
  readonly isEstimate?: boolean;
  /** Interval of an estimate. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Smaller units of work that a rate is given of. */
  readonly work?: { readonly count: number; readonly unit: string };
  readonly failures: number;
  /** Rare branches reached, and how many there are. */
  readonly branches?: { readonly reached: number; readonly total: number };
  /** Time left where the work ends by the clock. */
  readonly leftMs?: number;
}

export interface StatusOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Whether one line is redrawn; plain lines otherwise. */
  readonly isLive: boolean;
  readonly palette?: Palette;
}

/** Redrawn at most this often on a terminal. */
const REDRAW_MS = 100;
/** Plain lines come after these intervals; the last one repeats. */
const PLAIN_INTERVALS_MS = [5_000, 10_000, 20_000, 60_000];
/** A terminal that names no width, or none worth the name. */
const COLUMNS_DEFAULT = 80;
const COLUMNS_MIN = 10;

/** Shows progress from the first call of `update` to `clear`. */
export class StatusLine {
  readonly #stream: StatusStream;
  readonly #options: StatusOptions;
  readonly #startMs: number;
  #lastMs: number;
  #plainLines = 0;
  #isDrawn = false;

  constructor(stream: StatusStream, options: StatusOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#startMs = options.now();
    this.#lastMs = this.#startMs;
  }

  update(progress: Progress): void {
    const nowMs = this.#options.now();
    const sinceMs = nowMs - this.#lastMs;
    const elapsedMs = nowMs - this.#startMs;
    if (this.#options.isLive) {
      if (this.#isDrawn && sinceMs < REDRAW_MS) return;
      // The last column stays empty: some terminals wrap when it is written.
      const columns = this.#stream.columns ?? COLUMNS_DEFAULT;
      const width = (columns >= COLUMNS_MIN ? columns : COLUMNS_DEFAULT) - 1;
      const line = statusText(progress, elapsedMs, width, this.#options.palette ?? PLAIN);
      this.#stream.write(`\r\x1b[2K${line}`);
      this.#isDrawn = true;
    } else {
      const intervalMs =
        PLAIN_INTERVALS_MS[Math.min(this.#plainLines, PLAIN_INTERVALS_MS.length - 1)]!;
      if (sinceMs < intervalMs) return;
      this.#plainLines++;
      this.#stream.write(`${statusText(progress, elapsedMs, Number.POSITIVE_INFINITY, PLAIN)}\n`);
    }
    this.#lastMs = nowMs;
  }

  /** Removes the live line, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[2K');
    this.#isDrawn = false;
  }
}

/** One thing the line may say. A part of the least importance is the first to go where there is no room. */
interface Part {
  readonly full: string;
  /** Said instead where there is little room; an empty text is left out. */
  readonly short: string;
  /** 0 is never left out. */
  readonly rank: number;
  readonly isBad?: boolean;
}

const SEPARATOR = ' | ';

/** The line, no longer than `width`: first its parts get shorter, then the least important ones go. */
export function statusText(
  progress: Progress,
  elapsedMs: number,
  width: number,
  palette: Palette = PLAIN,
): string {
  let parts = partsOf(progress, elapsedMs).map((part) => ({ ...part, text: part.full }));
  const lengthOf = (): number =>
    parts.reduce((total, { text }) => total + text.length + SEPARATOR.length, -SEPARATOR.length);
  for (let rank = 5; lengthOf() > width && rank >= 0; rank--) {
    parts = parts
      .map((part) => (part.rank === rank ? { ...part, text: part.short } : part))
      .filter(({ text }) => text !== '');
  }
  for (let rank = 5; lengthOf() > width && rank > 0; rank--) {
    parts = parts.filter((part) => part.rank !== rank);
  }
  if (lengthOf() > width)
    return parts
      .map(({ text }) => text)
      .join(SEPARATOR)
      .slice(0, width);
  return parts
    .map(({ text, isBad }) => (isBad === true ? palette.red(text) : text))
    .join(SEPARATOR);
}

function partsOf(progress: Progress, elapsedMs: number): Part[] {
  const { failures, branches, work } = progress;
  const seconds = Math.max(0.001, elapsedMs / 1000);
  const left = leftText(progress, elapsedMs);
  return [
    donePart(progress),
    ...(work === undefined ? [] : [ratePart(work.count / seconds, work.unit)]),
    ...(branches === undefined || branches.total === 0
      ? []
      : [
          {
            full: `rare branches ${branches.reached}/${branches.total}`,
            short: `branches ${branches.reached}/${branches.total}`,
            rank: 5,
          },
        ]),
    failures === 0
      ? { full: 'no failure', short: '', rank: 3 }
      : {
          full: `${formatCount(failures)} failed`,
          short: `${failures} failed`,
          rank: 1,
          isBad: true,
        },
    ...(left === null ? [] : [{ full: `${left} left`, short: `${left} left`, rank: 2 }]),
  ];
}

function donePart({ done, unit, total, isEstimate, interval }: Progress): Part {
  const count = formatCount(done);
  if (total === undefined) return { full: `${count} ${unit}`, short: `${count} ${unit}`, rank: 0 };
  const whole =
    isEstimate === true
      ? `of about ${formatCount(Math.max(total, done))}${intervalText(interval)}`
      : `of ${formatCount(total)}`;
  return {
    full: `${count} ${whole} ${unit}`,
    short: `${percent(done, total)} of ${unit}`,
    rank: 0,
  };
}

function intervalText(interval: Progress['interval']): string {
  if (interval === undefined || interval.low === interval.high) return '';
  return ` (${shortCount(interval.low)} to ${shortCount(interval.high)})`;
}

function percent(done: number, total: number): string {
  return `${Math.min(100, Math.floor((100 * done) / Math.max(1, total)))}%`;
}

function ratePart(rate: number, unit: string): Part {
  const full = `${formatCount(Math.round(rate))} ${unit}/s`;
  return { full, short: `${shortCount(rate)} ${unit}/s`, rank: 4 };
}

/** `412k`, `1.2M`. */
function shortCount(count: number): string {
  if (count < 1_000) return String(Math.round(count));
  if (count < 1_000_000) return `${Math.round(count / 1_000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** Time left by the clock, or by the mean speed until now; `null` where neither is known. */
function leftText({ done, total, leftMs }: Progress, elapsedMs: number): string | null {
  if (leftMs !== undefined) return formatDuration(leftMs);
  if (total === undefined || done === 0 || done > total) return null;
  return formatDuration((elapsedMs * (total - done)) / done);
}

/** A duration in its one or two largest units: `8 s`, `12 min`, `3 h 20 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
