/** Copies of a compiled engine, changed or not, each in a folder of its own. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InternalError } from '../../src/core/errors.ts';
import type { Stripped } from './strip.ts';

/** `src` of the build that this file belongs to. */
const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * Copies an engine and the atomics into `folder`, each file of the engine passed through `change`.
 *
 * Returns the path of its index. A comment with the folder's name ends each file, so that no two copies have the same
 * text. @throws InternalError if `isChanged` and nothing was.
 */
export function copyEngine(
  engine: string,
  folder: string,
  change: (text: string) => Stripped,
  isChanged: boolean,
): string {
  const target = join(folder, 'src/engines', engine);
  mkdirSync(target, { recursive: true });
  cpSync(join(SOURCE, 'atomics'), join(folder, 'src/atomics'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  let count = 0;
  for (const name of readdirSync(join(SOURCE, 'engines', engine)).sort(compareText)) {
    if (!name.endsWith('.js')) continue;
    const changed = change(readFileSync(join(SOURCE, 'engines', engine, name), 'utf8'));
    count += changed.count;
    writeFileSync(join(target, name), `${changed.text}\n// ${folder}\n`);
  }
  if (isChanged && count === 0) {
    throw new InternalError(`nothing was found to take out of ${engine}`, {
      code: 'E-BENCH-007',
      place: target,
      todo: 'Teach bench/inspection/strip.ts how the engine writes it now.',
    });
  }
  return join(target, 'index.js');
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
