/**
 * Makes modules steppable as Node loads them: `node --import mapcheck/loader program.js`.
 *
 * Which modules is said by MAPCHECK_INSTRUMENT, a list of globs of package names or of paths from the working directory,
 * separated by commas. TypeScript among them is stripped of its types on the way.
 */
import * as module from 'node:module';
import { load } from './node-hooks.ts';

interface Registration {
  registerHooks?(hooks: { load: typeof load }): unknown;
  register?(specifier: string | URL, options: { parentURL: string }): void;
}

const node = module as unknown as Registration;

// Hooks in the thread of the program where Node has them (22.15 and later); a thread of their own before that.
if (node.registerHooks !== undefined) node.registerHooks({ load });
else node.register?.(new URL(hooksFile(), import.meta.url), { parentURL: import.meta.url });
process.setSourceMapsEnabled?.(true);

function hooksFile(): string {
  return import.meta.url.endsWith('.ts') ? './node-hooks.ts' : './node-hooks.js';
}
