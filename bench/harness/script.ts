/** Finds the scripts of this folder, compiled or not. */

/** The URL of a script beside a module, with that module's own ending. */
export function scriptBeside(name: string, moduleUrl: string): URL {
  const extension = moduleUrl.slice(moduleUrl.lastIndexOf('.'));
  return new URL(`./${name}${extension}`, moduleUrl);
}
