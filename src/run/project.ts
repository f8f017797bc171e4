/** A project: its configuration, and every target that can be named in it. */
import { resolve } from 'node:path';
import { builtInTargets, defaultTargetNames } from '../../models/targets.ts';
import { findConfig, loadConfig } from '../config/load.ts';
import type { MapcheckConfig } from '../config/schema.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { withTermination } from '../core/termination.ts';

/** What commands work on. */
export interface Project {
  readonly config: MapcheckConfig;
  /** Absolute path of the configuration, or `null`. A worker that needs the project's own targets loads it. */
  readonly configFile: string | null;
  /** The built-in targets, then the project's own. */
  readonly targets: readonly Target[];
  /** What is checked when none is named. */
  readonly defaultNames: readonly string[];
}

/** A project without a configuration. */
export const BARE_PROJECT: Project = {
  config: {},
  configFile: null,
  targets: builtInTargets,
  defaultNames: defaultTargetNames,
};

/**
 * Opens the project of a folder.
 *
 * @throws UsageError as `loadConfig`, and E-CONFIG-004 for two targets of one name.
 */
export async function openProject(named: string | undefined, folder: string): Promise<Project> {
  const file = findConfig(named, folder);
  if (file === null) return BARE_PROJECT;
  const config = await loadConfig(file, folder);
  const listed = config.targets ?? defaultTargetNames;
  const own = listed
    .filter((target): target is Target => typeof target !== 'string')
    .map(withTermination);
  const targets = [...builtInTargets, ...own];
  for (const [index, { name }] of targets.entries()) {
    if (targets.findIndex((other) => other.name === name) === index) continue;
    throw new UsageError(`there are two targets called ${JSON.stringify(name)}`, {
      code: 'E-CONFIG-004',
      place: `${file}: targets`,
      todo: builtInTargets.some((other) => other.name === name)
        ? 'A built-in target has that name: choose another.'
        : 'Give each its own name.',
    });
  }
  return {
    config,
    configFile: resolve(folder, file),
    targets,
    defaultNames: listed.map((target) => (typeof target === 'string' ? target : target.name)),
  };
}

/** The project whose configuration is in that file; the bare one for `undefined`. */
export async function openProjectOf(configFile: string | undefined): Promise<Project> {
  return configFile === undefined ? BARE_PROJECT : openProject(configFile, '.');
}

/** What a plan says of the configuration: its path, where a target comes from it; nothing for built-in ones. */
export function planConfig(
  project: Project,
  targets: readonly Target[],
): { readonly config?: string } {
  const isOwn = targets.some((target) => !builtInTargets.includes(target));
  return isOwn && project.configFile !== null ? { config: project.configFile } : {};
}
