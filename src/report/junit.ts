/** JUnit XML: a test suite for each target, a test case for each property. */
import type { CheckCase, CheckSuite } from './document.ts';

/** The text of a JUnit file. A question without an answer is an `error`, which readers show as red: it is no success. */
export function formatJunit(suites: readonly CheckSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mapcheck" ${counts(cases)}>`,
    ...suites.flatMap(formatSuite),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts(cases: readonly CheckCase[]): string {
  const failures = cases.filter((check) => check.failure !== null).length;
  const errors = cases.filter((check) => check.undecided !== undefined).length;
  return `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
}

function formatSuite(suite: CheckSuite): string[] {
  const facts = Object.entries(suite.facts).map(
    ([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  );
  return [
    `  <testsuite name="${escapeXml(suite.name)}" ${counts(suite.cases)} skipped="0">`,
    ...(facts.length === 0 ? [] : ['    <properties>', ...facts, '    </properties>']),
    ...suite.cases.flatMap((check) => formatCase(suite.name, check)),
    '  </testsuite>',
  ];
}

function formatCase(suite: string, { name, failure, undecided }: CheckCase): string[] {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  if (failure !== null) {
    const { property, message, text } = failure;
    return [`${open}>`, outcome('failure', property, message, text), '    </testcase>'];
  }
  if (undecided !== undefined) {
    const { verdict, message } = undecided;
    return [`${open}>`, outcome('error', verdict, message, message), '    </testcase>'];
  }
  return [`${open}/>`];
}

function outcome(element: string, type: string, message: string, text: string): string {
  const attributes = `type="${escapeXml(type)}" message="${escapeAttribute(message)}"`;
  return `      <${element} ${attributes}>${escapeXml(text)}</${element}>`;
}

/** Line breaks too: a reader of XML turns those of an attribute into spaces. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll('\r', '&#13;').replaceAll('\n', '&#10;');
}

/** Escapes markup, and replaces what XML 1.0 cannot hold at all: most control characters and lone surrogates. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
