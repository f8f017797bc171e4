/** Colours, decided per stream: a report and the status line may go to different places. */
import picocolors from 'picocolors';

export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

export interface PaletteStream {
  readonly isTTY?: boolean;
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
  return picocolors.createColors(!isRefused && !isForbidden && (isForced || isCapable));
}

/** No colours at all. */
export const PLAIN: Palette = picocolors.createColors(false);
