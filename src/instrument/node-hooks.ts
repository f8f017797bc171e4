import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrument } from './instrument.ts';
import { isCommonJsFile, matchesGlobs, moduleUrl, ownModule, packageOf } from './resolve.ts';

/** What Node's load hooks return. */
export interface LoadedSource {
  readonly format: string;
  readonly source?: unknown;
  readonly shortCircuit?: boolean;
}

/** Node's load hook: gives the stepped form of the modules that MAPCHECK_INSTRUMENT names. */
export function load<Result extends LoadedSource | Promise<LoadedSource>>(
  url: string,
  context: object,
  nextLoad: (url: string, context: object) => Result,
): Result | LoadedSource {
  const globs = (process.env['MAPCHECK_INSTRUMENT'] ?? '').split(',').filter((glob) => glob !== '');
  if (!url.startsWith('file:') || globs.length === 0) return nextLoad(url, context);
  const path = fileURLToPath(url);
  if (!/\.[cm]?[jt]sx?$/u.test(path)) return nextLoad(url, context);
  if (!matchesGlobs(globs, path, packageOf(path), process.cwd())) return nextLoad(url, context);
  const code = readFileSync(path, 'utf8');
  if (isCommonJsFile(path, code)) return nextLoad(url, context);
  const { code: stepped, map } = instrument(code, path, {
    file: relative(process.cwd(), path).split(sep).join('/'),
    runtime: moduleUrl(ownModule('instrument/runtime/index')),
  });
  const encoded = Buffer.from(JSON.stringify({ ...map, sources: [url] })).toString('base64');
  const source = `${stepped}\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
  return { format: 'module', source, shortCircuit: true };
}
