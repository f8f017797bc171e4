import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { CheckSuite } from '../document.ts';
import { filesOf, type PageDocument, type PageRun, type PageStep } from './document.ts';
import { escapeHtml } from './escape.ts';
import { htmlPage } from './page.ts';
import { suitesPage } from './runs.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Attempts at leaving the text, in every place that a page takes text for. */
const EVIL = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><style>*{display:none}',
  '<!--',
  ']]>',
  '&lt;script&gt;',
  '${alert(1)}`',
  'javascript:alert(1)',
  '\u0000\u2028\u202e<b>\ud800',
];

function evilDocument(text: string): PageDocument {
  const step: PageStep = {
    thread: 0,
    text,
    value: text,
    note: text,
    mark: 'bad',
    place: `${text}:1:1`,
    expression: text,
  };
  const run: PageRun = {
    title: text,
    verdict: 'fails',
    property: text,
    message: [text],
    facts: [[text, text]],
    isSequential: false,
    steps: [step, { ...step, thread: 1, mark: 'preemption' }],
    orderings: [text],
    blocks: [{ title: text, lines: [text] }],
  };
  return { title: text, tables: [{ title: text, columns: [text], rows: [[text]] }], runs: [run] };
}

/** The tags of a page, without those that every page has. */
function tagsOf(page: string): string[] {
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

describe('a page', () => {
  const harmless = evilDocument('plain text');
  const sources = new Map([['plain text', 'plain text\n']]);
  const reference = htmlPage(harmless, sources, hash);

  test.each(EVIL)('takes %j for text, wherever it stands', (text) => {
    const page = htmlPage(evilDocument(text), new Map([[text, `${text}\n`]]), hash);
    const shape = (tags: readonly string[]): string[] =>
      tags.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
    // The same elements with the same attributes, whatever the text.
    expect(shape(tagsOf(page))).toEqual(shape(tagsOf(reference)));
    expect(page).not.toMatch(/[\u0000\u2028\u202e]/);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  test('allows its own style and script, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(reference)![1]!;
    const style = /<style>(.*?)<\/style>/s.exec(reference)![1]!;
    const script = /<script>(.*?)<\/script>/s.exec(reference)![1]!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash(style)}'`,
      `script-src 'sha256-${hash(script)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // The style is one element, so no attribute may hold any.
    expect(reference).not.toMatch(/<[^>]* (?:style|on\w+)=/);
  });

  test('asks for nothing from outside', () => {
    expect(reference).not.toMatch(/(?:src|href|action|url|@import|fetch|XMLHttp)\s*[=(]/);
    expect(reference).not.toMatch(/https?:/);
  });

  test('its script is valid, and reads attributes alone', () => {
    const script = /<script>(.*?)<\/script>/s.exec(reference)![1]!;
    expect(() => new Script(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|insertAdjacent|document\.write|eval/);
  });

  test('marks the expressions of a line, each once', () => {
    const step = harmless.runs[0]!.steps[0]!;
    const at = (column: number, expression: string): PageStep => ({
      ...step,
      place: `a.ts:2:${column}`,
      expression,
    });
    const steps = [
      at(11, 'load(b)'),
      at(3, 'load(a)'),
      at(11, 'load(b)'),
      at(5, 'ad(a'),
      at(90, 'x'),
    ];
    const document = { ...harmless, runs: [{ ...harmless.runs[0]!, steps }] };
    const source = '\n\n'.replace('\n', '\n  load(a)\tload(b) < 1');
    const page = htmlPage(document, new Map([['a.ts', source]]), hash);
    expect(/data-line="2"[^>]*>(.*?)<\/span>/.exec(page)![1]).toBe(
      '  <mark data-column="3">load(a)</mark>\t<mark data-column="11">load(b)</mark> &lt; 1',
    );
    expect(filesOf(document)).toEqual(['a.ts']);
  });
});

test('text in a page keeps its letters', () => {
  expect(escapeHtml(`a < b && c > "d" 'e' \`f\` 漢 \ud83d\ude00 \ud83d`)).toBe(
    'a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39; &#96;f&#96; 漢 \ud83d\ude00 \ufffd',
  );
});

test('the report of a command is a table of its checks, and every failure', () => {
  const suites: CheckSuite[] = [
    {
      name: 'counter',
      facts: { strategy: 'exhaustive' },
      cases: [
        { name: 'fine', failure: null },
        {
          name: 'interleavings',
          failure: {
            property: 'race',
            message: 'two lines\nof text',
            text: 'FAIL',
            trace: 'traces/a.json',
            essence: '',
            steps: [
              { thread: 0, operation: 'load x[0]', result: 'read 1', notes: [], place: 'a.ts:1:1' },
              {
                thread: 1,
                operation: 'store x[0] = 1',
                result: '',
                notes: ['preemption'],
                place: '',
              },
            ],
          },
        },
      ],
    },
  ];
  const document = suitesPage(suites, 'fails');
  expect(document.tables[0]!.rows).toEqual([['counter', '2', '1', '0', 'strategy exhaustive']]);
  expect(document.runs).toHaveLength(1);
  expect(document.runs[0]).toMatchObject({
    message: ['two lines', 'of text'],
    facts: [['replay', 'npx mapcheck replay traces/a.json']],
    steps: [
      { thread: 0, expression: 'x[0]', mark: '' },
      { thread: 1, mark: 'preemption', note: '' },
    ],
  });
});
