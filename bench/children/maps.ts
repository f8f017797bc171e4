/** The measuring process of `../maps.ts`: one cell. */
import { measureCell } from '../harness/cell.ts';
import { answerParent } from '../harness/child-process.ts';

await answerParent(measureCell);
