/** Embedded histories are judged alike by the small checker and by the judge of recorded histories. */
import { expect, test } from 'vitest';
import { createIntegers } from '../../../random/integers.ts';
import { deriveState, expandSeed } from '../../../random/seed.ts';
import { EmbeddedHistory } from './embedded-history.ts';
import { OP_CLEAR, OP_COMPARE_AND_SWAP, OP_LOAD, OP_LOAD_AND_DELETE, OP_STORE } from './history.ts';

const OPS = [OP_LOAD, OP_STORE, OP_LOAD_AND_DELETE, OP_COMPARE_AND_SWAP, OP_CLEAR];

/** Overlapping operations with random results; `padding` operations at the end make the history too big to be small. */
function verdict(seed: number, padding: number): boolean {
  const draw = createIntegers(deriveState(expandSeed('1', 'embedded histories'), seed));
  const history = new EmbeddedHistory();
  history.startWith('a', 1);
  const count = 2 + draw.below(4);
  const calls: number[] = [];
  const returns: number[] = [];
  let tick = 0;
  for (let one = 0; one < count; one++) {
    const op = OPS[draw.below(OPS.length)]!;
    const given = {
      key: draw.below(3) === 0 ? 'b' : 'a',
      value: 1 + draw.below(3),
      old: 1 + draw.below(3),
    };
    const result = draw.below(3);
    const hasResult = op === OP_LOAD || op === OP_LOAD_AND_DELETE;
    const flag = hasResult ? result > 0 : draw.below(2) === 0;
    const value = op === OP_STORE || op === OP_COMPARE_AND_SWAP ? given.value : undefined;
    const old = op === OP_COMPARE_AND_SWAP ? given.old : undefined;
    history.add(op, { key: given.key, value, old }, hasResult && flag ? result : undefined, flag);
    calls.push(tick++);
    returns.push(tick + 2 * draw.below(3));
    tick++;
  }
  for (let one = 0; one < padding; one++) {
    history.add(
      OP_LOAD,
      { key: `other ${one}`, value: undefined, old: undefined },
      undefined,
      false,
    );
    calls.push(tick++);
    returns.push(tick++);
  }
  const rows = Int32Array.from(calls, (_, row) => row);
  return history.isLinearizableIn(
    calls.length,
    rows,
    // Returns fall on odd ticks, calls on even ones, so that none coincide.
    Int32Array.from(calls, (call) => call * 2),
    Int32Array.from(returns, (ret) => ret * 2 + 1),
  );
}

test('the small checker and the general judge agree', () => {
  const verdicts = Array.from({ length: 1_000 }, (_, seed) => {
    const small = verdict(seed, 0);
    expect(verdict(seed, 12)).toBe(small);
    return small;
  });
  expect(verdicts.filter(Boolean).length).toMatchInlineSnapshot(`292`);
});
