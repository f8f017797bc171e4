/** SARIF 2.1.0: a result for each failure, its steps as a code flow with a thread flow for each modelled thread. */
import { createHash } from 'node:crypto';
import type { Property } from '../core/property.ts';
import type { StepRecord } from '../core/target.ts';
import type { CheckFailure, CheckSuite } from './document.ts';

/** GitHub reads at most so many locations of a result. */
const LOCATIONS_MAX = 1_000;

/** The SARIF log as a plain object. */
export function sarifLog(
  suites: readonly CheckSuite[],
  properties: readonly Property[],
  version: string,
): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mapcheck',
            version,
            rules: properties.map(({ name, statement, source }) => ({
              id: name,
              shortDescription: { text: statement },
              help: { text: `${statement} (${source})` },
            })),
          },
        },
        results: suites.flatMap((suite) =>
          suite.cases.flatMap(({ failure }) =>
            failure === null ? [] : [result(suite.name, failure)],
          ),
        ),
      },
    ],
  };
}

function result(suite: string, failure: CheckFailure): unknown {
  const uri = failure.trace ?? `${suite}.json`;
  const essence = createHash('sha256').update(`${suite}/${failure.property}/${uri}`).digest('hex');
  return {
    ruleId: failure.property,
    level: 'error',
    message: { text: `${suite}: ${failure.message}` },
    locations: [physicalLocation(uri)],
    partialFingerprints: { 'mapcheckTrace/v1': essence },
    ...(failure.steps.length === 0 ? {} : { codeFlows: [codeFlow(failure.steps, uri)] }),
  };
}

function codeFlow(steps: readonly StepRecord[], uri: string): unknown {
  const shown = steps.slice(-LOCATIONS_MAX);
  const threads = [...new Set(shown.map((step) => step.thread))].toSorted((a, b) => a - b);
  return {
    threadFlows: threads.map((thread) => ({
      id: `T${thread + 1}`,
      locations: shown.flatMap((step, order) =>
        step.thread === thread
          ? [
              {
                executionOrder: order + 1,
                location: { ...physicalLocation(uri), message: { text: stepText(step) } },
              },
            ]
          : [],
      ),
    })),
  };
}

function stepText(step: StepRecord): string {
  const outcome = step.result === '' ? '' : ` -> ${step.result}`;
  const notes = step.notes.length === 0 ? '' : ` (${step.notes.join('; ')})`;
  return `${step.operation}${outcome}${notes}`;
}

function physicalLocation(uri: string): { physicalLocation: unknown } {
  return {
    physicalLocation: {
      artifactLocation: { uri: uri.replaceAll('\\', '/') },
      region: { startLine: 1 },
    },
  };
}
