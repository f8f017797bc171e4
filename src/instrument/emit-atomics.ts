/** Calls of `Atomics`, which are steps where they stand. */
import { operand } from './emit-access.ts';
import type { Emitter } from './emitter.ts';
import { unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** Writes a call of `Atomics`. */
export function atomicsCall(e: Emitter, node: SyntaxNode, operation: string): void {
  if (e.frame.mode === 'free') {
    e.children(node);
    return;
  }
  if (e.frame.mode === 'guard') {
    e.add(`(${e.use('guard')}(${e.point(ATOMIC_KINDS[operation] ?? 'update', node)},`);
    e.add(`${JSON.stringify(e.frame.reason)}),`);
    e.children(node);
    e.add(')');
    return;
  }
  e.form(
    node,
    () => {
      e.add('(');
      const operands = node.arguments.map((argument) => operand(e, argument));
      const texts = operands.map(({ text }) => text);
      const point = e.point(ATOMIC_KINDS[operation] ?? 'update', node);
      const argument = (index: number): string => texts[index] ?? 'undefined';
      const announce = e.use(ANNOUNCERS[operation] ?? 'atomicUpdate');
      const count =
        operation === 'wait'
          ? 4
          : operation === 'notify' || operation === 'compareExchange'
            ? 3
            : 2;
      const list = Array.from({ length: count }, (_, i) => argument(i)).join(',');
      e.add(`yield ${announce}(${list},${point})`, node.start);
      if (operation !== 'wait' && operation !== 'notify') {
        e.add(`,Atomics.`);
        e.add(`${operation}(${texts.join(',')})`, unwrapped(node.callee).property.start);
      }
      e.release(operands.reduce((sum, { temporaries }) => sum + temporaries, 0));
    },
    ')',
  );
}

const ATOMIC_KINDS: Readonly<
  Record<string, 'load' | 'store' | 'compareExchange' | 'wait' | 'notify'>
> = {
  load: 'load',
  store: 'store',
  compareExchange: 'compareExchange',
  wait: 'wait',
  notify: 'notify',
};

const ANNOUNCERS: Readonly<Record<string, string>> = {
  load: 'atomicLoad',
  store: 'atomicStore',
  compareExchange: 'atomicCompareExchange',
  wait: 'atomicWait',
  notify: 'atomicNotify',
};
