/** Text for a terminal whose locale is not UTF-8. */

const SUBSTITUTES: Readonly<Record<string, string>> = {
  '…': '...',
  '→': '->',
  '←': '<-',
  '×': 'x',
  '·': '.',
  '–': '-',
  '—': '-',
  '◆': '*',
  '≤': '<=',
  '≥': '>=',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/**
 * The same text in ASCII: signs of ours become like-looking ones, every other character its escape, so that nothing is
 * lost. An ellipsis takes the place of spaces that follow it, so that columns stay in line.
 */
export function toAscii(text: string): string {
  return text
    .replaceAll(/…(?: {2}(?= ))?/gu, '...')
    .replaceAll(/[^\0-\u007f]/gu, (sign) => SUBSTITUTES[sign] ?? escape(sign));
}

function escape(sign: string): string {
  const hex = sign.codePointAt(0)!.toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/**
 * Whether the locale that an environment names can show more than ASCII, by the rule of POSIX: `LC_ALL`, else `LC_CTYPE`,
 * else `LANG`; none of them is the locale C. Windows names no locale, and shows UTF-8.
 */
export function isUtf8Locale(
  environment: Readonly<Record<string, string | undefined>>,
  isWindows: boolean,
): boolean {
  const names = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']];
  const named = names.find((name) => name !== undefined && name !== '');
  return named === undefined ? isWindows : /utf-?8/i.test(named);
}
