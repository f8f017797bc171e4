/** Operations and their results in words, for messages and interleaving tables. */
import type { Json, Operation } from '../../../src/core/program.ts';
import type { ResultFacts } from '../../../properties/go-map/facts.ts';
import { errorText } from '../../../properties/go-map/results.ts';
import { showValue, type TokenDecoder } from '../../value-token.ts';

/** `set(3, 7)`. */
export function operationText(operation: Operation, decoder: TokenDecoder): string {
  const words = Object.keys(operation)
    .filter((name) => name !== 'op')
    .map((name) => argumentText(name, operation[name]!, decoder));
  return `${operation.op}(${words.join(', ')})`;
}

function argumentText(name: string, argument: Json, decoder: TokenDecoder): string {
  if (name === 'key' || name === 'value') return showValue(decoder.decode(argument));
  return name === 'it' ? `#${JSON.stringify(argument)}` : (argument as string);
}

/** What an operation returned or threw; nothing for those that return nothing of note. */
export function resultText(operation: Operation, result: ResultFacts): string {
  if (result.thrown !== undefined) return errorText(result.thrown);
  const hasResult = ['get', 'has', 'delete', 'size'].includes(operation.op);
  return hasResult ? showValue(result.actual) : '';
}
