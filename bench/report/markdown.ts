/** Tables and numbers for the reports. */

/** A markdown table; the first column to the left, the others to the right, padded so that the source reads well. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join(' | ')} |\n`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return line(header) + `| ${rule.join(' | ')} |\n` + rows.map(line).join('');
}

/** Three significant digits, no exponent: `1230`, `12.3`, `0.123`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(4, Math.max(0, 2 - magnitude)));
}

/** A ratio: `2.31×`. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(2)}×` : '–';
}

/** A size: powers of ten as such. */
export function formatSize(size: number): string {
  const exponent = Math.log10(size);
  return Number.isInteger(exponent) && exponent >= 3
    ? `10${superscript(exponent)}`
    : String(size).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function superscript(exponent: number): string {
  return String(exponent).replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
}

/** A duration in the unit that suits it: `1.23 s`, `4.56 ms`, `7.89 µs`, `12.3 ns`. */
export function formatNanoseconds(nanoseconds: number): string {
  if (nanoseconds >= 1e9) return `${formatNumber(nanoseconds / 1e9)} s`;
  if (nanoseconds >= 1e6) return `${formatNumber(nanoseconds / 1e6)} ms`;
  if (nanoseconds >= 1e3) return `${formatNumber(nanoseconds / 1e3)} µs`;
  return `${formatNumber(nanoseconds)} ns`;
}
