/** What a worker sees of whoever started it. */
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { InternalError } from '../../core/errors.ts';
import { readFrame, writeFrame } from './frames.ts';
import { Logbook, LOGBOOK_WORDS } from './logbook.ts';
import { LOGBOOK, PIPE, type ProcessMessage } from './process-messages.ts';
import type { ThreadData } from './thread-worker.ts';

/** The worker's side of a `WorkerHandle`. */
export interface WorkerPort<Input, Message> {
  readonly input: Input;
  readonly logbook: Logbook;
  /** Says something; it arrives even if the worker dies in the next instruction, so long as it is a process. */
  readonly tell: (message: Message) => void;
  /** Says something and waits for the answer. Processes only. */
  readonly ask: (message: Message) => unknown;
}

let processInput: { readonly input: unknown } | null = null;

/** Makes this process a worker. */
export function setProcessInput(input: unknown): void {
  processInput = { input };
}

/** The port of this worker. */
export function openPort<Input, Message>(): WorkerPort<Input, Message> {
  return (processInput === null ? threadPort() : processPort(processInput.input)) as WorkerPort<
    Input,
    Message
  >;
}

function threadPort(): WorkerPort<unknown, unknown> {
  const { input, logbook } = workerData as ThreadData;
  return {
    input,
    logbook: new Logbook(logbook),
    tell: (message) => parentPort!.postMessage(message),
    ask: () => {
      throw new InternalError('a thread shares memory and need not ask', { code: 'E-RUN-004' });
    },
  };
}

function processPort(input: unknown): WorkerPort<unknown, unknown> {
  const words = new Int32Array(LOGBOOK_WORDS);
  const tell = (message: unknown): void => {
    const said: ProcessMessage = { kind: 'message', message };
    writeFrame(PIPE, said);
  };
  return {
    input,
    logbook: new Logbook(words, () => void writeSync(LOGBOOK, words, 0, words.byteLength, 0)),
    tell,
    ask: (message) => {
      tell(message);
      const answer = readFrame(PIPE);
      // Nobody is there any more to work for.
      if (answer === null) process.exit(1);
      return answer.message;
    },
  };
}
