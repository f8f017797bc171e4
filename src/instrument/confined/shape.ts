/** What setup has to return for a program to be confined, where its code has been proven so. */
import { isSharedView } from '../../core/step.ts';
import type { SteppedProgram } from '../../core/step.ts';
import type { Confinement } from './proof.ts';

/** The part of a program that says whether it is confined. */
export function confinedBy(confinement: Confinement): Pick<SteppedProgram, 'isConfined'> {
  if (confinement === 'none') return {};
  return { isConfined: confinement === 'view' ? isSharedView : isViews };
}

/** A typed array over shared memory, or an object whose fields are such arrays or primitive values. */
function isViews(shared: unknown): boolean {
  if (isSharedView(shared)) return true;
  if (typeof shared !== 'object' || shared === null) return false;
  return (
    Object.getPrototypeOf(shared) === Object.prototype &&
    Object.values(Object.getOwnPropertyDescriptors(shared)).every(
      (field) => 'value' in field && isInert(field.value),
    )
  );
}

function isInert(value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null;
  return isObject ? isSharedView(value) : typeof value !== 'function';
}
