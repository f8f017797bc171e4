/** Statements: loops with their back edges, iteration in steps, and semicolons that must not be missing. */
import { isSpecialMember, iterableValue, reference, value } from './emit-access.ts';
import type { Emitter, Handler } from './emitter.ts';
import { spinAnswer } from './spin-loops.ts';
import { unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/**
 * New forms often begin with a parenthesis, which would continue a statement that ends without a semicolon.
 */
const terminated: Handler = (e, node) => {
  e.children(node);
  if (e.code[node.end - 1] !== ';') e.add(';');
};

const variables: Handler = (e, node) => {
  variableList(e, node);
  if (e.code[node.end - 1] !== ';') e.add(';');
};

/** Writes a variable declaration without caring for its semicolon. */
function variableList(e: Emitter, node: SyntaxNode): void {
  e.range(node.start, node.end, node.declarations);
}

const declarator: Handler = (e, node) => {
  e.emit(node.id);
  if (node.init === null) {
    e.blank(node.id.end, node.end);
    return;
  }
  e.copy(node.id.end, node.init.start);
  iterableValue(e, node.init, node.id);
};

const FLAG_SET = '=true';

/** A loop with a test, as a for loop whose update is the back edge: `continue` passes there too. */
const loop: Handler = (e, node) => {
  if (e.frame.mode !== 'step' && !mayRunForEver(e, node)) {
    if (node.type === 'ForStatement' && node.init?.type === 'VariableDeclaration') {
      e.copy(node.start, node.init.start);
      variableList(e, node.init);
      e.range(
        node.init.end,
        node.end,
        [node.test, node.update, node.body].filter((part) => part !== null),
      );
    } else e.children(node);
    return;
  }
  e.form(node, () => {
    const isFor = node.type === 'ForStatement';
    e.add('for(', node.start);
    const { init } = node;
    if (isFor && init !== null) {
      if (init.type === 'VariableDeclaration') variableList(e, init);
      else e.emit(init);
    }
    e.add(isFor && init !== null && e.code[init.end - 1] === ';' ? '' : ';');
    withBackEdge(e, node, (flag, hint) => {
      if (flag !== '') e.add(`${flag}${FLAG_SET}${node.test === null ? '' : ',('}`);
      if (node.test !== null) e.emit(node.test);
      if (flag !== '' && node.test !== null) e.add(')');
      e.add(';');
      e.add(hint, node.start);
      if (isFor && node.update !== null) {
        e.add(',');
        e.emit(node.update);
      }
      e.add(')');
      e.emit(node.body);
    });
  });
};

/** Whether a loop in a plain function may keep a thread for ever: its iterations are counted then. */
function mayRunForEver(e: Emitter, node: SyntaxNode): boolean {
  if (e.frame.info.kind === 'module') return false;
  return node.type !== 'ForStatement' || node.test === null || node.update === null;
}

const doWhile: Handler = (e, node) => {
  if (e.frame.mode !== 'step' && !mayRunForEver(e, node)) {
    e.children(node);
    return;
  }
  withBackEdge(e, node, (flag, hint) => {
    e.add(flag === '' ? 'do{' : `do{${flag}${FLAG_SET};`, node.start);
    e.copy(node.start + 2, node.body.start);
    e.emit(node.body);
    e.copy(node.body.end, e.find('while', node.body.end));
    e.add('}');
    const open = e.find('(', e.find('while', node.body.end));
    e.copy(e.find('while', node.body.end), open);
    e.add('((');
    e.copy(open + 1, node.test!.start);
    e.emit(node.test!);
    e.add(`)&&(${hint},true)`, node.start);
    e.copy(node.test!.end, node.end);
    if (e.code[node.end - 1] !== ';') e.add(';');
  });
};

/** Emits a loop around the code of its back edge; `flag` is a variable to be set in each iteration, or empty. */
function withBackEdge(
  e: Emitter,
  node: SyntaxNode,
  write: (flag: string, hint: string) => void,
): void {
  const answer =
    e.frame.mode === 'step' ? spinAnswer(e, node) : { isSpin: false, isConditional: false };
  const point = e.point(
    'loop',
    node,
    Math.min(node.end, node.body.start > node.start + 2 ? node.body.start : node.end),
  );
  const edge = `${e.use('loopEdge')}(${point})`;
  if (!answer.isSpin) {
    write('', edge);
    return;
  }
  const spin = `(yield ${e.use('spin')}(${point},${point}))`;
  if (!answer.isConditional) {
    write('', spin);
    return;
  }
  const flag = e.temporary();
  e.frame.spinFlags.push(flag);
  write(flag, `(${flag}?${spin}:${edge})`);
  e.frame.spinFlags.pop();
  e.release(1);
}

const forIn: Handler = (e, node) => {
  e.copy(node.start, node.left.start);
  if (node.left.type === 'VariableDeclaration') variableList(e, node.left);
  else e.emit(node.left);
  e.range(node.left.end, node.end, [node.right, node.body]);
};

const forOf: Handler = (e, node) => {
  const isPlain = e.frame.mode !== 'step' || node.await || e.classifier.isPlainIterable(node.right);
  if (isPlain && !isSpecialMember(e, unwrapped(node.left))) {
    forIn(e, node);
    return;
  }
  e.form(node, () => {
    const iterable = e.temporary();
    const step = e.temporary();
    const item = e.newName('i');
    e.add(`for(const ${item} of (${iterable}=`, node.start);
    value(e, node.right);
    e.add(`,${step}=${iterable}?.[Symbol.iterator]?.[${e.use('STEP')}],`);
    e.add(`${step}===undefined?${iterable}:`);
    e.add(
      `yield* ${e.use('open')}(${step},${iterable},${e.point('call', node.right)}))){`,
      node.right.start,
    );
    e.add(`if(${step}!==undefined&&${item} instanceof ${e.use('Pending')})`);
    // Engines report the call of `next` at the name that receives its value.
    const { left } = node;
    const at = left.type === 'VariableDeclaration' ? left.declarations[0]!.id.start : left.start;
    e.add(`{yield* ${item}.advance();continue;}`, at);
    loopTarget(e, node.left, item);
    e.emit(node.body);
    e.add('}');
    e.release(2);
  });
};

/** Writes the assignment of an iteration's value. */
function loopTarget(e: Emitter, left: SyntaxNode, item: string): void {
  if (left.type === 'VariableDeclaration') {
    variableList(e, left);
    e.add(`=${item};`);
    return;
  }
  const target = unwrapped(left);
  if (isSpecialMember(e, target)) {
    const place = reference(e, target);
    e.add(`${place.write(item)};`, target.start);
    e.release(place.temporaries);
    return;
  }
  e.add('(');
  e.emit(left);
  e.add(`=${item});`);
}

const refused: Handler = (e, node) => {
  e.refuse(
    'E-INSTRUMENT-004',
    'a with statement cannot be made steppable',
    node,
    'Name the object instead.',
  );
};

/** Handlers by node type. */
export const statementHandlers: Readonly<Record<string, Handler>> = {
  ExpressionStatement: terminated,
  ReturnStatement: terminated,
  ThrowStatement: terminated,
  VariableDeclaration: variables,
  VariableDeclarator: declarator,
  WhileStatement: loop,
  ForStatement: loop,
  DoWhileStatement: doWhile,
  ForInStatement: forIn,
  ForOfStatement: forOf,
  WithStatement: refused,
};
