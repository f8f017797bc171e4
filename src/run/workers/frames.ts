/**
 * Messages through a pipe: four bytes of length, then the message as the structured clone algorithm writes it, so that a
 * process hears exactly what a thread would.
 */
import { readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

const LENGTH_BYTES = 4;
/** How long to wait before writing to a pipe again that is full, in milliseconds. */
const FULL_PIPE_MS = 1;

/** A message as bytes. */
export function encodeFrame(message: unknown): Buffer {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, LENGTH_BYTES);
  return frame;
}

/** Puts messages together from pieces of any size. A message that was being written at its writer's death is never whole. */
export class FrameReader {
  readonly #onMessage: (message: unknown) => void;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(onMessage: (message: unknown) => void) {
    this.#onMessage = onMessage;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    while (this.#size >= LENGTH_BYTES) {
      const all = this.#joined(LENGTH_BYTES);
      const end = LENGTH_BYTES + all.readUInt32LE(0);
      if (this.#size < end) return;
      const whole = this.#joined(end);
      this.#pieces = [whole.subarray(end)];
      this.#size -= end;
      this.#onMessage(deserialize(whole.subarray(LENGTH_BYTES, end)));
    }
  }

  /** The first piece, made of so many that it has the bytes wanted: long messages are not copied at every piece. */
  #joined(bytes: number): Buffer {
    if (this.#pieces[0]!.length < bytes) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }
}

/** Writes a message and returns when the system has it: then it survives whatever becomes of this process. */
export function writeFrame(descriptor: number, message: unknown): void {
  const frame = encodeFrame(message);
  for (let at = 0; at < frame.length;) {
    try {
      at += writeSync(descriptor, frame, at);
    } catch (error) {
      if (!isBusy(error)) throw error;
      sleepSync(FULL_PIPE_MS);
    }
  }
}

/** Waits for the next message; `null` when whoever writes is gone. The event loop stands still meanwhile. */
export function readFrame(descriptor: number): { readonly message: unknown } | null {
  const length = readBytes(descriptor, LENGTH_BYTES);
  const body = length === null ? null : readBytes(descriptor, length.readUInt32LE(0));
  return body === null ? null : { message: deserialize(body) };
}

function readBytes(descriptor: number, count: number): Buffer | null {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count;) {
    try {
      const read = readSync(descriptor, bytes, at, count - at, null);
      if (read === 0) return null;
      at += read;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return null;
      if (!isBusy(error)) throw error;
      sleepSync(FULL_PIPE_MS);
    }
  }
  return bytes;
}

function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
