/** What a thread and the bridge that talks to its child tell each other. */
import type { MessagePort } from 'node:worker_threads';

/** What to run and how long to wait. Given to the bridge when it starts. */
export interface BridgeInput {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: MessagePort;
  /** `Int32Array` of two: at `REPLY_COUNT` and `PROCESS_ID`. */
  readonly shared: Int32Array;
}

/** Where the number of replies so far stands. */
export const REPLY_COUNT = 0;
/** Where the child's process id stands; 0 while there is none. */
export const PROCESS_ID = 1;

/** Lines to write, and how many to read before the reply. */
export interface BridgeRequest {
  /** Whether to start a child first, in the place of one that may be there. */
  readonly isStart: boolean;
  readonly text: string;
  readonly lineCount: number;
  /** Longest wait for the next line. */
  readonly timeoutMs: number;
}

/** The lines that came, and why there are no more, if there should be. */
export interface BridgeReply {
  readonly lines: readonly string[];
  readonly end: BridgeEnd | null;
}

/** Why a child gives no more lines. It is no longer running. */
export interface BridgeEnd {
  readonly kind: 'unstartable' | 'died' | 'hung' | 'flooded';
  /** What happened, as in `exit code 3` or `no answer for 2000 ms`. */
  readonly detail: string;
  /** The last lines of its standard error. */
  readonly stderr: readonly string[];
}
