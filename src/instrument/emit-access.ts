/** Reads and writes: elements of typed arrays, accessors, `Atomics`. */
import type { Emitter, Handler } from './emitter.ts';
import { unseenNames } from './emit-patterns.ts';
import { isConstant } from './scope.ts';
import { childrenOf, unwrapped } from './syntax.ts';
import type { SyntaxNode } from './syntax.ts';

/** A value that can be named several times: its text, and how many temporary variables it takes (0 or 1). */
export interface Operand {
  readonly text: string;
  readonly temporaries: number;
}

/** Whether evaluating a node twice is the same as once, at any time. */
function isSimple(e: Emitter, node: SyntaxNode): boolean {
  if (node.type === 'ThisExpression') return true;
  if (node.type === 'Literal') return !('regex' in node);
  if (node.type === 'UnaryExpression')
    return node.operator === '-' && node.argument!.type === 'Literal';
  if (node.type !== 'Identifier' || node.name === 'arguments') return false;
  const binding = e.analysis.bindingOf.get(node);
  if (binding === undefined) return node.name === 'undefined';
  return binding.kind !== 'import' && isConstant(binding);
}

/** Writes `temporary = node,` unless the node can stand for itself; either way, returns its name. */
export function operand(e: Emitter, node: SyntaxNode): Operand {
  const inner = unwrapped(node);
  if (isSimple(e, inner))
    return { text: e.code.slice(inner.start, nameEnd(inner)), temporaries: 0 };
  const text = e.temporary();
  e.add(`${text}=`);
  value(e, node);
  e.add(',');
  return { text, temporaries: 1 };
}

/** End of an identifier without the type that may follow it. */
function nameEnd(node: SyntaxNode): number {
  return node.type === 'Identifier' ? node.start + node.name.length : node.end;
}

/** Writes an expression so that a comma may follow. */
export function value(e: Emitter, node: SyntaxNode): void {
  if (node.type !== 'SequenceExpression') {
    e.emit(node);
    return;
  }
  e.add('(');
  e.emit(node);
  e.add(')');
}

/** A place that can be read and written, its parts already evaluated. */
export interface Reference {
  readonly temporaries: number;
  /** An expression in parentheses. */
  read(): string;
  /** An expression in parentheses whose value is `text`. */
  write(text: string): string;
}

/** Whether reading or writing a member may be more than that. */
export function isSpecialMember(e: Emitter, node: SyntaxNode): boolean {
  if (e.frame.mode !== 'step' || node.type !== 'MemberExpression') return false;
  if (e.classifier.mayBeElement(node)) return true;
  return isAccessor(e, node);
}

function isAccessor(e: Emitter, node: SyntaxNode): boolean {
  if (node.object.type === 'Super') return false;
  if (!node.computed && node.property.type === 'PrivateIdentifier') {
    const { property } = node;
    const accessors = [e.classifier.privateGetter(property), e.classifier.privateSetter(property)];
    return accessors.some((accessor) => accessor?.isColoured === true);
  }
  return e.classifier.accessorName(node) !== undefined;
}

/** Evaluates the parts of a member that `isSpecialMember`. */
export function reference(e: Emitter, node: SyntaxNode): Reference {
  const object = operand(e, node.object);
  if (node.property.type === 'PrivateIdentifier') return privateReference(e, node, object);
  if (!e.classifier.mayBeElement(node)) return accessorReference(e, node, object);
  const key = operand(e, node.property);
  return elementReference(e, node, object, key);
}

function elementReference(e: Emitter, node: SyntaxNode, object: Operand, key: Operand): Reference {
  const place = `${object.text}[${key.text}]`;
  const parts = `${object.text},${key.text}`;
  return {
    temporaries: object.temporaries + key.temporaries,
    read: () => {
      const point = e.point('read', node);
      const code = `yield ${e.use('readElement')}(${parts},${point})`;
      const trapped = `${e.use('isTrapped')}(${object.text})?yield* ${e.use('trapGet')}(${parts},${point})`;
      return `(${e.use('isElement')}(${parts})?(${code},${place}):${trapped}:${place})`;
    },
    write: (text) => {
      const point = e.point('write', node);
      const code = `yield ${e.use('writeElement')}(${parts},${point})`;
      const trapped = `${e.use('isTrapped')}(${object.text})?yield* ${e.use('trapSet')}(${parts},${text},${point})`;
      const plain = `(${place}=${text})`;
      return `(${e.use('isElement')}(${parts})?(${code},${place}=${text}):${trapped}:${plain})`;
    },
  };
}

function accessorReference(e: Emitter, node: SyntaxNode, object: Operand): Reference {
  const name = JSON.stringify(e.classifier.accessorName(node));
  const place = `${object.text}[${name}]`;
  const found = e.temporary();
  return {
    temporaries: object.temporaries + 1,
    read: () => {
      const look = `(${found}=${e.use('getter')}(${object.text},${name}))===undefined`;
      return `(${look}?${place}:yield* ${found}.call(${object.text}))`;
    },
    write: (text) => {
      const look = `(${found}=${e.use('setter')}(${object.text},${name}))===undefined`;
      return `(${look}?(${place}=${text}):(yield* ${found}.call(${object.text},${text}),${text}))`;
    },
  };
}

function privateReference(e: Emitter, node: SyntaxNode, object: Operand): Reference {
  const { name } = node.property;
  const place = `${object.text}.#${name}`;
  const twin = `${object.text}.#${e.prefix}`;
  const isReadStepped = e.classifier.privateGetter(node.property)?.isColoured === true;
  const isWriteStepped = e.classifier.privateSetter(node.property)?.isColoured === true;
  return {
    temporaries: object.temporaries,
    read: () => (isReadStepped ? `(yield* ${twin}${name}())` : place),
    write: (text) =>
      isWriteStepped ? `(yield* ${twin}s_${name}(${text}),${text})` : `(${place}=${text})`,
  };
}

/** In code that cannot be stepped: an object whose elements or methods are about to be used. */
export function guardedObject(e: Emitter, node: SyntaxNode, object: SyntaxNode): void {
  if (object.type === 'Super') {
    e.emit(object);
    return;
  }
  e.add(`${e.use('guardObject')}(`);
  value(e, object);
  e.add(`,${e.point('call', node)},${JSON.stringify(e.frame.reason)})`);
}

const member: Handler = (e, node) => {
  if (e.frame.mode === 'guard' && e.classifier.mayBeElement(node)) {
    e.form(node, () => {
      guardedObject(e, node, node.object);
      e.range(node.object.end, node.end, [node.property]);
    });
    return;
  }
  if (isSpecialMember(e, node)) {
    e.form(
      node,
      () => {
        e.add('(');
        const place = reference(e, node);
        // Engines report a getter's call at the name, an element's access at the object.
        e.add(place.read(), isAccessor(e, node) ? node.property.start : node.start);
        e.release(place.temporaries);
      },
      ')',
    );
    return;
  }
  if (node.property.type === 'PrivateIdentifier' && privateMember(e, node)) return;
  plainMember(e, node);
};

/** Writes a member as it stands. */
export function plainMember(e: Emitter, node: SyntaxNode): void {
  e.range(node.start, node.end, node.computed ? [node.object, node.property] : [node.object]);
}

/** Private methods read as values; returns false for anything else. */
function privateMember(e: Emitter, node: SyntaxNode): boolean {
  const method = e.classifier.privateMethod(node.property);
  if (method?.isColoured !== true || method.node.generator || method.node.async) return false;
  const twin = `#${e.prefix}${node.property.name}`;
  if (unwrapped(node.object).type !== 'ThisExpression') return false;
  e.add(`${e.use('twinned')}(this.#${node.property.name},this.${twin})`, node.start);
  return true;
}

const assignment: Handler = (e, node) => {
  const target = unwrapped(node.left);
  if (!isSpecialMember(e, target)) {
    plainAssignment(e, node);
    return;
  }
  e.form(
    node,
    () => {
      e.add('(');
      const place = reference(e, target);
      if (node.operator === '=') {
        const right = operand(e, node.right);
        e.add(place.write(right.text), node.start);
        e.release(right.temporaries);
      } else {
        const current = e.temporary();
        const operator = node.operator.slice(0, -1);
        const isLogical = operator === '&&' || operator === '||' || operator === '??';
        e.add(isLogical ? `(${current}=` : `${current}=`);
        e.add(place.read(), node.start);
        e.add(isLogical ? `)${operator}(${current}=` : `,${current}=${current}${operator}(`);
        value(e, node.right);
        e.add(isLogical ? ',' : '),');
        e.add(place.write(current), node.start);
        if (isLogical) e.add(')');
        e.release(1);
      }
      e.release(place.temporaries);
    },
    ')',
  );
};

function plainAssignment(e: Emitter, node: SyntaxNode): void {
  const target = unwrapped(node.left);
  const isPattern = target.type === 'ArrayPattern' || target.type === 'ObjectPattern';
  if (isPattern && e.frame.mode === 'step') {
    patternAssignment(e, node, target);
    return;
  }
  e.children(node);
}

/**
 * Destructuring: special targets take their values by way of temporary variables and are written afterwards, in order.
 */
function patternAssignment(e: Emitter, node: SyntaxNode, target: SyntaxNode): void {
  const targets = specialTargets(e, target);
  if (targets.length === 0) {
    e.copy(node.start, node.left.start);
    e.emit(node.left);
    e.copy(node.left.end, node.right.start);
    iterableValue(e, node.right, target);
    return;
  }
  e.form(
    node,
    () => {
      const names = targets.map(() => e.temporary());
      const whole = e.temporary();
      e.add(`(${whole}=`);
      iterableValue(e, node.right, target);
      e.add(',');
      const isObject = target.type === 'ObjectPattern';
      if (isObject) e.add('(');
      patternWith(e, target, new Map(targets.map((special, i) => [special, names[i]!])));
      e.add(`=${whole}`);
      if (isObject) e.add(')');
      targets.forEach((special, i) => {
        e.add(',');
        const place = reference(e, special);
        e.add(place.write(names[i]!), special.start);
        e.release(place.temporaries);
      });
      e.add(`,${whole}`);
      e.release(names.length + 1);
    },
    ')',
  );
}

function specialTargets(e: Emitter, pattern: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const walk = (node: SyntaxNode): void => {
    if (isSpecialMember(e, unwrapped(node))) found.push(unwrapped(node));
    else if (node.type === 'AssignmentPattern') walk(node.left);
    else if (node.type === 'RestElement') walk(node.argument!);
    else if (node.type === 'Property') walk(node.value);
    else if (node.type === 'ArrayPattern' || node.type === 'ObjectPattern') {
      for (const child of childrenOf(node)) walk(child);
    }
  };
  walk(pattern);
  return found;
}

/** Writes a pattern with some of its targets replaced. */
function patternWith(e: Emitter, node: SyntaxNode, names: ReadonlyMap<SyntaxNode, string>): void {
  const name = names.get(unwrapped(node));
  if (name !== undefined) {
    e.add(name);
    return;
  }
  const isStructure =
    node.type === 'ArrayPattern' ||
    node.type === 'ObjectPattern' ||
    node.type === 'Property' ||
    node.type === 'RestElement' ||
    node.type === 'AssignmentPattern';
  if (!isStructure) {
    e.emit(node);
    return;
  }
  let at = node.start;
  for (const child of childrenOf(node)) {
    if (child.start < at) continue;
    e.copy(at, child.start);
    if (at === node.start && node.type === 'ObjectPattern') unseenNames(e, node);
    const isKey = node.type === 'Property' && child === node.key;
    const isDefault = node.type === 'AssignmentPattern' && child === node.right;
    if (isKey && !node.computed && !node.shorthand) e.copy(child.start, child.end);
    else if (isKey || isDefault) e.emit(child);
    else patternWith(e, child, names);
    at = child.end;
  }
  e.copy(at, node.end);
}

/** Writes a value that a pattern takes apart: an array pattern iterates it, step by step if it must be. */
export function iterableValue(e: Emitter, node: SyntaxNode, pattern: SyntaxNode): void {
  if (
    pattern.type !== 'ArrayPattern' ||
    e.frame.mode !== 'step' ||
    e.classifier.isPlainIterable(node)
  ) {
    value(e, node);
    return;
  }
  const last = pattern.elements.at(-1);
  const count = last?.type === 'RestElement' ? 'Infinity' : String(pattern.elements.length);
  collected(e, node, count);
}

/** Writes an iterable: itself, or, when its iteration takes steps, an array of its first `count` values. */
export function collected(e: Emitter, node: SyntaxNode, count = 'Infinity'): void {
  const iterable = e.temporary();
  e.add(`(${iterable}=`);
  value(e, node);
  e.add(`,${iterable}?.[Symbol.iterator]?.[${e.use('STEP')}]===undefined?${iterable}:`);
  e.add(`yield* ${e.use('collect')}(${iterable},${count},${e.point('call', node)}))`, node.start);
  e.release(1);
}

const update: Handler = (e, node) => {
  const target = unwrapped(node.argument!);
  if (!isSpecialMember(e, target)) {
    e.children(node);
    return;
  }
  e.form(
    node,
    () => {
      e.add('(');
      const place = reference(e, target);
      const next = e.temporary();
      const before = e.temporary();
      e.add(`${next}=`);
      e.add(place.read(), node.start);
      // A postfix operator on a variable gives the old value as a number, as it would on the element.
      e.add(`,${before}=${next}${node.operator},`);
      e.add(place.write(next), node.start);
      e.add(`,${node.prefix ? next : before}`);
      e.release(2 + place.temporaries);
    },
    ')',
  );
};

const unary: Handler = (e, node) => {
  const target = unwrapped(node.argument!);
  if (node.operator !== 'delete') e.children(node);
  else if (target.type === 'MemberExpression') {
    e.copy(node.start, node.argument!.start);
    plainMember(e, target);
    e.blank(target.end, node.argument!.end);
  } else e.guarded('in the operand of delete', () => e.children(node));
};

/** Handlers by node type. */
export const accessHandlers: Readonly<Record<string, Handler>> = {
  MemberExpression: member,
  AssignmentExpression: assignment,
  UpdateExpression: update,
  UnaryExpression: unary,
};
