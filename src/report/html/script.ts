/**
 * The script of all pages: steps through the rows of a run, and shows each row's place in the source. Without it the
 * page shows the same, only nothing moves.
 *
 * It takes nothing but attributes from the page and writes nothing but classes, so no text can become markup.
 */
export const SCRIPT = `
'use strict';
(() => {
  const runs = [...document.querySelectorAll('section[data-run]')];
  let active = runs[0];
  const state = new Map();
  for (const run of runs) {
    const rows = [...run.querySelectorAll('tr[data-step]')];
    state.set(run, { rows, at: -1 });
    rows.forEach((row, index) => row.addEventListener('click', () => go(run, index)));
    for (const button of run.querySelectorAll('button[data-move]')) {
      button.addEventListener('click', () => move(run, button.dataset.move));
    }
    run.addEventListener('pointerdown', () => { active = run; });
  }
  const moves = { ArrowDown: 'next', ArrowRight: 'next', j: 'next', l: 'next', ArrowUp: 'back', ArrowLeft: 'back',
    k: 'back', h: 'back', Home: 'first', End: 'last' };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !active) return;
    const direction = moves[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    move(active, direction);
  });
  function move(run, direction) {
    const { rows, at } = state.get(run);
    const last = rows.length - 1;
    const to = { first: 0, last, next: Math.min(at + 1, last), back: Math.max(at - 1, 0) }[direction];
    go(run, to);
  }
  function go(run, index) {
    const own = state.get(run);
    if (own.rows.length === 0) return;
    active = run;
    own.rows[own.at]?.removeAttribute('aria-current');
    own.at = index;
    const row = own.rows[index];
    row.setAttribute('aria-current', 'step');
    row.scrollIntoView({ block: 'nearest' });
    const counter = run.querySelector('[data-counter]');
    if (counter) counter.textContent = 'row ' + (index + 1) + ' of ' + own.rows.length;
    for (const old of run.querySelectorAll('.now')) old.classList.remove('now');
    const line = row.dataset.at ? run.querySelector('[data-at="' + CSS.escape(row.dataset.at) + '"].row') : null;
    if (!line) return;
    line.classList.add('now');
    for (const mark of line.querySelectorAll('mark')) {
      if (mark.dataset.column === row.dataset.column) mark.classList.add('now');
    }
    line.scrollIntoView({ block: 'nearest' });
  }
  if (active) go(active, 0);
})();
`;
