import fc from 'fast-check';

/**
 * Random snippets: expressions and statements put together in any nesting, over shared elements, plain lists, objects,
 * closures and generators. They end, and throw at most what JavaScript throws.
 */
export const snippetBodies: fc.Arbitrary<string> = (() => {
  const index = fc.constantFrom('0', '1', 't(2)', '(i & 7)', 'view[1] & 7', '9');
  const { expression, statement } = fc.letrec<{
    expression: string;
    statement: string;
    block: string;
  }>((tie) => {
    const inner = tie('expression');
    const expressionOf = fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        '1',
        'i',
        'view[0]',
        'o.n',
        'Atomics.load(view, 1)',
        "'s'",
        'null',
        'plain[1]',
        'o?.m?.(2)',
      ),
      fc.tuple(index).map(([at]) => `view[${at}]`),
      fc
        .tuple(inner, inner, fc.constantFrom('+', '-', '*', '===', '<', '&&', '||', '??', ','))
        .map(([a, b, operator]) =>
          operator === '??' ? `((${a}) ?? (${b}))` : `((${a}) ${operator} (${b}))`,
        ),
      fc
        .tuple(index, inner, fc.constantFrom('=', '+=', '^=', '??=', '||=', '&&='))
        .map(([at, value, operator]) => `(view[${at}] ${operator} ${value})`),
      fc.tuple(index, inner).map(([at, value]) => `(plain[${at}] = ${value})`),
      fc.tuple(inner, inner).map(([a, b]) => `Atomics.store(view, t(3), t(${a}) | (${b}))`),
      fc.tuple(inner, inner).map(([a, b]) => `Atomics.compareExchange(view, 2, ${a}, ${b})`),
      fc
        .tuple(fc.constantFrom('++', '--'), index)
        .map(([operator, at]) => `(view[${at}]${operator})`),
      fc
        .tuple(fc.constantFrom('++', '--'), index)
        .map(([operator, at]) => `(${operator}view[${at}])`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `((${a}) ? (${b}) : (${c}))`),
      fc.tuple(inner).map(([a]) => `t(${a})`),
      fc.tuple(inner).map(([a]) => `[1, 2].map((x) => x + (${a}))`),
      fc.tuple(inner).map(([a]) => `plain.reduce((sum, x) => [sum, x, ${a}].length, 0)`),
      fc.tuple(inner).map(([a]) => `o.m(${a})`),
      fc.tuple(inner, inner).map(([a, b]) => `f(...[${a}], ${b})`),
      fc.tuple(inner).map(([a]) => `(() => { try { return ${a}; } finally { log('end'); } })()`),
      fc.tuple(inner).map(([a]) => `[...g(${a})].length`),
      fc.tuple(inner).map(([a]) => `\`\${${a}}-\${view[3]}\``),
      fc.tuple(inner, inner).map(([a, b]) => `({ p: ${a}, ['q']: ${b}, get z() { return 1; } })`),
      fc.tuple(inner).map(([a]) => `(([x, y = view[2]] = [${a}]) => [x, y])()`),
      fc
        .tuple(inner)
        .map(([a]) => `(function () { return [this, arguments[0], ${a}]; }).call(5, view[1])`),
      fc.tuple(inner).map(([a]) => `new C(${a}).get()`),
      fc.tuple(inner).map(([a]) => `typeof (${a})`),
    );
    return {
      expression: expressionOf,
      block: fc.array(tie('statement'), { maxLength: 3 }).map((lines) => `{ ${lines.join('\n')} }`),
      statement: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        inner.map((a) => `log(${a});`),
        inner.map((a) => `log(${a})\nlog(1);`),
        inner.map((a) => `${a};`),
        fc.tuple(inner, tie('block')).map(([a, block]) => `if (${a}) ${block}`),
        fc.tuple(tie('block')).map(([block]) => `for (let k = 0; k < 2; k++) { i = k; ${block} }`),
        fc.tuple(inner, tie('block')).map(([a, block]) => `for (const x of [${a}, 2]) ${block}`),
        fc
          .tuple(inner, tie('block'))
          .map(
            ([a, block]) => `for (const x of g(${a})) { if (x === 9) continue; ${block} break; }`,
          ),
        fc
          .tuple(tie('block'), inner)
          .map(([block, a]) => `{ let n = 0; do ${block} while (n++ < 1 && ${a}); }`),
        fc
          .tuple(tie('block'), tie('block'))
          .map(([a, b]) => `try ${a} catch (e) { log(e.name); } finally ${b}`),
        fc
          .tuple(inner, tie('block'))
          .map(([a, block]) => `{ const [p, ...q] = [${a}, view[4]]; log(q); ${block} }`),
        fc.tuple(inner).map(([a]) => `try { throw ${a}; } catch (e) { log(e); }`),
        fc
          .tuple(inner, tie('block'), tie('block'))
          .map(([a, b, c]) => `switch (${a}) { case 1: ${b} break; default: ${c} }`),
        fc.tuple(tie('block')).map(([block]) => `{ let w = 2; while (w-- > view[99]) ${block} }`),
      ),
    };
  });
  const prelude = `let i = 0, calls = 0; const t = (x) => { if (calls++ < 40) log(x); return x; };
    const o = { n: 2, m(x) { return [x, this === o, view[5]]; } };
    function f(...all) { return all.length + view[0]; }
    function* g(x) { yield view[0]; yield x; yield 9; }
    class C { #x; constructor(x) { this.#x = x; } get() { return [this.#x, view[6]]; } }\n`;
  return fc
    .tuple(fc.array(statement, { minLength: 1, maxLength: 4 }), expression)
    .map(([lines, last]) => `${prelude}${lines.join('\n')}\nreturn ${last};`);
})();
