/**
 * Workers that are processes: whatever the code that they run does to its process, it does to no other.
 *
 * Messages go through a pipe that the worker writes and reads with blocking calls, so that nothing it said is lost when
 * it dies in the very next instruction, and timers of the checked code never get a turn between two tickets.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../core/errors.ts';
import { FatalText } from './fatal-text.ts';
import { encodeFrame, FrameReader } from './frames.ts';
import { LOGBOOK_WORDS, readProgress, type Progress } from './logbook.ts';
import { PIPE, type ProcessData, type ProcessMessage } from './process-messages.ts';
import {
  endByError,
  endByExit,
  endByMemory,
  type FatalError,
  type WorkerEnd,
  type WorkerHandle,
  type WorkerOrder,
} from './worker-handle.ts';

/** How long the pipes of a process that has ended may be held open by others, in milliseconds. */
const PIPES_MS = 500;

/** Flags of Node that are for one process alone: its code, its debugger, its memory. */
const OWN_FLAGS = /^--(?:input-type|inspect|test|watch|max-old-space-size)/;
/** Flags that come with code. */
const CODE_FLAGS = /^(?:-e|-p|-pe|--eval|--print)$/;

/** Starts a worker process. @throws UsageError E-RUN-003 where no file for its logbook can be made. */
export function startProcess<Message>(order: WorkerOrder<Message>): WorkerHandle {
  const logbook = openLogbook();
  const child = spawn(
    process.execPath,
    [
      ...sharedFlags(process.execArgv),
      `--max-old-space-size=${order.memoryMb}`,
      fileURLToPath(new URL('./process-entry.js', import.meta.url)),
    ],
    // What the checked code prints is no part of a report.
    { stdio: ['ignore', 2, 'pipe', 'pipe', logbook], windowsHide: true },
  );
  running.add(child);
  if (running.size === 1) process.on('exit', killAll);
  const pipe = child.stdio[PIPE] as Duplex;
  // Writing to a process that is gone: its end is told by `close`.
  pipe.on('error', () => undefined);
  const data: ProcessData = {
    module: order.module,
    input: order.input,
    parentId: process.pid,
  };
  pipe.write(encodeFrame(data));
  let fatal: FatalError | null = null;
  const reader = new FrameReader((told) => {
    const said = told as ProcessMessage;
    if (said.kind === 'message') order.onMessage(said.message as Message);
    else fatal ??= said.error;
  });
  pipe.on('data', (piece: Buffer) => reader.add(piece));
  const text = new FatalText((line) => process.stderr.write(line));
  child.stderr!.setEncoding('utf8').on('data', (piece: string) => text.add(piece));
  let last: Progress | null = null;
  const ended = endOf(child, pipe).then(([code, signal]): WorkerEnd => {
    text.end();
    last = readLogbook(logbook);
    closeSync(logbook);
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
    if (fatal !== null) return endByError(fatal);
    return text.isOutOfMemory ? endByMemory(order.memoryMb) : endByExit(code, signal);
  });
  return {
    progress: () => last ?? readLogbook(logbook),
    answer: (value) => void pipe.write(encodeFrame(value)),
    kill: () => void child.kill('SIGKILL'),
    ended,
  };
}

/** Of the flags that Node was started with, those that a worker is to have too. */
function sharedFlags(flags: readonly string[]): string[] {
  return flags.filter(
    (flag, index) =>
      !OWN_FLAGS.test(flag) && !CODE_FLAGS.test(flag) && !CODE_FLAGS.test(flags[index - 1] ?? ''),
  );
}

type Exit = readonly [code: number | null, signal: string | null];

/** Resolves when a process has ended and its pipes have been read to their ends. */
function endOf(child: ChildProcess, pipe: Duplex): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', () => resolve([null, null]));
    child.on('exit', () => {
      // A process that the checked code started may hold them for ever.
      const timer = setTimeout(() => {
        pipe.destroy();
        (child.stderr as Readable).destroy();
      }, PIPES_MS);
      child.on('close', () => clearTimeout(timer));
    });
    child.on('close', (code, signal) => resolve([code, signal]));
  });
}

const running = new Set<ChildProcess>();

/** A process that ends at once takes its workers along; they notice by themselves only a moment later. */
function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** A file that goes when the last process that has it open ends. */
function openLogbook(): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'mapcheck-worker-'));
    try {
      return openSync(join(folder, 'logbook'), 'wx+');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (error) {
    throw new UsageError(`cannot make a temporary file: ${(error as Error).message}`, {
      code: 'E-RUN-003',
      place: tmpdir(),
      todo: 'Make room there, or name another folder in the environment variable TMPDIR.',
      cause: error,
    });
  }
}

function readLogbook(descriptor: number): Progress {
  const words = new Int32Array(LOGBOOK_WORDS);
  // Nothing is there before the first ticket, and zeros mean the same.
  readSync(descriptor, words, 0, words.byteLength, 0);
  return readProgress(words);
}
