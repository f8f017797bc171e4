/** How text looks on a stream, decided per stream: a report and the status line may go to different places. */
import picocolors from 'picocolors';

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** Columns of the terminal, or `null` where lines may be as long as they are. */
  readonly columns: number | null;
}

export interface PaletteStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colours for a stream: on for a terminal, off under `NO_COLOR` or in a pipe, on under `FORCE_COLOR`, off when that is 0. */
export function paletteFor(
  stream: PaletteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Palette {
  const { FORCE_COLOR: force } = environment;
  const isForced = force !== undefined && force !== '' && force !== '0' && force !== 'false';
  const isForbidden = force === '0' || force === 'false';
  const isRefused = (environment['NO_COLOR'] ?? '') !== '';
  const isCapable = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const isWide = stream.isTTY !== true || (stream.columns ?? 0) <= 0;
  return {
    ...coloursOf(!isRefused && !isForbidden && (isForced || isCapable)),
    columns: isWide ? null : stream.columns!,
  };
}

type Colours = Omit<Palette, 'columns'>;

function coloursOf(isOn: boolean): Colours {
  const { bold, dim, red, green, yellow } = picocolors.createColors(isOn);
  return { bold, dim, red, green, yellow };
}

/** No colours at all, for files and pipes. */
export const PLAIN: Palette = { ...coloursOf(false), columns: null };
