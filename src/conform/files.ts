/** Finds and reads recorded traces: `.ndjson` and `.ndjson.gz`, single files or folders. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../core/errors.ts';

/** Files below the given paths, folders searched to any depth, each path's files sorted by name. */
export function recordedFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!statOf(path).isDirectory()) return [path];
    const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ndjson(\.gz)?$/.test(name))
      .map((name) => join(path, name));
    if (found.length === 0) {
      throw new UsageError('the folder holds no recorded trace (.ndjson or .ndjson.gz)', {
        code: 'E-CONFORM-002',
        place: path,
        todo: 'Name a folder with recordings, such as traces/golden.',
      });
    }
    return found.toSorted((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  });
  return [...new Set(files)];
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (error) {
    throw new UsageError('cannot read it: no such file or folder', {
      code: 'E-CONFORM-001',
      place: path,
      todo: 'Check the path.',
      cause: error,
    });
  }
}

/**
 * The lines of a recorded trace, unpacked.
 *
 * @throws UsageError E-CONFORM-001 unreadable, E-CONFORM-003 a damaged gzip file.
 */
export function readLines(file: string): string[] {
  const bytes = readBytes(file);
  return unpack(file, bytes).toString('utf8').split('\n');
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read the recorded trace: ${(error as Error).message}`, {
      code: 'E-CONFORM-001',
      place: file,
      todo: 'Check the path.',
      cause: error,
    });
  }
}

function unpack(file: string, bytes: Buffer): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UsageError(`the gzip file is truncated or damaged: ${(error as Error).message}`, {
      code: 'E-CONFORM-003',
      place: file,
      todo: 'Copy the recording again.',
      cause: error,
    });
  }
}
