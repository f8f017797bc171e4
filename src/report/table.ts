/** Column formatter for fixed-width terminals. */
import { clipTo, widthOf } from './characters.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Lines of a table: a header, then the rows; two spaces between columns, none at the end of a line. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index]!))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const space = ' '.repeat(widths[index]! - widthOf(cell));
        return columns[index]!.align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

/** Indents each line, leaving empty ones empty. */
export function indent(lines: readonly string[], by = '  '): string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}

/** Cuts a text to a width, with an ellipsis where something is missing. */
export function clip(text: string, width: number): string {
  return clipTo(text, width);
}

/** Breaks a text between words into lines of a width, all but the first indented; `null` for no limit. */
export function wrap(text: string, width: number | null, indentation = '  '): string[] {
  if (width === null || widthOf(text) <= width) return [text];
  const lines: string[] = [];
  const [first, ...words] = text.trimStart().split(' ');
  let line = ' '.repeat(text.length - text.trimStart().length) + first!;
  for (const word of words) {
    if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indentation + word;
    }
  }
  return [...lines, line];
}

/** `1 run`, `2 runs`, `1,234 classes`. */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${formatCount(count)} ${noun}${/(s|x|ch|sh)$/.test(noun) ? 'es' : 's'}`;
}

/** A whole number with a comma every three digits. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
