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
  /** Whether only ASCII can be shown. */
  readonly isAscii: boolean;
}

export interface PaletteStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours for a stream: on for a terminal, off under `NO_COLOR` or in a pipe, on under `FORCE_COLOR`. */
export function paletteFor(stream: PaletteStream, environment: Environment): Palette {
  const isForced = (environment['FORCE_COLOR'] ?? '0') !== '0';
  const isRefused = (environment['NO_COLOR'] ?? '') !== '';
  const isCapable = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const isWide = stream.isTTY !== true || (stream.columns ?? 0) <= 0;
  return {
    ...coloursOf(!isRefused && (isForced || isCapable)),
    columns: isWide ? null : stream.columns!,
    isAscii: isAsciiLocale(environment),
  };
}

type Colours = Omit<Palette, 'columns' | 'isAscii'>;

function coloursOf(isOn: boolean): Colours {
  const { bold, dim, red, green, yellow } = picocolors.createColors(isOn);
  return { bold, dim, red, green, yellow };
}

/** The locale that counts for characters says so; where none is set, terminals of today take UTF-8. */
function isAsciiLocale(environment: Environment): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG']
    .map((name) => environment[name] ?? '')
    .find((value) => value !== '');
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** No colours at all, for files and pipes. */
export const PLAIN: Palette = { ...coloursOf(false), columns: null, isAscii: false };
