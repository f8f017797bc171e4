/** The counts of the write loads as an SVG image, readable on light and on dark pages. */
import type { LoadPoint, LoadSize } from './measure.ts';
import { formatCount } from '../../src/report/table.ts';

const WIDTH = 860;
const HEIGHT = 400;
const PLOT_WIDTH = 340;
const PLOT_HEIGHT = 230;
const PLOT_TOP = 64;
/** Left edges of the two plots. */
const PLOT_LEFTS = [66, 490] as const;

const STYLE = `
    svg { --ink: #1f2328; --faint: #d1d9e0; --page: #ffffff; --a: #b35900; --b: #0b62c4; --c: #1a7f37; --d: #8250df; }
    @media (prefers-color-scheme: dark) {
      svg { --ink: #e6edf3; --faint: #3d444d; --page: #0d1117; --a: #f0883e; --b: #58a6ff; --c: #56d364; --d: #bc8cff; }
    }
    .page { fill: var(--page); }
    text { fill: var(--ink); font: 12px system-ui, sans-serif; }
    .title { font-size: 14px; font-weight: 600; }
    .grid { stroke: var(--faint); stroke-width: 1; }
    .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
    .a { stroke: var(--a); } .b { stroke: var(--b); stroke-dasharray: 7 4; } .c { stroke: var(--c); stroke-dasharray: 2 4; }
    .d { stroke: var(--d); stroke-dasharray: 9 3 2 3; }
    .dot { stroke: none; } .dot.a { fill: var(--a); } .dot.b { fill: var(--b); }
    .dot.c { fill: var(--c); } .dot.d { fill: var(--d); }`;

/** A line of a plot. The class gives colour and dashes, so that lines differ without colour too. */
interface Series {
  readonly name: string;
  readonly className: 'a' | 'b' | 'c' | 'd';
  /** x in percent, 0 to 100; y from 0 up. */
  readonly points: readonly (readonly [number, number])[];
}

interface Plot {
  readonly title: string;
  readonly series: readonly Series[];
}

/** Two plots side by side over the share of reads: locks, and entries copied, for one operation. */
export function writeLoadSvg(points: readonly LoadPoint[], size: LoadSize): string {
  const series = (
    name: LoadPoint['load'],
    className: Series['className'],
    count: (point: LoadPoint) => number,
  ): Series => ({
    name,
    className,
    points: points
      .filter((point) => point.load === name)
      .map((point) => [point.readPercent, count(point) / size.operationCount]),
  });
  const plotsOf = (count: (point: LoadPoint) => number): Series[] => [
    series('new keys', 'a', count),
    series('churn', 'd', count),
    series('settled overwrites', 'b', count),
    series('unsettled overwrites', 'c', count),
  ];
  const plots: Plot[] = [
    {
      title: 'Mutex acquisitions per operation',
      series: plotsOf((point) => point.counts.lockAcquisitions),
    },
    {
      title: 'Entries copied per operation',
      series: plotsOf((point) => point.counts.entriesCopied),
    },
  ];
  const summary =
    `sync.Map under writes: ${formatCount(size.operationCount)} operations on a map of ` +
    `${formatCount(size.keyCount)} keys at the start`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}">`,
    `  <title>${summary}</title>`,
    `  <style>${STYLE}\n  </style>`,
    `  <rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    ...plots.flatMap((plot, index) => plotLines(plot, PLOT_LEFTS[index]!)),
    ...legendLines(plots[0]!.series),
    '</svg>',
    '',
  ].join('\n');
}

function plotLines(plot: Plot, left: number): string[] {
  const top = niceMaximum(
    Math.max(...plot.series.flatMap(({ points }) => points.map(([, y]) => y))),
  );
  const x = (percent: number): string => (left + (percent / 100) * PLOT_WIDTH).toFixed(1);
  const y = (value: number): string => (PLOT_TOP + (1 - value / top) * PLOT_HEIGHT).toFixed(1);
  const bottom = PLOT_TOP + PLOT_HEIGHT;
  const lines = [`  <text class="title" x="${left}" y="${PLOT_TOP - 24}">${plot.title}</text>`];
  for (let tick = 0; tick <= 4; tick++) {
    const value = (top * tick) / 4;
    lines.push(
      `  <path class="grid" d="M${left} ${y(value)}H${left + PLOT_WIDTH}"/>`,
      `  <text x="${left - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${Number(value.toFixed(3))}</text>`,
    );
  }
  for (let percent = 0; percent <= 100; percent += 20) {
    lines.push(
      `  <text x="${x(percent)}" y="${bottom + 18}" text-anchor="middle">${percent} %</text>`,
    );
  }
  const middle = left + PLOT_WIDTH / 2;
  lines.push(`  <text x="${middle}" y="${bottom + 40}" text-anchor="middle">share of reads</text>`);
  for (const { className, points } of plot.series) {
    const path = points.map(([px, py]) => `${x(px)} ${y(py)}`).join('L');
    lines.push(`  <path class="line ${className}" d="M${path}"/>`);
    for (const [px, py] of points) {
      lines.push(`  <circle class="dot ${className}" cx="${x(px)}" cy="${y(py)}" r="3"/>`);
    }
  }
  return lines;
}

function legendLines(series: readonly Series[]): string[] {
  const y = HEIGHT - 26;
  return series.flatMap(({ name, className }, index) => {
    const left = PLOT_LEFTS[0] + index * 200;
    return [
      `  <path class="line ${className}" d="M${left} ${y}h34"/>`,
      `  <text x="${left + 42}" y="${y + 4}">${name}</text>`,
    ];
  });
}

/** The least of 1, 2, 4 or 5 times a power of ten that is not below a value. */
function niceMaximum(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 4, 5, 10]
    .map((step) => step * power)
    .find((candidate) => candidate >= value * 0.999)!;
}
