import { writeFileSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import type { ReporterRequest } from './options.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes a report where its request says.
 *
 * @throws UsageError E-USAGE-009 when the file cannot be written; by then everything on stdout has been printed, because
 *   `inPrintingOrder` puts stdout first.
 */
export function writeReport(
  request: ReporterRequest<string>,
  text: string,
  terminal: Terminal,
): void {
  if (request.path === null) {
    terminal.stdout.write(text);
    return;
  }
  try {
    writeFileSync(request.path, text);
  } catch (error) {
    throw new UsageError(`cannot write the ${request.name} report: ${(error as Error).message}`, {
      code: 'E-USAGE-009',
      place: request.path,
      todo: 'Check the folder and the space left; the same command with the same seed gives the same report.',
      cause: error,
    });
  }
}

/** Requests for stdout first, so that a file that cannot be written loses nothing. */
export function inPrintingOrder<Request extends ReporterRequest<string>>(
  requests: readonly Request[],
): Request[] {
  return requests.toSorted(
    (left, right) => Number(left.path !== null) - Number(right.path !== null),
  );
}
