/** JUnit XML: a test suite for each target, a test case for each property. */
import type { CheckCase, CheckSuite } from './document.ts';

/** The text of a JUnit file. */
export function formatJunit(suites: readonly CheckSuite[]): string {
  const tests = suites.reduce((total, suite) => total + suite.cases.length, 0);
  const failures = suites.reduce((total, suite) => total + failureCount(suite), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mapcheck" tests="${tests}" failures="${failures}">`,
    ...suites.flatMap(formatSuite),
    '</testsuites>',
    '',
  ].join('\n');
}

function failureCount(suite: CheckSuite): number {
  return suite.cases.filter((check) => check.failure !== null).length;
}

function formatSuite(suite: CheckSuite): string[] {
  const facts = Object.entries(suite.facts).map(
    ([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  );
  return [
    `  <testsuite name="${escapeXml(suite.name)}" tests="${suite.cases.length}" failures="${failureCount(suite)}" errors="0" skipped="0">`,
    ...(facts.length === 0 ? [] : ['    <properties>', ...facts, '    </properties>']),
    ...suite.cases.flatMap((check) => formatCase(suite.name, check)),
    '  </testsuite>',
  ];
}

function formatCase(suite: string, { name, failure }: CheckCase): string[] {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  if (failure === null) return [`${open}/>`];
  return [
    `${open}>`,
    `      <failure type="${escapeXml(failure.property)}" message="${escapeXml(failure.message)}">${escapeXml(failure.text)}</failure>`,
    '    </testcase>',
  ];
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
