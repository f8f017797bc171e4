/** The first line of a history. */
import { PROMISES } from '../core/check/linearize/contracts.ts';
import type { HistoryModel } from '../core/check/linearize/history.ts';
import { suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import { canonicalJson } from './canonical.ts';

export const HISTORY_FORMAT = 'map-history/1';

const MODELS: readonly HistoryModel[] = ['map', 'kv'];

/** What a header says. */
export interface HistoryHeader {
  readonly name: string;
  readonly model: HistoryModel;
  /** Entries present before the first event: key as in the header, value as JSON. */
  readonly initial: readonly (readonly [string, string])[];
  /** The verdict the recording expects, where it says one. */
  readonly expected: string | null;
  /** Calls and events the recording says it has, or `null`. */
  readonly operations: number | null;
  readonly events: number | null;
  /** Whether the recording claims that no value is written twice to one key. */
  readonly hasUniqueValues: boolean;
  /** What the map's model promises, by operation, where it is not the default. */
  readonly promises: Readonly<Record<string, string>>;
  /** `file:line` of the header. */
  readonly place: string;
}

/**
 * Reads a header line.
 *
 * @throws UsageError E-HISTORY-004 where a field is not what it must be.
 */
export function readHeader(text: string, place: string): HistoryHeader {
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw fault(place, `the header is not JSON: ${(error as Error).message}`, 'Correct the line.');
  }
  const { format, name = '', model = 'map', initial = {} } = header;
  if (format !== HISTORY_FORMAT) {
    throw fault(
      place,
      `found the format ${JSON.stringify(format)}, expected "${HISTORY_FORMAT}"`,
      'This version of mapcheck reads that format only.',
    );
  }
  if (typeof name !== 'string') throw fault(place, 'name is not a string', 'Give it as a string.');
  if (!MODELS.includes(model as HistoryModel)) {
    throw fault(place, `unknown model ${JSON.stringify(model)}`, suggest(String(model), MODELS));
  }
  if (typeof initial !== 'object' || initial === null || Array.isArray(initial)) {
    throw fault(place, 'initial is not an object', 'Write {"key":value,…}, {} for an empty map.');
  }
  return {
    name,
    model: model as HistoryModel,
    initial: Object.entries(initial).map(([key, value]) => [
      key,
      canonicalJson(JSON.stringify(value)),
    ]),
    expected: typeof header['expected'] === 'string' ? header['expected'] : null,
    operations: countOf(header['operations']),
    events: countOf(header['events']),
    hasUniqueValues: header['uniqueValues'] === true,
    promises: readPromises(header['contracts'] ?? {}, place),
    place,
  };
}

function readPromises(value: unknown, place: string): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw fault(place, 'contracts is not an object', 'Write {"range":"snapshot"}, for instance.');
  }
  const promises: Record<string, string> = {};
  for (const [operation, promise] of Object.entries(value) as [string, unknown][]) {
    const known = Object.hasOwn(PROMISES, operation) ? PROMISES[operation]! : null;
    if (known === null) {
      const todo = suggest(operation, Object.keys(PROMISES));
      throw fault(place, `no contract to choose for ${JSON.stringify(operation)}`, todo);
    }
    if (typeof promise !== 'string' || !known.includes(promise)) {
      const message = `unknown promise ${JSON.stringify(promise)} of ${operation}`;
      throw fault(place, message, `Known: ${known.join(', ')}.`);
    }
    promises[operation] = promise;
  }
  return promises;
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function fault(place: string, message: string, todo: string): UsageError {
  return new UsageError(message, { code: 'E-HISTORY-004', place, todo });
}
