/** What a text looks like on a terminal: how wide it is, and what may not go there as it is. */

/** Characters that end lines, move the cursor or turn the reading direction. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Combining marks and joiners: no width of their own. */
const NARROW = /\p{Mn}|\p{Me}|[\u200b-\u200c]|\u200d/u;
/** East Asian wide and full-width characters, and pictures: two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const ASCII = /^[\x20-\x7e]*$/;
/** A text on one line, with everything that would disturb a terminal written as an escape. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) =>
    character === '\n' || character === '\t'
      ? ' '
      : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Columns that a printable text takes on a terminal. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!NARROW.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts a text to a width, with an ellipsis where something is missing. */
export function clipTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}
