/** A child process that a thread can ask and wait for. */
import {
  MessageChannel,
  receiveMessageOnPort,
  Worker,
  type MessagePort,
} from 'node:worker_threads';
import {
  PROCESS_ID,
  REPLY_COUNT,
  type BridgeEnd,
  type BridgeInput,
  type BridgeReply,
  type BridgeRequest,
} from './bridge-messages.ts';
import {
  formatRequest,
  parseAnswer,
  PROTOCOL_VERSION,
  type HelloResult,
  type ProcessAnswer,
  type ProcessRequest,
  type ProtocolFault,
} from './protocol.ts';

/** How a child is started, and how long it may take. */
export interface ChildSettings {
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** Longest wait for the first answer, which may have to compile first. */
  readonly startTimeoutMs: number;
}

/** A request without its number. */
export type Call = Omit<ProcessRequest, 'id'>;

/** Why answers are missing, or make no sense. */
export type ChildFault =
  | BridgeEnd
  | ProtocolFault
  | { readonly kind: 'unfit'; readonly detail: string };

/** The answers to the first calls; all of them, if there is no fault. */
export interface Exchange {
  readonly answers: readonly ProcessAnswer[];
  readonly fault: ChildFault | null;
  /** The last lines of standard error, where the child is gone. */
  readonly stderr: readonly string[];
}

/** How much longer than the child the bridge itself may take. */
const BRIDGE_MARGIN_MS = 10_000;

/** One child at a time; a child that failed is replaced at the next call. */
export class ChildPort {
  readonly #settings: ChildSettings;
  readonly #needed: readonly string[];
  #bridge: { readonly port: MessagePort; readonly shared: Int32Array } | null = null;
  #isRunning = false;
  #nextId = 0;

  /** `needed` are the operations that the child must have. */
  constructor(settings: ChildSettings, needed: readonly string[]) {
    this.#settings = settings;
    this.#needed = needed;
  }

  /** Starts the child, if none is running. What is wrong with it is told at the next exchange. */
  prepare(): void {
    if (!this.#isRunning) this.#start();
  }

  /** Makes the calls and waits for the answers. Never throws for what the child does. */
  exchange(calls: readonly Call[]): Exchange {
    if (!this.#isRunning) {
      const refused = this.#start();
      if (refused !== null) return refused;
    }
    return this.#ask(calls, false, this.#settings.timeoutMs);
  }

  #start(): Exchange | null {
    this.#nextId = 0;
    this.#isRunning = true;
    const hello: Call = {
      op: 'hello',
      version: PROTOCOL_VERSION,
      operations: this.#needed,
    };
    const exchange = this.#ask([hello], true, this.#settings.startTimeoutMs);
    if (exchange.fault !== null) return exchange;
    const problem = this.#problemWith(exchange.answers[0]!);
    if (problem === null) return null;
    this.#isRunning = false;
    return { answers: [], fault: { kind: 'unfit', detail: problem }, stderr: [] };
  }

  /** Why this cannot be the child to ask, or `null`. */
  #problemWith(hello: ProcessAnswer): string | null {
    if (hello.kind === 'error') return `hello is answered with the error ${hello.error}`;
    const { version, operations } = hello.result as unknown as HelloResult;
    if (version !== PROTOCOL_VERSION) {
      return `it speaks version ${version} of the protocol, not ${PROTOCOL_VERSION}`;
    }
    const missing = this.#needed.filter((name) => !operations.includes(name));
    if (missing.length === 0) return null;
    return (
      `it has no ${missing.join(', ')}, only ${operations.join(', ')}: ` +
      'name what it has in the `operations` of the target'
    );
  }

  #ask(calls: readonly Call[], isStart: boolean, timeoutMs: number): Exchange {
    const requests = calls.map((call): ProcessRequest => ({
      id: this.#nextId++,
      ...call,
    }));
    const text = requests.map(formatRequest).join('');
    const reply = this.#send({ isStart, text, lineCount: requests.length, timeoutMs });
    const answers: ProcessAnswer[] = [];
    for (const [index, line] of reply.lines.entries()) {
      const answer = parseAnswer(line, requests[index]!);
      if (answer.kind === 'nonsense') {
        this.#isRunning = false;
        return { answers, fault: answer, stderr: reply.end?.stderr ?? [] };
      }
      answers.push(answer);
    }
    if (reply.end !== null) this.#isRunning = false;
    return { answers, fault: reply.end, stderr: reply.end?.stderr ?? [] };
  }

  #send(request: BridgeRequest): BridgeReply {
    this.#bridge ??= startBridge(this.#settings);
    const { port, shared } = this.#bridge;
    const before = Atomics.load(shared, REPLY_COUNT);
    port.postMessage(request);
    // The bridge counts the time from answer to answer; this is only for a bridge that is stuck itself.
    const limit = request.timeoutMs * (request.lineCount + 1) + BRIDGE_MARGIN_MS;
    // A wake-up may still be that of the reply before.
    while (Atomics.load(shared, REPLY_COUNT) === before) {
      if (Atomics.wait(shared, REPLY_COUNT, before, limit) === 'timed-out') break;
    }
    const received = receiveMessageOnPort(port)?.message as BridgeReply | undefined;
    if (received !== undefined) return received;
    killGroup(shared);
    this.#bridge = null;
    const detail = 'the thread that talks to it gives no answer';
    return { lines: [], end: { kind: 'hung', detail, stderr: [] } };
  }
}

const bridges: Int32Array[] = [];

function startBridge({ command, cwd, environment }: ChildSettings): {
  readonly port: MessagePort;
  readonly shared: Int32Array;
} {
  const { port1, port2 } = new MessageChannel();
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const input: BridgeInput = { command, cwd, environment: environment ?? {}, port: port2, shared };
  const worker = new Worker(new URL('./bridge.js', import.meta.url), {
    workerData: input,
    transferList: [port2],
  });
  worker.unref();
  port1.unref();
  // Children end when their standard input does; one that is stuck does not.
  if (bridges.length === 0) process.on('exit', () => bridges.forEach(killGroup));
  bridges.push(shared);
  return { port: port1, shared };
}

function killGroup(shared: Int32Array): void {
  const id = Atomics.load(shared, PROCESS_ID);
  if (id === 0) return;
  try {
    process.kill(process.platform === 'win32' ? id : -id, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
