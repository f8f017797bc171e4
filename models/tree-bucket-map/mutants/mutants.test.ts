import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TREE_BUCKET_PROFILES } from '../../../src/engines/tree-bucket-map/index.ts';
import { applyMutant } from '../../../src/run/mutant-loader.ts';
import type { Mutant } from '../../mutant.ts';
import type { TreeBucketMapEngine } from '../run.ts';
import { createTreeBucketMapTarget } from '../target.ts';
import { treeBucketMapMutants } from './index.ts';

const ENGINE = fileURLToPath(new URL('../../../src/engines/tree-bucket-map', import.meta.url));

/** The mutant's engine, from the sources: the changes are worded so that they fit these as well as the build. */
async function mutatedEngine(mutant: Mutant): Promise<TreeBucketMapEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-tree-mutant-'));
  try {
    cpSync(ENGINE, folder, { recursive: true });
    const file = join(folder, mutant.file.replace(/\.js$/, '.ts'));
    const source = readFileSync(file, 'utf8').replaceAll(
      /const next: \S+<\S+ \S+> =/g,
      'const next =',
    );
    writeFileSync(file, applyMutant(mutant, source, file));
    const url = pathToFileURL(join(folder, 'index.ts')).href;
    return (await import(/* @vite-ignore */ url)) as TreeBucketMapEngine;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(treeBucketMapMutants)('$id, $title', (mutant) => {
  test.each(mutant.targets)('is killed by its property in %s', async (name) => {
    const profile = TREE_BUCKET_PROFILES[name.endsWith('@description') ? 'description' : 'java8'];
    const target = createTreeBucketMapTarget(name, profile, await mutatedEngine(mutant));
    let killer: string | undefined;
    for (const program of fc.sample(target.programs, { numRuns: mutant.withinRuns, seed: 5 })) {
      killer = target.execute(program).violation?.property;
      if (killer !== undefined) break;
    }
    expect(mutant.killedBy).toContain(killer);
  });
});
