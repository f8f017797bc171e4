/** All properties of the classic map, in the order in which `mapcheck list` prints them. */
import type { Property } from '../../src/core/property.ts';
import type { CheckedProperty } from './checked-property.ts';
import { concurrentProperties } from './concurrent.ts';
import { evacuationProperties, evacuationStepProperties } from './evacuation.ts';
import type { StepFacts } from './facts.ts';
import { growthProperties, growthStepProperties, hintSize } from './growth.ts';
import {
  complete,
  ends,
  everyMethod,
  iterationStepProperties,
  productionProperties,
} from './iteration.ts';
import { cloneIndependent, cloneProperties, resultProperties, seedProperties } from './results.ts';
import { spaceProperties } from './space.ts';
import { restingProperties, structureProperties } from './structure.ts';
import { workProperties } from './work.ts';

export { hintSize, type HintFacts } from './growth.ts';
export {
  cloneIndependent,
  cloneProperties,
  noPanic,
  resultProperties,
  type AsideFacts,
} from './results.ts';
export { restingProperties, structureProperties } from './structure.ts';

/** Asked after every operation, in this order. */
export const stepProperties: readonly CheckedProperty<StepFacts>[] = [
  ...workProperties,
  ...growthStepProperties,
  ...evacuationStepProperties,
  ...seedProperties,
  ...iterationStepProperties,
  ...spaceProperties,
];

/** Every property of the classic map, each once. */
export const goMapProperties: readonly Property[] = [
  ...resultProperties,
  ...structureProperties,
  ...restingProperties,
  hintSize,
  ...growthProperties,
  ...growthStepProperties,
  ...evacuationProperties,
  ...evacuationStepProperties,
  ...workProperties,
  ...spaceProperties,
  ...seedProperties,
  ...productionProperties,
  complete,
  ends,
  everyMethod,
  ...iterationStepProperties,
  ...cloneProperties,
  cloneIndependent,
  ...concurrentProperties,
].map(({ name, statement, source }) => ({ name, statement, source }));
