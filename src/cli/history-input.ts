/** Where histories come from: files, packed files, folders, stdin, and files that still grow. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { UsageError } from '../core/errors.ts';

/** The name that means stdin. */
export const STDIN = '-';

const CHUNK_BYTES = 1 << 20;
/** Packed files up to this size are unpacked in one piece, which is faster. */
const GUNZIP_AT_ONCE_BYTES = 16 << 20;

/** The files meant: those given, in their order; a folder stands for the histories below it, sorted by name. */
export function historyFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (path === STDIN || !statOf(path).isDirectory()) return [path];
    const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ndjson(\.gz)?$/.test(name))
      .map((name) => join(path, name));
    if (found.length > 0) return found.toSorted((left, right) => (left < right ? -1 : 1));
    throw new UsageError('the folder holds no history (.ndjson or .ndjson.gz)', {
      code: 'E-HISTORY-021',
      place: path,
      todo: 'Name files, or a folder with recordings.',
    });
  });
}

/** The bytes of a file, unpacked where it is packed. @throws UsageError E-HISTORY-020, E-HISTORY-022. */
export async function* historyBytes(file: string): AsyncGenerator<Uint8Array> {
  if (file === STDIN) {
    yield* unpackStream(process.stdin, file);
    return;
  }
  const descriptor = open(file);
  try {
    const first = readChunk(descriptor, file);
    if (!isGzip(first)) {
      for (let chunk = first; chunk.length > 0; chunk = readChunk(descriptor, file)) yield chunk;
    } else if (fstatSync(descriptor).size <= GUNZIP_AT_ONCE_BYTES) {
      yield unpackAtOnce(first, descriptor, file);
    } else yield* unpackStream(Readable.from(chunksFrom(first, descriptor, file)), file);
  } finally {
    closeSync(descriptor);
  }
}

/** What a growing file needs to be followed. */
export interface FollowOptions {
  /** Time between two looks. */
  readonly pollMs: number;
  /** Ends when nothing came for so long; `null`: never. */
  readonly idleMs: number | null;
  readonly signal: AbortSignal;
}

/** The bytes of a file as it grows, then an empty chunk whenever its end is reached. */
export async function* growingBytes(
  file: string,
  { pollMs, idleMs, signal }: FollowOptions,
): AsyncGenerator<Uint8Array> {
  const descriptor = open(file);
  try {
    for (let quietMs = 0; !signal.aborted;) {
      const chunk = readChunk(descriptor, file);
      if (chunk.length > 0) {
        if (quietMs === 0 && isGzip(chunk)) throw packedFollow(file);
        quietMs = 0;
        yield chunk;
        continue;
      }
      yield chunk;
      if (idleMs !== null && quietMs >= idleMs) return;
      await sleep(pollMs, undefined, { signal }).catch(() => {});
      quietMs += pollMs;
    }
  } finally {
    closeSync(descriptor);
  }
}

function* chunksFrom(first: Uint8Array, descriptor: number, file: string): Generator<Uint8Array> {
  for (let chunk = first; chunk.length > 0; chunk = readChunk(descriptor, file)) yield chunk;
}

async function* unpackStream(stream: Readable, file: string): AsyncGenerator<Uint8Array> {
  const source = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await source.next();
  if (first.done === true) return;
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      yield next.value;
    }
  };
  if (!isGzip(first.value)) {
    yield* rest();
    return;
  }
  try {
    for await (const chunk of Readable.from(rest()).pipe(createGunzip())) yield chunk as Uint8Array;
  } catch (error) {
    throw damaged(file, error);
  }
}

function unpackAtOnce(first: Uint8Array, descriptor: number, file: string): Uint8Array {
  const packed = Buffer.concat([...chunksFrom(first, descriptor, file)]);
  try {
    return gunzipSync(packed);
  } catch (error) {
    throw damaged(file, error);
  }
}

function readChunk(descriptor: number, file: string): Uint8Array {
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(descriptor, chunk, 0, CHUNK_BYTES, null));
  } catch (error) {
    throw unreadable(file, error);
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function statOf(path: string): { readonly isDirectory: () => boolean } {
  try {
    return statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unreadable(file: string, cause: unknown): UsageError {
  return new UsageError(`cannot read the history: ${(cause as Error).message}`, {
    code: 'E-HISTORY-020',
    place: file,
    todo: 'Check the path; - reads stdin.',
    cause,
  });
}

function damaged(file: string, cause: unknown): UsageError {
  return new UsageError(`the gzip file is truncated or damaged: ${(cause as Error).message}`, {
    code: 'E-HISTORY-022',
    place: file,
    todo: 'Copy the recording again.',
    cause,
  });
}

function packedFollow(file: string): UsageError {
  return new UsageError('cannot follow a packed file', {
    code: 'E-HISTORY-023',
    place: file,
    todo: 'Follow the plain file, or judge the packed one without --follow.',
  });
}
