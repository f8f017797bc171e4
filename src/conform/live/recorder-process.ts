/**
 * Builds and runs the recorder: a small Go program that does random operations and writes what the maps did.
 *
 * Whatever goes wrong on the way (no Go, a build that fails, a recorder that crashes or babbles) is a `UsageError` that
 * says what to do; children are ended and temporary files removed in every case.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { InternalError, UsageError } from '../../core/errors.ts';

/** Where the recorder's source lies: beside this file, in the sources and in the package. */
const RECORDER_SOURCE = fileURLToPath(new URL('./recorder/', import.meta.url));

/** First minor version of Go that can build the recorder, which uses type parameters. */
const GO_MINOR_MIN = 18;

/** Longest error output of a child that a message repeats, in characters; the end of it counts. */
const OUTPUT_SHOWN_MAX = 2_000;

/** A Go to work with. */
export interface GoCommand {
  /** The command: `go`, or the path of one. */
  readonly command: string;
  /** What to add to the environment of the children, such as `GOTOOLCHAIN`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends children when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** What the recorder says of itself and of its Go, on its first line. */
export interface RecorderGreeting {
  /** Version of Go: `go1.23.4`. */
  readonly go: string;
  readonly goos: string;
  readonly goarch: string;
  /** Whether the built-in map is the classic one, so that its state is recorded. */
  readonly classicMap: boolean;
  readonly classicSyncMap: boolean;
  /** Whether the language has `clear`. */
  readonly clear: boolean;
  /** Whether there is `maps.Clone`. */
  readonly clone: boolean;
}

/** One recorded trace: its header, then its lines. */
export interface RecordedTrace {
  readonly kind: 'map' | 'syncmap' | 'map-results' | 'sync-results';
  readonly name: string;
  readonly lines: readonly string[];
}

const greetingSchema = z.object({
  kind: z.literal('recorder'),
  go: z.string(),
  goos: z.string(),
  goarch: z.string(),
  classicMap: z.boolean(),
  classicSyncMap: z.boolean(),
  clear: z.boolean(),
  clone: z.boolean(),
});

const headerSchema = z.union([
  z.object({ kind: z.enum(['map', 'syncmap', 'map-results', 'sync-results']), trace: z.string() }),
  z.object({ kind: z.literal('end'), traces: z.int() }),
]);

/** Runs `work` with a built recorder, and removes it again. */
export async function withRecorder<T>(
  go: GoCommand,
  work: (recorder: string) => Promise<T>,
): Promise<T> {
  if (!existsSync(join(RECORDER_SOURCE, 'main.go'))) {
    throw new InternalError('the source of the recorder is missing from the package', {
      code: 'E-LIVE-007',
      place: RECORDER_SOURCE,
      todo: 'Install mapcheck again.',
    });
  }
  await assertGoVersion(go);
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-recorder-'));
  try {
    const recorder = join(folder, process.platform === 'win32' ? 'recorder.exe' : 'recorder');
    await runGo(go, ['build', '-buildvcs=false', '-o', recorder, '.'], 'E-LIVE-003');
    return await work(recorder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function assertGoVersion(go: GoCommand): Promise<void> {
  const text = await runGo(go, ['version'], 'E-LIVE-002');
  const minor = Number(/go version (?:devel )?go1\.(\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (minor >= GO_MINOR_MIN) return;
  throw new UsageError(
    Number.isNaN(minor)
      ? `expected the version of a Go, found ${JSON.stringify(text.trim().slice(0, 200))}`
      : `${text.trim()} cannot build the recorder, which needs Go 1.${GO_MINOR_MIN} or later`,
    { code: 'E-LIVE-002', place: go.command, todo: 'Put a later Go on the PATH.' },
  );
}

/** Runs a Go command in the folder of the source and returns what it wrote. */
async function runGo(go: GoCommand, args: readonly string[], code: string): Promise<string> {
  // A path is the caller's; the child runs elsewhere.
  const isName = basename(go.command) === go.command;
  const child = start(go, isName ? go.command : resolve(go.command), args);
  const output = readAll(child.stdout);
  const errors = readAll(child.stderr);
  const end = await endOf(child);
  if (end.error?.code === 'ENOENT') {
    throw new UsageError(`there is no command ${JSON.stringify(go.command)}`, {
      code: 'E-LIVE-001',
      place: go.command,
      todo: 'Install Go from https://go.dev/dl and put it on the PATH, or leave out the live comparison.',
      cause: end.error,
    });
  }
  go.signal?.throwIfAborted();
  if (end.error === null && end.exitCode === 0) return output;
  const what = end.error?.message ?? `${describeEnd(end)}: ${tail(await errors)}`;
  throw new UsageError(`${go.command} ${args[0]} failed (${what})`, {
    code,
    place: RECORDER_SOURCE,
    todo:
      code === 'E-LIVE-003'
        ? 'See that this Go can build programs at all; the recorder needs its standard library only.'
        : 'See that this command is a Go: its `version` must work.',
    cause: end.error,
  });
}

/** Runs a recorder and hands out its greeting and then its traces, one at a time. */
export async function* runRecorder(
  go: GoCommand,
  recorder: string,
  options: { readonly seed: string; readonly traces: number },
): AsyncGenerator<RecorderGreeting | RecordedTrace, void, void> {
  const child = start(go, recorder, ['-seed', options.seed, '-traces', String(options.traces)]);
  const errors = readAll(child.stderr);
  const ending = endOf(child);
  try {
    const parser = new StreamParser();
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      yield* parser.take(line);
    }
    const end = await ending;
    go.signal?.throwIfAborted();
    if (end.error !== null || end.exitCode !== 0) {
      const what = end.error?.message ?? `${describeEnd(end)}: ${tail(await errors)}`;
      throw new UsageError(`the recorder did not finish (${what})`, {
        code: 'E-LIVE-004',
        place: `line ${parser.lineCount} of its output`,
        todo: 'Run it again; if it fails again with this Go, report it with this message.',
      });
    }
    parser.assertEnded(options.traces);
  } finally {
    child.kill();
    await ending;
  }
}

/** Puts lines together into traces. */
class StreamParser {
  lineCount = 0;
  #isGreeted = false;
  #endedWith: number | null = null;
  #open: { kind: RecordedTrace['kind']; name: string; lines: string[] } | null = null;

  *take(line: string): Generator<RecorderGreeting | RecordedTrace> {
    this.lineCount++;
    if (this.#endedWith !== null) throw this.#nonsense('nothing after the end', line);
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      yield this.#parse(greetingSchema, line, 'the greeting of the recorder');
    } else if (line.startsWith('{"kind":')) {
      const header = this.#parse(headerSchema, line, 'the header of a trace');
      if (this.#open !== null) yield this.#open;
      this.#open = null;
      if (header.kind === 'end') this.#endedWith = header.traces;
      else this.#open = { kind: header.kind, name: header.trace, lines: [line] };
    } else if (this.#open === null) {
      throw this.#nonsense('the header of a trace', line);
    } else {
      this.#open.lines.push(line);
    }
  }

  assertEnded(traces: number): void {
    if (this.#endedWith === traces) return;
    throw this.#nonsense(`an end after ${traces} traces of each kind`, 'the end of the output');
  }

  #parse<T>(schema: z.ZodType<T>, line: string, expected: string): T {
    try {
      return schema.parse(JSON.parse(line));
    } catch {
      throw this.#nonsense(expected, line);
    }
  }

  #nonsense(expected: string, found: string): UsageError {
    const shown = found.length > 120 ? `${found.slice(0, 120)}…` : found;
    return new UsageError(`the recorder wrote nonsense: expected ${expected}, found ${shown}`, {
      code: 'E-LIVE-005',
      place: `line ${this.lineCount} of its output`,
      todo: 'Report it with this message and the output of `go version`.',
    });
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function start(go: GoCommand, command: string, args: readonly string[]): Child {
  return spawn(command, args, {
    cwd: RECORDER_SOURCE,
    // The recorder is a module of its own, whatever workspace or flags the user has.
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '', CGO_ENABLED: '0', ...go.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(go.signal === undefined ? {} : { signal: go.signal }),
  });
}

interface ChildEnd {
  readonly exitCode: number | null;
  readonly signalName: string | null;
  readonly error: NodeJS.ErrnoException | null;
}

/** Resolves when a child has ended or could not be started. Never rejects. */
function endOf(child: Child): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, signalName: null, error }));
    child.once('close', (exitCode, signalName) => resolve({ exitCode, signalName, error: null }));
  });
}

function describeEnd(end: ChildEnd): string {
  return end.signalName === null ? `exit code ${end.exitCode}` : `ended by ${end.signalName}`;
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function tail(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length <= OUTPUT_SHOWN_MAX) return trimmed === '' ? 'it wrote no error' : trimmed;
  return `…${trimmed.slice(-OUTPUT_SHOWN_MAX)}`;
}
