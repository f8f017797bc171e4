/** The files that `mapcheck init` writes, as text. */

/** A file of the scaffold. */
export interface InitFile {
  /** Path from the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Other files that do the same job: where one of them is, this one is not written. */
  readonly instead?: readonly string[];
  /** What to do by hand where the file is there already. */
  readonly byHand?: string;
  /** A text in the file that tells that nothing is left to do. */
  readonly mark?: string;
}

/** How a project is written. */
export interface InitStyle {
  /** Whether the configuration may be TypeScript: that takes Vite. */
  readonly isTypeScript: boolean;
}

/** The scaffold: a configuration, a first target, a workflow, and what version control leaves out. */
export function initFiles({ isTypeScript }: InitStyle): InitFile[] {
  const ending = isTypeScript ? 'ts' : 'mjs';
  return [
    {
      path: `mapcheck.config.${ending}`,
      text: configText(ending),
      instead: ['ts', 'mjs', 'js', 'json'].map((other) => `mapcheck.config.${other}`),
      byHand: `list firstTarget of mapcheck/first-target.${ending} in its targets`,
      mark: 'firstTarget',
    },
    {
      path: `mapcheck/first-target.${ending}`,
      text: TARGET,
      instead: ['ts', 'mjs', 'js'].map((other) => `mapcheck/first-target.${other}`),
    },
    { path: '.github/workflows/mapcheck.yml', text: WORKFLOW },
    {
      path: '.gitignore',
      text: IGNORED,
      byHand: 'have it leave out traces/failures/',
      mark: 'traces/failures',
    },
  ];
}

function configText(ending: string): string {
  return `import { defineConfig } from 'mapcheck';
import { firstTarget } from './mapcheck/first-target.${ending}';

// Every setting and where its value comes from: npx mapcheck config --show
export default defineConfig({
  // What is checked when the command line names nothing: targets of your own, and names of built-in ones.
  targets: [firstTarget],
  // The gate: a fixed seed, so that it is red for a reason in the change, and never by chance.
  ci: { seed: '1', runs: 200 },
});
`;
}

const TARGET = `import { defineTarget } from 'mapcheck';

// Put your own map in the place of the native one, and name the model that it is to match:
// map, unordered-map, persistent-map, cache, lru-cache or sync-map.
export const firstTarget = defineTarget({
  name: 'first-target',
  title: 'the native Map, until a map of our own stands here',
  model: 'map',
  create: () => new Map(),
});
`;

const WORKFLOW = `name: mapcheck
on:
  pull_request:
  push:
    branches: [main]

jobs:
  mapcheck:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm ci
      - run: npx mapcheck ci --reporter github --reporter junit=mapcheck.xml
      - uses: actions/upload-artifact@v4
        if: failure()
        with:
          name: mapcheck
          path: |
            mapcheck.xml
            traces/failures
`;

const IGNORED = `node_modules/
# Failures found here; a trace worth keeping goes to traces/regressions, and is committed.
traces/failures/
`;
