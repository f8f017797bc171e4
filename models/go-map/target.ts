/** The classic map as a target: engine, specification, properties and programs bound together. */
import type { Program } from '../../src/core/program.ts';
import type { ExecuteOptions, Outcome, Target } from '../../src/core/target.ts';
import { GoMap } from '../../src/engines/go-map/index.ts';
import { goMapProperties } from '../../properties/go-map/index.ts';
import { COVERAGE_KEYS } from './check/coverage.ts';
import type { CheckedMapClass } from './check/engine-port.ts';
import { runProgram } from './check/run.ts';
import { GO_MAP_FAMILIES } from './generate/families.ts';
import { PROFILE_RULES, type ProfileName } from './profile-rules.ts';
import { goMapProgramSchema } from './program-schema.ts';
import { goMapPrograms } from './programs.ts';
import { simplifyOperation, simplifySetup } from './simplify.ts';

const TITLES: Readonly<Record<ProfileName, string>> = {
  'go1.19': "Go's map as of 1.19: clear tells iterators nothing",
  'go1.21': "Go's map as of 1.21: load factor 6",
  'go1.23': "Go's map as of 1.23, the last of its design",
  corrected: "Go's map of 1.23 without its known defects",
};

/** Makes a target of a profile and an engine; a mutant of the engine is as good as the engine. */
export function createGoMapTarget(
  name: string,
  profile: ProfileName,
  engine: CheckedMapClass,
): Target {
  return {
    name,
    title: TITLES[profile],
    properties: goMapProperties,
    coverage: COVERAGE_KEYS,
    schema: goMapProgramSchema,
    families: GO_MAP_FAMILIES,
    programs: goMapPrograms(PROFILE_RULES[profile].loadNumerator),
    execute: (program: Program, options: ExecuteOptions = {}): Outcome =>
      runProgram({ engine, profile }, program, options),
    simplifyOperation,
    simplifySetup,
  };
}

const TARGETS: readonly (readonly [name: string, profile: ProfileName])[] = [
  ['go-map', 'go1.23'],
  ['go-map@corrected', 'corrected'],
  ['go-map@go1.21', 'go1.21'],
  ['go-map@go1.19', 'go1.19'],
];

/** The profile of a target of the classic map, `null` for other targets. */
export function goMapProfileOf(name: string): ProfileName | null {
  return TARGETS.find(([known]) => known === name)?.[1] ?? null;
}

/**
 * Makes a built-in target over another engine: a mutant.
 *
 * @throws RangeError if there is no such target.
 */
export function bindGoMapTarget(name: string, engine: CheckedMapClass): Target {
  const profile = goMapProfileOf(name);
  if (profile === null) throw new RangeError(`there is no target ${name} of the classic map`);
  return createGoMapTarget(name, profile, engine);
}

/** The classic map in its profiles. */
export const goMapTargets: readonly Target[] = TARGETS.map(([name, profile]) =>
  createGoMapTarget(name, profile, GoMap),
);
