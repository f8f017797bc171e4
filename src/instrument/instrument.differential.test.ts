import { describe, expect, test } from 'vitest';
import { runOutside, runPlain, runStepped, snippetModule } from './testing/compare.ts';
import { SNIPPETS } from './testing/snippets.ts';

describe('a stepped snippet does what the plain one does', () => {
  for (const [name, body] of Object.entries(SNIPPETS)) {
    test(name, () => {
      const source = snippetModule(body);
      const plain = runPlain(source);
      const { steps, refusal, ...stepped } = runStepped(source);
      expect(stepped).toEqual(plain);
      expect(steps.length).toBeGreaterThan(0);
      expect(refusal).toBe(null);
      expect(runOutside(source)).toEqual(plain);
    });
  }
});
