/** The style of all pages; light or dark as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60656c; --line: #d9dde1; --back: #fff; --panel: #f6f7f9;
  --now: #fff3c4; --now-edge: #b7791f; --bad: #b42318; --good: #1a7f37; --open: #8a6100; --mark: #dbe9ff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --soft: #9aa3ad; --line: #363c43; --back: #15181b;
  --panel: #1e2226; --now: #4a3b0c; --now-edge: #e0b040; --bad: #ff8577; --good: #5fd07a; --open: #e0b040;
  --mark: #23406b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 110rem; color: var(--ink); background: var(--back);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; }
p { margin: .2rem 0; overflow-wrap: anywhere; }
.fails, .nondeterministic { color: var(--bad); }
.holds { color: var(--good); }
.inconclusive { color: var(--open); }
.soft, dt { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .4rem 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.run { display: grid; gap: 0 1.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 75rem) { .run.placed { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
.scroll { overflow: auto; max-height: 80vh; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
th, td { text-align: left; padding: .15rem .6rem; vertical-align: top; border-bottom: 1px solid var(--line); }
th { position: sticky; top: 0; background: var(--panel); font-weight: 600; z-index: 1; }
td.number { text-align: right; color: var(--soft); white-space: nowrap; }
tbody tr[data-step] { cursor: pointer; }
tbody tr[aria-current] { background: var(--now); box-shadow: inset 3px 0 var(--now-edge); }
tr.preemption td.number::before { content: "* "; color: var(--bad); font-weight: 700; }
tr.switch td.number::before { content: "- "; }
tr.preemption td, tr.switch td { border-top: 2px solid var(--soft); }
tr.call td { font-weight: 600; }
tr.stuck td, tr.thrown td, tr.bad td { color: var(--bad); }
td.place { color: var(--soft); }
td.place, td.value { white-space: nowrap; }
pre { margin: 0; padding: .5rem 0; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; tab-size: 2; }
pre span.row { display: block; padding: 0 .8rem; white-space: pre; }
pre span.row::before { content: attr(data-line); display: inline-block; width: 3.5em; padding-right: 1em;
  text-align: right; color: var(--soft); }
pre span.row.touched { background: var(--panel); }
pre span.row.now { background: var(--now); box-shadow: inset 3px 0 var(--now-edge); }
pre mark { background: var(--mark); color: inherit; border-radius: 2px; }
pre span.row.now mark.now { outline: 2px solid var(--now-edge); }
.block { padding: .5rem .8rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
.bar { display: flex; gap: .5rem; align-items: center; margin: .6rem 0; }
button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: .1rem .7rem; cursor: pointer; }
kbd { font: 12px ui-monospace, monospace; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3rem; }
li { overflow-wrap: anywhere; }
@media print { .scroll { max-height: none; } .bar { display: none; } }
`;
