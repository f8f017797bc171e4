/** What a command may touch of the world, so that tests can hand it another. */
import { exitNow } from './early-exit.ts';
import { isUtf8Locale, toAscii } from '../report/ascii.ts';
import { paletteFor, type Palette } from '../report/palette.ts';
import { StatusLine, type StatusStream } from '../report/status-line.ts';

export interface Terminal {
  readonly stdout: StatusStream;
  readonly stderr: StatusStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Whether this is a continuous-integration machine. */
  readonly isCi: boolean;
}

/** The terminal of this process. A reader that closes its end, as `head` does, ends the work without an error. */
export function processTerminal(): Terminal {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exitNow(Number(process.exitCode ?? 0));
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    now: () => performance.now(),
    isCi: (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false',
  };
}

/** Writes lines for people to stdout: in ASCII where the locale has no more. */
export function printLines(terminal: Terminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.stdout.write(forPeople(terminal, `${lines.join('\n')}\n`));
}

/** A text as the locale can show it. */
export function forPeople(terminal: Terminal, text: string): string {
  return isUtf8Locale(terminal.environment, process.platform === 'win32') ? text : toAscii(text);
}

/** The status line: live on a terminal that can move its cursor, unless continuous integration only keeps what it says. */
export function statusLine(terminal: Terminal): StatusLine {
  const { stderr, environment, now, isCi } = terminal;
  const isLive = stderr.isTTY === true && !isCi && environment['TERM'] !== 'dumb';
  return new StatusLine(stderr, { now, isLive, palette: paletteFor(stderr, environment) });
}

/** Writes one JSON object to stdout, on one line. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Colours for stdout. */
export function stdoutPalette(terminal: Terminal): Palette {
  return paletteFor(terminal.stdout, terminal.environment);
}
