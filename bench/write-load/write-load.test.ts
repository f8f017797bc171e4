import { describe, expect, test } from 'vitest';
import type { Load } from './measure.ts';
import { countAll, countLoad, LOADS, READ_PERCENTS } from './measure.ts';
import { writeLoadSvg } from './plot.ts';
import { writeLoadMarkdown } from './table.ts';

const SIZE = { keyCount: 50, operationCount: 2000 };
const load = (name: Load['name']): Load => LOADS.find((candidate) => candidate.name === name)!;

describe('counts', () => {
  test('are the same each time', () => {
    expect(countAll(SIZE)).toEqual(countAll(SIZE));
  });

  test('nothing but new keys takes the mutex every time and copies once', () => {
    expect(countLoad(load('new keys'), 0, SIZE)).toEqual({
      reads: 0,
      writes: 2000,
      lockAcquisitions: 2000,
      promotions: 0,
      dirtyCopies: 1,
      entriesCopied: 50,
    });
  });

  test('overwrites of settled keys never take the mutex', () => {
    for (const readPercent of READ_PERCENTS) {
      const counts = countLoad(load('settled overwrites'), readPercent, SIZE);
      expect(counts).toMatchObject({ lockAcquisitions: 0, promotions: 0, dirtyCopies: 0 });
    }
  });

  test('overwrites of keys in dirty take it until as many reads as keys have missed', () => {
    expect(countLoad(load('unsettled overwrites'), 0, SIZE).lockAcquisitions).toBe(2000);
    const onlyReads = countLoad(load('unsettled overwrites'), 100, SIZE);
    expect(onlyReads).toMatchObject({ lockAcquisitions: 50, promotions: 1, dirtyCopies: 0 });
  });

  test('churn copies the map again and again', () => {
    const counts = countLoad(load('churn'), 50, SIZE);
    expect(counts.dirtyCopies).toBeGreaterThan(5);
    expect(counts.dirtyCopies - counts.promotions).toBeLessThanOrEqual(1);
    expect(counts.reads + counts.writes).toBe(2000);
  });
});

describe('reports', () => {
  const points = countAll(SIZE);

  test('the table has a row for each share of reads', () => {
    const lines = writeLoadMarkdown(points, SIZE).split('\n');
    const rows = lines.filter((line) => /^\| \d+ %/.test(line));
    expect(rows).toHaveLength(READ_PERCENTS.length);
    expect(
      new Set(lines.filter((line) => line.startsWith('|')).map((line) => line.length)).size,
    ).toBe(1);
  });

  test('the plot names its axes and its lines and knows dark pages', () => {
    const svg = writeLoadSvg(points, SIZE);
    expect(writeLoadSvg(points, SIZE)).toBe(svg);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg.match(/share of reads/g)).toHaveLength(2);
    for (const { name } of LOADS) expect(svg).toContain(`>${name}</text>`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    // Every point of every line lies within the plot.
    for (const [, y] of svg.matchAll(/cy="([\d.]+)"/g)) {
      expect(Number(y)).toBeGreaterThanOrEqual(64);
      expect(Number(y)).toBeLessThanOrEqual(294);
    }
  });
});
