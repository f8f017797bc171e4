/**
 * Lets a configuration import `mapcheck` where the package is not installed beside it, as under `npx`.
 *
 * What is installed there wins; only where nothing is, the copy that runs stands in.
 */
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Runs on Node's thread for hooks, so that it is text: it asks Node first, and then again from inside this package. */
const HOOK = `
let inside;
export function initialize(data) { inside = data; }
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    const isOwn = specifier === 'mapcheck' || specifier.startsWith('mapcheck/');
    if (!isOwn || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return next(specifier, { ...context, parentURL: inside });
  }
}
`;

let isRegistered = false;

/** Whether a file would find the package by itself. */
export function findsOwnPackage(path: string): boolean {
  try {
    createRequire(path).resolve('mapcheck');
    return true;
  } catch {
    return false;
  }
}

/** From now on this thread's imports find the package everywhere. */
export function provideOwnPackage(): void {
  if (isRegistered) return;
  isRegistered = true;
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { data: import.meta.url });
}

/** The main module of the copy that runs. */
export function ownMainFile(): string {
  return createRequire(fileURLToPath(import.meta.url)).resolve('mapcheck');
}
