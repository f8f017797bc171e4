/** Runs a measurement in a process of its own and reads its result, one line of JSON. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatError, InternalError, UsageError } from '../../src/core/errors.ts';
import { EXIT_INTERNAL, EXIT_USAGE } from '../../src/cli/exit-code.ts';

/** Room for a native map of 10^7 strings beside its keys. */
const HEAP_LIMIT_MEGABYTES = 12_000;

/** This file's own ending: the scripts have the same. */
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/**
 * Runs a script of `../children` with a request as its argument and returns what it answered.
 *
 * @throws InternalError if the child fails; UsageError if it cannot use the request.
 */
export async function askChild<Answer>(name: string, request: unknown): Promise<Answer> {
  const script = fileURLToPath(new URL(`../children/${name}${EXTENSION}`, import.meta.url));
  const args = [
    '--expose-gc',
    `--max-old-space-size=${HEAP_LIMIT_MEGABYTES}`,
    script,
    JSON.stringify(request),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
  });
  if (code === 0) return JSON.parse(output) as Answer;
  const details = { code: 'E-BENCH-004', place: script };
  // The child has printed what was wrong.
  if (code === EXIT_USAGE) throw new UsageError('the measuring process declined', details);
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  throw new InternalError(`the measuring process ended with ${how}`, details);
}

/** The other side: answers the request of the command line. */
export async function answerParent(answer: (request: never) => unknown): Promise<void> {
  try {
    const result = await answer(JSON.parse(process.argv[2] ?? 'null') as never);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } catch (error) {
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_INTERNAL;
  }
}
