/**
 * The thread that a child process is run from.
 *
 * Node talks to children through its event loop alone, and a run of a target is synchronous; so the loop turns here while
 * the thread that asked sleeps in `Atomics.wait`.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { workerData } from 'node:worker_threads';
import {
  PROCESS_ID,
  REPLY_COUNT,
  type BridgeEnd,
  type BridgeInput,
  type BridgeReply,
  type BridgeRequest,
} from './bridge-messages.ts';

/** Characters that may come without a line end before the child is broken off. */
const LINE_LENGTH_MAX = 1 << 24;
const STDERR_LENGTH_MAX = 4_000;
const STDERR_LINES_MAX = 12;

const input = workerData as BridgeInput;
const { port, shared } = input;

/** One child, from start to end. */
class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  #lines: string[] = [];
  #rest = '';
  #stderr = '';
  #end: BridgeEnd | null = null;
  #asked: BridgeRequest | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    const [file, ...args] = input.command;
    this.#process = spawn(file, args, {
      cwd: input.cwd,
      env: { ...process.env, ...input.environment },
      // A group of its own, so that what the command starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const child = this.#process;
    Atomics.store(shared, PROCESS_ID, child.pid ?? 0);
    child.on('error', (error) => this.#finish('unstartable', error.message));
    child.on('close', (code, signal) => {
      this.#finish('died', signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    // Writing to a child that is gone: its end is reported by `close`.
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_LENGTH_MAX);
    });
  }

  ask(request: BridgeRequest): void {
    this.#asked = request;
    if (request.text !== '') this.#process.stdin.write(request.text);
    this.#wait();
    this.#answer();
  }

  /** Ends the child and all that it started. */
  kill(): void {
    try {
      if (process.platform === 'win32') this.#process.kill('SIGKILL');
      else if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (this.#rest.length > LINE_LENGTH_MAX) {
      this.#finish('flooded', `${this.#rest.length} characters without a line end`);
    }
    if (lines.length > 0) this.#wait();
    this.#answer();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#asked === null || this.#end !== null) return;
    const { timeoutMs } = this.#asked;
    this.#timer = setTimeout(() => {
      this.#finish('hung', `no answer for ${timeoutMs} ms`);
    }, timeoutMs);
  }

  #finish(kind: BridgeEnd['kind'], detail: string): void {
    if (this.#end !== null) return;
    this.kill();
    Atomics.store(shared, PROCESS_ID, 0);
    const stderr = this.#stderr.trimEnd().split('\n').slice(-STDERR_LINES_MAX);
    this.#end = { kind, detail, stderr: stderr[0] === '' ? [] : stderr };
    if (this.#rest !== '') this.#lines.push(this.#rest);
    this.#rest = '';
    this.#answer();
  }

  #answer(): void {
    if (this.#asked === null) return;
    const { lineCount } = this.#asked;
    if (this.#lines.length < lineCount && this.#end === null) return;
    clearTimeout(this.#timer);
    this.#asked = null;
    const lines = this.#lines.splice(0, lineCount);
    const reply: BridgeReply = { lines, end: lines.length < lineCount ? this.#end : null };
    port.postMessage(reply);
    Atomics.add(shared, REPLY_COUNT, 1);
    Atomics.notify(shared, REPLY_COUNT);
  }
}

let child: Child | null = null;

port.on('message', (request: BridgeRequest) => {
  if (request.isStart) {
    child?.kill();
    child = new Child();
  }
  child!.ask(request);
});
