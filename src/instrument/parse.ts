import { parseSync } from 'oxc-parser';
import { InstrumentError } from './instrument-error.ts';
import { lineOf } from './output.ts';
import type { SyntaxNode } from './syntax.ts';

/** How a file is to be read: by its ending, as the languages' own tools do. */
export interface SourceKind {
  readonly lang: 'js' | 'jsx' | 'ts' | 'tsx';
  readonly isTypeScript: boolean;
}

/** The language of a file by its name; a query behind the name does not count. */
export function sourceKindOf(id: string): SourceKind {
  const name = id.replace(/[?#].*$/u, '');
  const ending = /\.([cm]?[jt]sx?)$/u.exec(name)?.[1] ?? 'js';
  const isTypeScript = ending.includes('t');
  const isMarkup = ending.endsWith('x');
  return {
    lang: isTypeScript ? (isMarkup ? 'tsx' : 'ts') : isMarkup ? 'jsx' : 'js',
    isTypeScript,
  };
}

/**
 * Parses a source file.
 *
 * @throws InstrumentError `E-INSTRUMENT-001` with the place of the first syntax error.
 */
export function parseSource(
  code: string,
  id: string,
  lineStarts: readonly number[],
  isCommonJs: boolean,
): SyntaxNode {
  const { lang, isTypeScript } = sourceKindOf(id);
  const result = parseSync(id, code, {
    lang,
    astType: isTypeScript ? 'ts' : 'js',
    sourceType: isCommonJs ? 'commonjs' : 'module',
  });
  const error = result.errors[0];
  if (error !== undefined) {
    const offset = error.labels[0]?.start ?? 0;
    const line = lineOf(lineStarts, offset);
    const place = { file: id, line: line + 1, column: offset - lineStarts[line]! + 1 };
    throw new InstrumentError('E-INSTRUMENT-001', `cannot be parsed: ${error.message}`, place);
  }
  return result.program as unknown as SyntaxNode;
}
