/** Pages of HTML as files: reads the sources that a page shows, and names its parts in its policy. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { filesOf, type PageDocument, type Sources } from '../report/html/document.ts';
import { htmlPage } from '../report/html/page.ts';

/** A source longer than this is not shown. */
const SOURCE_CHARACTERS_MAX = 2_000_000;

/** The text of the page. Source files that cannot be read are left out; the places still say where they are. */
export function renderPage(document: PageDocument): string {
  return htmlPage(document, readSources(document), (text) =>
    createHash('sha256').update(text).digest('base64'),
  );
}

function readSources(document: PageDocument): Sources {
  const sources = new Map<string, string>();
  for (const file of filesOf(document)) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text.length <= SOURCE_CHARACTERS_MAX) sources.set(file, text);
    } catch {
      // A trace of another machine names files that are not here.
    }
  }
  return sources;
}
