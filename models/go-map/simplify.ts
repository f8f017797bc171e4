/** Simpler operations and set-ups for the shrinker, simplest first. Each chain of them ends. */
import type { Json, Operation, Program } from '../../src/core/program.ts';
import { HASH_KINDS } from './hashes.ts';

/**
 * Simpler versions of an operation.
 *
 * Keys only become simpler within their kind and keep their hash class where possible (lower
 * numbers with the same low bits), since what fails usually hangs on which keys share a bucket.
 */
export function simplifyOperation(operation: Operation): readonly Operation[] {
  const simpler: Operation[] = [];
  switch (operation.op) {
    case 'drain':
      simpler.push({ op: 'next', it: operation['it']! });
      break;
    case 'intrude':
      if (operation['action'] !== 'get') simpler.push({ ...operation, action: 'get' });
      break;
    case 'range':
      if (operation['via'] !== 'entries') simpler.push({ op: 'range', via: 'entries' });
      break;
    default:
  }
  if ('it' in operation) {
    for (const it of smallerNumbers(operation['it'])) simpler.push({ ...operation, it });
  }
  if ('value' in operation && operation['value'] !== 0) {
    simpler.push({ ...operation, value: 0 });
    for (const value of smallerNumbers(operation['value'])) simpler.push({ ...operation, value });
  }
  if ('key' in operation) {
    for (const key of simplerKeys(operation['key'])) simpler.push({ ...operation, key });
  }
  return simpler;
}

/**
 * Smaller numbers, 0 first: ever longer low ends of the number, which keep its bucket, then half of it, then steps down.
 */
function smallerNumbers(value: Json | undefined): number[] {
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return [];
  const lowEnds = [3, 6, 12, 24].map((bits) => value % 2 ** bits);
  const steps = [16, 8, 4, 2, 1].map((step) => value - step);
  const candidates = [0, ...lowEnds, Math.floor(value / 2), ...steps];
  return [...new Set(candidates)].filter((candidate) => candidate >= 0 && candidate < value);
}

function simplerKeys(key: Json | undefined): Json[] {
  if (typeof key === 'number') {
    if (!Number.isInteger(key)) return [Math.trunc(key)];
    return smallerNumbers(key);
  }
  if (typeof key === 'string') return simplerStrings(key);
  if (key !== undefined && key !== null && typeof key === 'object' && 'object' in key) {
    return smallerNumbers(key['object']).map((object) => ({ object }));
  }
  return [];
}

function simplerStrings(key: string): string[] {
  if (/^k\d+$/.test(key)) return smallerNumbers(Number(key.slice(1))).map((number) => `k${number}`);
  return key.length > 1 ? [key.slice(0, 1)] : [];
}

/** Simpler versions of the set-up. */
export function simplifySetup(setup: Program['setup']): readonly Program['setup'][] {
  const simpler: Program['setup'][] = [];
  const offer = (name: string, value: Json): void => {
    if (setup[name] !== value) simpler.push({ ...setup, [name]: value });
  };
  if (setup['hint'] !== 0) {
    offer('hint', 0);
    for (const hint of smallerNumbers(setup['hint'])) offer('hint', hint);
  }
  offer('pool', 'go');
  if (setup['wipe'] !== 'auto') offer('wipe', 'auto');
  if (setup['keys'] === 'float64') offer('keys', 'javascript');
  // A linear hash is the one that a person can follow: the key is the bucket.
  const rank = SETUP_HASHES.indexOf(setup['hash'] as string);
  for (const hash of SETUP_HASHES.slice(0, Math.max(0, rank))) offer('hash', hash);
  return simpler;
}

const SETUP_HASHES: readonly string[] = [
  'linear',
  ...HASH_KINDS.filter((kind) => kind !== 'linear'),
];
