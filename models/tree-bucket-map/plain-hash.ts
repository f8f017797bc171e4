/** Hashes that programs ask for by a mask: easy to foresee, so that collisions can be arranged. */
import { isObjectToken, showValue } from '../value-token.ts';

/** A small integer is its own hash, an object that of its number; everything else has the FNV-1a of its text. */
export function plainHash(key: unknown): number {
  if (typeof key === 'number' && (key | 0) === key) return key | 0;
  if (isObjectToken(key)) return key.object;
  const text = showValue(key);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
