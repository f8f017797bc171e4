/** The consistency conditions a history can be held to. */
import { DEFAULT_BUDGET } from '../budget.ts';
import type { History } from '../history.ts';
import { judgeObservations, type JudgeOptions, type Judgement } from '../judge.ts';
import { observe } from '../observations.ts';
import { stretchToQuiescence } from './quiescent.ts';
import { judgeSequential } from './sequential.ts';

export const CONDITIONS = ['linearizable', 'sequential', 'quiescent'] as const;

/**
 * `linearizable`: real-time order counts. `sequential`: only the order of each process. `quiescent`: only the order of
 * operations with a moment between them at which nothing is open.
 */
export type Condition = (typeof CONDITIONS)[number];

/** Judges a history by a condition. The verdict's words stay those of linearizability. */
export function judgeBy(
  condition: Condition,
  history: History,
  options: JudgeOptions = {},
): Judgement {
  if (condition === 'sequential') {
    const observations = observe(history, options.contracts);
    const { verdict, nodeCount } = judgeSequential(
      history,
      observations,
      options.budget ?? DEFAULT_BUDGET,
    );
    const { contradictions } = observations;
    return { verdict, nodeCount, contradictions, violatedKey: -1, algorithm: 'sequential search' };
  }
  const judged = condition === 'quiescent' ? stretchToQuiescence(history) : history;
  return judgeObservations(judged, observe(judged, options.contracts), options);
}
