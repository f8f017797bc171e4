/**
 * Names that may stand for what setup made, or for a part of it: the first parameters of threads, and what these are handed
 * on to as arguments, constants and properties.
 */
import type { Analysis, Binding } from '../scope.ts';
import { keyText, unwrapped } from '../syntax.ts';
import type { SyntaxNode } from '../syntax.ts';

/** The shared names of a module. There are ever more of them. */
export class SharedNames {
  /** Grows with what becomes known of names: what was looked at before has to be looked at again. */
  known = 0;
  readonly #analysis: Analysis;
  readonly #shared = new Set<Binding>();
  /** Those that were given a property and never the whole, as `data` in `({ data }) => …` or `const data = shared.data`. */
  readonly #properties = new Set<Binding>();

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  /** Makes the names of a pattern shared. Returns whether all that it gives can be followed. */
  share(given: SyntaxNode, isProperty: boolean): boolean {
    const pattern = unwrapped(given);
    if (pattern.type === 'Identifier') {
      const binding = this.#analysis.bindingOf.get(pattern)!;
      // In one place it may be a property, in another the whole.
      if (!isProperty && this.#properties.delete(binding)) this.known++;
      if (this.#shared.has(binding)) return true;
      this.known++;
      this.#shared.add(binding);
      if (isProperty) this.#properties.add(binding);
      return true;
    }
    return (
      pattern.type === 'ObjectPattern' &&
      pattern.properties.every(
        ({ type, computed, key, value }) =>
          type === 'Property' && !computed && keyText(key) !== 'length' && this.share(value, true),
      )
    );
  }

  /** Whether an expression is a shared name, or a property of one. */
  isShared(given: SyntaxNode): boolean {
    const node = unwrapped(given);
    if (node.type === 'Identifier') {
      const binding = this.#analysis.bindingOf.get(node);
      return binding !== undefined && this.#shared.has(binding);
    }
    const isMember = node.type === 'MemberExpression' && !node.computed;
    return isMember && node.property.name !== 'length' && this.isShared(node.object);
  }

  /** Whether a name is shared as a property only. */
  isProperty(given: SyntaxNode): boolean {
    const binding = this.#analysis.bindingOf.get(unwrapped(given));
    return binding !== undefined && this.#properties.has(binding);
  }
}
