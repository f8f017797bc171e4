/** Parsers of option values. Seeds stay text; everything else is checked here, with the option's name in the error. */
import { suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import type { Shard } from '../run/plan.ts';

/** Shards that a campaign can be split into at most. */
const SHARDS_MAX = 1_000_000;

/** A whole number in decimal, `least` to 2^53 - 1. */
export function parseCount(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      `found ${JSON.stringify(text)}, expected a whole number from ${least} up`,
      {
        code: 'E-USAGE-003',
        place: option,
      },
    );
  }
  return value;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration with its unit, as in `500ms`, `30s`, `5m`, `2h`; in milliseconds, more than 0. */
export function parseDurationMs(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * UNIT_MS[match[2]!]!;
  if (value <= 0) {
    throw new UsageError(
      `found ${JSON.stringify(text)}, expected a duration such as 30s, 5m or 2h`,
      {
        code: 'E-USAGE-004',
        place: option,
      },
    );
  }
  return value;
}

/** `2/5`: the second of five shards. */
export function parseShard(option: string, text: string): Shard {
  const match = /^([1-9]\d{0,6})\/([1-9]\d{0,6})$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match === null || index > count || count > SHARDS_MAX) {
    throw new UsageError(
      `found ${JSON.stringify(text)}, expected i/n with i from 1 to n, n at most ${SHARDS_MAX}, such as 2/5`,
      { code: 'E-USAGE-011', place: option },
    );
  }
  return { index, count };
}

/** A seed: any text but the empty one. */
export function parseSeed(option: string, text: string): string {
  if (text === '') {
    throw new UsageError('the seed is empty, expected any text', {
      code: 'E-USAGE-005',
      place: option,
      todo: 'Leave the option out for the default seed, 1.',
    });
  }
  return text;
}

/** A reporter and where it writes; `null` is stdout. */
export interface ReporterRequest<Name extends string> {
  readonly name: Name;
  readonly path: string | null;
}

/** `NAME` or `NAME=PATH`, one request each. */
export function parseReporters<Name extends string>(
  texts: readonly string[],
  known: readonly Name[],
): ReporterRequest<Name>[] {
  return texts.map((text) => {
    const split = text.indexOf('=');
    const name = split < 0 ? text : text.slice(0, split);
    const path = split < 0 ? null : text.slice(split + 1);
    if (!(known as readonly string[]).includes(name)) {
      throw new UsageError(`unknown reporter ${JSON.stringify(name)}`, {
        code: 'E-USAGE-006',
        place: '--reporter',
        todo: suggest(name, known),
      });
    }
    if (path === '') {
      throw new UsageError(`reporter ${name} has an empty path`, {
        code: 'E-USAGE-006',
        place: '--reporter',
        todo: `Write ${name}=FILE, or ${name} alone for stdout.`,
      });
    }
    return { name: name as Name, path };
  });
}
