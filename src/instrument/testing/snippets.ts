/** Snippets for the comparison of plain and stepped runs: bodies of a function of `log`, `view` and `plain`. */
export const SNIPPETS: Readonly<Record<string, string>> = {
  'atomics, all operations': `
    return [Atomics.load(view, 0), Atomics.store(view, 1, 7), Atomics.add(view, 2, 2), Atomics.sub(view, 2, 1),
      Atomics.and(view, 0, 1), Atomics.or(view, 0, 6), Atomics.xor(view, 0, 5), Atomics.exchange(view, 3, 9),
      Atomics.compareExchange(view, 3, 9, 10), Atomics.compareExchange(view, 3, 9, 11), Atomics.isLockFree(4)];`,
  'order of arguments': `
    const t = (x) => (log(x), x);
    Atomics.store(view, t(1), t(Atomics.load(view, t(0))));
    Atomics.compareExchange((log('v'), view), t(2), t(4), Atomics.add(view, t(5), 1));
    return Atomics.exchange(view, t(1) + t(1), t(8));`,
  'wait and notify': `return [Atomics.wait(view, 0, 99), Atomics.notify(view, 0), Atomics.notify(view, 0, 1)];`,
  'errors of atomics': `
    for (const f of [() => Atomics.load(plain, 0), () => Atomics.load(view, 99), () => Atomics.store(undefined, 0, 1),
      () => Atomics.add(new Float64Array(2), 0, 1), () => Atomics.load(new Int32Array(2), 1)]) {
      try { log(f()); } catch (error) { log(error.name); }
    }`,
  'atomics by other names': `
    const { load, add } = Atomics; const A = Atomics;
    return [load(view, 0), add(view, 1, 5), A.load(view, 1), Atomics['load'](view, 2), Atomics.load(...[view, 4])];`,
  'element reads and writes': `
    view[0] = view[1] + view[2]; plain[0] = view[0]; plain['x'] = 1; const i = 2; view[i] = plain[i]; view['3'] = 8;
    return [view[0], view[i], view.length, plain.length, view['length'], 'abc'[1], plain['x'], view[99], view['3']];`,
  'compound assignments': `
    view[0] += 2; view[1] -= 1; view[2] *= 3; view[3] <<= 2; view[4] **= 2; view[5] %= 4; view[6] |= 1; view[7] >>>= 1;
    const o = { a: 1, b: null, c: 0 };
    o['b'] ??= 4; o['c'] ||= 5; o['a'] &&= 6; const k = 'a'; o[k] += 1; o[k] ??= log('never'); view[0] ||= log('never');
    plain[0] += 'x'; plain[7] ??= 1; plain[1] &&= view[0];
    return [o, view[0] = 3, (view[1] += 4)];`,
  'proxies by element': `
    const p = new Proxy({ n: 5 }, {
      get: (target, key) => (key in target ? target[key] : view[Number(key)]),
      set: (target, key, value) => { log(key); view[Number(key)] = value; return true; },
    });
    const fixed = new Proxy(plain, {});
    const strict = new Proxy({}, { get: () => view[2], set: () => Atomics.load(view, 0) === 0 });
    p[1] = 40; p[2] += p[1]; const i = 3; p[i]++; fixed[0] = 7; const k = 'n';
    let thrown; try { strict[0] = 1; } catch (error) { thrown = error.name; }
    return [p[0], p[2], p[i], p?.[1], p[k], fixed[0], strict[9], thrown];`,
  'text from and to shared bytes': `
    const bytes = new Uint8Array(view.buffer);
    const { read, written } = new TextEncoder().encodeInto('aé', bytes);
    return [read, written, new TextDecoder().decode(bytes.subarray(0, 3)), view[0],
      new TextDecoder().decode(new Uint8Array([104, 105])), JSON.stringify(plain), Object.values({ a: view[0] })];`,
  'promises and proxies as values': `
    log(new Promise(() => {}) instanceof Promise); class P extends Promise {} log(new P(() => {}) instanceof P);
    try { new Promise(); } catch (error) { log(error.name); } try { new Proxy(); } catch (error) { log(error.name); }
    return [view[0], typeof new Proxy(() => 1, {}), new Proxy([], {}) instanceof Array, Proxy.length];`,
  increments: `
    const o = { n: 1, b: 10n }; const k = 'n'; let x = 1;
    return [view[0]++, ++view[0], view[1]--, --view[1], o[k]++, ++o[k], o['b']++, o.b, plain[0]++, plain[9]++, x++ + ++x, view];`,
  'order in assignments': `
    const t = (x) => (log(x), x); const o = { v: view };
    t(o).v[t(0)] = t(5); t(o).v[t(1)] += t(Atomics.load(view, 0)); t(o)['v'][t(2)]++; (log('a'), plain)[t(0)] = t(1);
    plain[t(1)] += view[t(0)]; let y = 1; y += Atomics.add(view, 0, (y = 10));
    let q = 0; view[q] = (q = 3, 8); view[q] += (q = 4, 1); Atomics.store(view, q, (q = 5, 2)); let w = view; w[0] = (w = plain, 7);
    let z = { m(x) { return [x, 1]; } }; log(z.m((z = null, view[0]))); return [y, q];`,
  destructuring: `
    const [a, , b = view[1], ...rest] = view; const { length, [(log('k'), 'x')]: x = Atomics.load(view, 2) } = plain;
    let p, q; [p, q] = [view[0], view[1]]; [view[0], view[1]] = [view[1], view[0]];
    ({ a: view[2], b: plain[0], ...o2 } = { a: 7, b: 8, c: 9 }); var o2;
    [plain[1] = 5, { z: view[3] = 4 }] = [undefined, {}]; for (const [m, n] of [[1, view[0]], [2, 3]]) log([m, n]);
    return [a, b, rest, length, x, p, q, o2];`,
  'optional chains': `
    const o = { f(x) { return [this === o, x, view[0]]; }, g: { h: { i: (x) => x + view[1] } }, v: view, n: null };
    return [o?.f(1), o.f?.(2), o?.g.h.i(3), o.n?.f(log('never')), o.n?.a.b.c, o.x?.(log('never')), o.v?.[0], o?.v[1],
      o.g?.h?.['i']?.(4), (o?.f)(5), o.n?.[log('never')], delete o?.g?.h, o.g, undefined?.x, (o.n ?? o)?.v[2]];`,
  'calls and this': `
    function f(a, b = a + 1, ...c) { return [this, a, b, c, arguments.length, view[0]]; }
    const o = { f, g() { return [this === o, view[1]]; }, ['h' + 1](x = view[2]) { return x; } };
    return [f(1), f(1, 2, 3), f.call(7, 1), f.apply(8, [1, 2]), f.bind(9, 1)(2), o.g(), o['g'](), (0, o.g)(), o.h1(), o.h1(4),
      f(...plain), Reflect.apply(f, 6, [5]), f.length, o.h1.length, f.name, new Function('return 5')()];`,
  'callbacks of arrays': `
    const s = (x) => x + view[0] * 0;
    log(plain.map(s)); log(plain.filter((x) => s(x) > 10)); log(plain.some((x) => s(x) === 10)); log(plain.every((x) => s(x) > 10));
    log(plain.find((x) => s(x) === 10)); log(plain.findIndex((x) => s(x) === 20)); log(plain.findLast((x) => s(x) > 15));
    log(plain.findLastIndex((x) => s(x) > 15)); log(plain.reduce((a, x) => a + s(x))); log(plain.reduce((a, x) => a + s(x), 'z'));
    log(plain.reduceRight((a, x) => a + '.' + s(x))); log(plain.flatMap((x) => [s(x), [x]])); log([...plain].sort((a, b) => s(a) - s(b)));
    log(Array.from(plain, (x, i) => s(x) + i)); log(Array.from({ length: 2 }, (_, i) => s(i))); plain.forEach(function (x, i, l) { log([this.k, s(x), i, l === plain]); }, { k: 1 });
    log([3, , 1, undefined, 2].sort((a, b) => s(a) - s(b))); log([1, , 3].map((x) => s(x))); log([5, 4].sort()); log(plain.map((x) => x * 2));
    log(plain.map(String)); try { [].reduce((a, x) => s(x)); } catch (e) { log(e); } try { plain.map(5); } catch (e) { log(e); }`,
  'callbacks of others': `
    const s = (x) => x + view[1]; const m = new Map([['a', 1], ['b', 2]]);
    m.forEach((v, k, all) => log([s(v), k, all === m])); new Set([4]).forEach((v, k) => log([s(v), k])); m.forEach((v) => log(v));
    log('a-b-c'.replace(/[ab]/g, (x, at, all) => s(x) + at + all)); log('aXbX'.replaceAll('X', (x, at) => s(at))); log('abc'.replace('b', 'z'));
    log('k=v'.replace(/(?<k>\\w)=(?<v>\\w)/u, (all, k, v, at, text, groups) => s(groups.v) + k));`,
  'methods of shared views': `
    log(view.indexOf(4)); log(view.includes(9)); log(view.slice(1, 3)); log(view.join('-')); log(view.at(-1)); log(view.subarray(2, 4));
    log(view.map((x) => x * 2)); log(view.filter((x) => x > 3)); log(view.find((x) => x > 3)); log(view.findIndex((x) => x === 5));
    log(view.reduce((a, b) => a + b)); log(String.fromCharCode.apply(null, view)); log(Math.max(...view)); log([...view]); log(Array.from(view));
    log(new Uint8Array(view)); log(new Int32Array(view.buffer).length); for (const x of view) log(x); for (const [i, x] of view.entries()) log([i, x]);
    view.fill(2, 1, 3); view.set([8, 7], 4); view.set(view.subarray(0, 2), 6); view.copyWithin(0, 6); view.reverse(); view.sort(); log(view);
    view.sort((a, b) => b - a); log(view.lastIndexOf(2)); view.forEach((x, i) => log([x, i])); const other = new Int32Array(8); other.set(view); log(other);
    for (const x of other) log(x); const [p, q] = view; log([p, q]); for (const k in view) if (k < 2) log([k, view[k]]); log(view.some((x) => x === 9));`,
  classes: `
    class A {
      #p = 3; static made = 0; x = (log('field'), 1); ['c' + 1] = 2; arrow = () => this.x + view[1];
      static { this.made = 5; }
      constructor(a) { this.a = a; log('ctor'); }
      get p() { return this.#p + view[1] * 0; } set p(v) { this.#p = v + view[2] * 0; }
      #secret(x) { return x + view[1]; } get #g() { return view[3]; } set #g(v) { view[3] = v; }
      static s(x) { return [this === A, x + view[0]]; } static #t() { return view[2]; } static t() { return A.#t(); }
      m(x) { return this.#secret(x) + this.#g; } w(v) { this.#g = v; return this.#g; }
      *gen(n) { for (let i = 0; i < n; i++) yield view[i] + this.a; }
      [Symbol.iterator]() { return this.gen(2); } get ['comp']() { return view[5]; } ['q' + 'r'](x) { return view[0] + x; }
      v() { const f = this.#secret; return f.call(this, 1); } has(o) { return #p in o; } toString() { return 'A' + view[0]; }
    }
    class B extends A { constructor() { super(10); log('B'); } m(x) { return super.m(x) * 2; } static s(x) { return super.s(x)[1]; } *gen(n) { yield* super.gen(n); yield 99; } }
    const a = new A(1), b = new B(); a.p = 40; a.p += 2; b['p'];
    return [a.p, b.p, a.m(1), b.m(1), A.s(1), B.s(1), A.t(), a.arrow(), [...a], [...b], a.comp, a.qr(1), a.v(), a.w(6), a.has(b), a.has({}), A.made,
      a.m.name, a.m.length, Object.getOwnPropertyNames(A.prototype).sort(), Object.keys(a), typeof A.prototype.gen, b instanceof A, A.name];`,
  objects: `
    const o = { get g() { return 5; }, set g(v) { log(v); }, m(x) { return x + view[0]; }, n: function (x) { return [this === o, view[x]]; }, a: (x) => view[x],
      *gen() { yield view[0]; yield 2; }, async z() {}, plain, ...{ s: view[1] }, 'str-key'() { return view[2]; }, 3() { return view[3]; }, __proto__: { inherited: 1 } };
    o.g = 6; return [o.g, o.m(1), o.n(1), o.a(2), [...o.gen()], o.s, o['str-key'](), o[3](), o.inherited, Object.keys(o)];`,
  closures: `
    let count = 0; const inc = () => { count += view[1]; return count; }; const fs = [];
    for (let i = 0; i < 3; i++) fs.push(() => i + view[0]); for (var j = 0; j < 2; j++) fs.push(() => j + view[0]);
    for (const k of [1, 2]) fs.push((x = k) => x + view[0]); const fact = function self(n) { return n <= 1 ? view[1] : n * self(n - 1); };
    const even = (n) => n === 0 ? view[1] === 1 : odd(n - 1), odd = (n) => n === 0 ? false : even(n - 1);
    function outer() { const args = () => arguments[0] + view[0]; return args(); } const that = function () { return (() => this)(); };
    const some = (use) => (use ? after : view[0]); log(some(false)); const after = 5; log(some(true)); const early = () => late + view[0]; let late = 1; late = 2; const counter = (() => { let n = 0; return { up() { n += view[1]; return n; } }; })();
    return [inc(), inc(), count, fs.map((f) => f()), fact(5), even(4), outer(41), that.call(7), early(), counter.up(), counter.up()];`,
  'functions in blocks': `
    const out = []; if (view[0]) { function inner(x) { return x + view[0]; } out.push(inner(1), [2].map(inner)); }
    { let x = 1; function g() { return x++ + view[0]; } out.push(g(), g()); } function hoisted() { return later() + view[0]; } function later() { return 2; }
    out.push(hoisted()); switch (view[1]) { case 1: { const c = view[2]; out.push([1].map((x) => x + c + view[0])); } default: out.push('d'); } return out;`,
  loops: `
    let i = 0; while (view[i] !== 5) { i++; if (i === 2) continue; log(i); } do { i--; if (i === 1) continue; log(view[i]); } while (i > 0 && view[i] !== 99)
    outer: for (let a = 0; a < 3; a++) { for (let b = 0; ; b++) { if (b === 2) continue outer; if (a === 2) break outer; log([a, b, view[b]]); } }
    for (;;) { if (Atomics.add(view, 7, -1) <= 3) break } for (const k in { x: 1, y: 2 }) log(k + view[0]); for (const x of plain) { if (x === 10) continue; log(x); }
    for (plain[5] of [1, 2]) log(plain[5]); for (view[0] of [6, 7]) log(view[0]); let z; for (z of new Set([1])) log(z); for ({ z } of [{ z: 3 }]) log(z);
    lab: { log('in'); if (view[0]) break lab; log('never'); } for (let x = view[0], y = 0; y < 2; y++, x += view[1]) log(x); while (Atomics.load(view, 0) === 99);
    let spin; while ((spin = Atomics.load(view, 1)) === 77) {} do spin = Atomics.load(view, 1); while (spin === 78); return [i, z, spin]`,
  generators: `
    function* g(n) { const got = yield view[0]; log(got); try { yield n + view[1]; } finally { log('closed ' + view[2]); } return view[3]; }
    function* d() { const r = yield* g(1); log(r); yield* [7, 8]; yield* view; return 'end'; }
    const it = g(5); log(it.next()); log(it.next('sent')); log(it.return(4)); log(it.next()); const t = g(1); t.next(); t.next(); try { t.throw(new Error('boom')); } catch (e) { log(e); }
    for (const x of g(2)) { log(x); break; } for (const x of d()) log(x); log([...g(3)]); log(Math.max(...g(4))); const [first] = g(6); log(first); log(Array.from(d()));
    const [...all] = g(0); log(all); const gen = function* () { yield view[5]; yield Atomics.wait(view, 0, 99); yield Atomics.notify(view, 0); }; log([...gen()]); log(new Map([[1, 2]]).size); log({ ...[...g(1)] });
    function* plainGen() { yield 1; yield 2; } log([...plainGen()]); for (const x of plainGen()) { log(x + view[0]); }
    function* inf() { for (let i = 0; ; i++) yield view[i % 8] + i; } for (const x of inf()) { if (x > 12) break; log(x); } const iterator = { [Symbol.iterator]: g }; log([...iterator]);`,
  exceptions: `
    const boom = (x) => { throw new RangeError('boom ' + x + view[0]); };
    try { boom(1); } catch (e) { log(e); } finally { log(view[1]); } try { try { boom(2); } finally { log('inner'); } } catch ({ message }) { log(message); }
    const f = () => { try { return view[0]; } finally { log('f'); } }; log(f()); const g = () => { for (;;) { try { return 1; } finally { break; } } return view[2]; }; log(g());
    try { null.x(view[0]); } catch (e) { log(e); } try { undefined.foo; } catch (e) { log(e); } try { plain.nope(log('arg')); } catch (e) { log(e); } try { nope(1); } catch (e) { log(e); }
    try { ({}).a.b(view[0]); } catch (e) { log(e); } const h = null; try { h(view[0]); } catch (e) { log(e); } try { const [q] = null; } catch (e) { log(e.name); } boom(3);`,
  'templates and tags': `
    const tag = function (strings, ...values) { return [strings.raw.join('|'), values, this === undefined || this.k, view[0]]; }; const o = { k: 3, tag };
    const same = () => (0, (s) => s)\`x\${view[0]}\`; log(same() === same()); return [\`a\${view[0]}b\${Atomics.add(view, 0, 1)}c\${view[0]}\`, tag\`p\${view[1]}\\n\${2}\`, o.tag\`q\${1}\`, String.raw\`\\t\${view[0]}\`];`,
  'defaults with steps': `
    function f(a = view[0], { b = view[1], ...r } = {}, [c = Atomics.load(view, 2)] = [], ...d) { return [a, b, r, c, d]; } const g = (x = f(), y = x) => [x, y];
    function h(a, b = () => a + view[0]) { var c = a; a = 5; return [b(), c, a]; } return [f(), f(1, { b: 2, z: 3 }, [4], 5, 6), f(undefined, undefined, undefined), g(), g(1), h(1), f.length, g.length];`,
  'implicit calls': `
    const o = { toString() { return 'str'; }, valueOf() { return 41; }, [Symbol.toPrimitive](hint) { return hint === 'string' ? 'p' : 42; } };
    return [\`\${o}\`, o + 1, +o, o == 42, plain[{ toString: () => 1 }], JSON.stringify({ toJSON: () => view.length }), [o] + '', o > view[0]];`,
  'semicolons left out': `
    let a = view[0]
    const b = () => view[1]
    b()
    plain[0] = 1
    view[1]++
    log(a)
    const c = a
    ;[1].forEach((x) => log(x))
    do a-- ; while (a > 0)
    log(view[1])
    if (a) log(1)
    else log(2)
    class X { y = 1
      z
      *g() { yield view[0] }
      static q = 2
      m() { return view[0] } }
    log([...new X().g()])
    return c`,
  'comments and lines': `
    return [ // (first
      Atomics.load( // a ( b
        view, /* ) */ 0 /* x */
      ), view /* c */ [ /* d */ 1 /* e */ ], plain
        .map( /* f */ (x) => // g
          x + view[0]
        ), log /* h */ ( /* i */ ) , view[ /* j */ 2 ] /* k */ += /* l */ 3 // m
    ];`,
  'labels, switch, comma, void': `
    let r = []; switch (view[1]) { case view[0]: r.push('no'); case Atomics.load(view, 3): r.push('yes'); break; default: r.push('d'); }
    r.push((log(1), view[0]), void view[0], typeof view[0], typeof nope, !view[0], -view[0], ~view[1], view[0] ? view[1] : log('never'), view[0] && view[1], view[0] || log('never'), null ?? view[2], view[0] in plain, view[0] ** view[1]);
    x: for (;;) { switch (view[0]) { case 3: view[0] = 4; continue x; case 4: break x; } } return r;`,
  'user names that look generated': `const $_ = 1, $_run = 2, $_0 = view[0], $__1 = 3; return [$_, $_run, $_0, $__1, [1].map((x) => x + $_0 + view[1])];`,
  'regular expressions and bigint': `
    const big = new BigInt64Array(new SharedArrayBuffer(16)); big[0] = 5n; big[0] += 2n; big[1]++; Atomics.add(big, 0, 1n);
    return [big[0], big[1]--, /a\\/b[(]/.source, 'x'.match(/x/u)?.[0], Atomics.compareExchange(big, 0, 8n, 9n), big[0]].map(String).concat(/[/]\\(/g.flags);`,
  'new and constructors': `
    function Old(x) { this.x = x; this.y = view[0] * 0 + 1; } Old.prototype.m = function () { return this.x + view[0]; };
    class P { constructor(x) { this.x = x; } } class Q extends P {} const Cls = class Named { me() { return [Named === Cls, view[0]]; } }; const r = Reflect.construct(P, [3]);
    class E2 extends Error { constructor(m) { super(m); this.k = 1; } } const e = new E2('m'); return [new P(1).x, new Q(2).x, new Cls().me(), r.x, e.k, e.message, e instanceof Error, new (class { z = 5 })().z, new Map([[1, 2]]).get(1), new Date(0).getTime()];`,
};
