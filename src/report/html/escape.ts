/** Text in a page of HTML: whatever it holds, it stays text. */
import { printable } from '../characters.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** A text for the content of an element or the value of a quoted attribute, control characters written out. */
export function escapeHtml(text: string): string {
  // A lone surrogate is no character, and would be damaged silently when the page is written.
  const whole = printable(text).replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return whole.replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character]!);
}
