/**
 * Code that is checked runs in this process too: configurations are loaded here, and programs explored. If it ends the
 * process, that must not look like an answer.
 */
import { formatError, InternalError } from '../core/errors.ts';
import { EXIT_INTERNAL } from './exit-code.ts';

let isMeant = false;

/** Ends the process on purpose. */
export function exitNow(code: number): never {
  isMeant = true;
  process.exit(code);
}

/**
 * Watches for an end of the process that nobody here meant: it is said, and the exit code is 4. Returns how to stop that.
 *
 * A loop of events that has nothing left to wait for is such an end too.
 */
export function guardExit(): () => void {
  const onExit = (code: number): void => {
    if (isMeant) return;
    const error = new InternalError(
      `the checked code ended the process with exit code ${code}, before there was an answer`,
      {
        code: 'E-RUN-005',
        todo: 'Look for process.exit, and for a promise that never settles, in the configuration and in what is explored.',
      },
    );
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = EXIT_INTERNAL;
  };
  process.on('exit', onExit);
  return () => void process.off('exit', onExit);
}
