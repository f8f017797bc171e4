import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toyTarget } from '../../core/testing/toy-target.ts';
import { runCampaign } from '../campaign.ts';
import type { CampaignReport, Executor } from '../campaign.ts';
import { ticketAt, ticketOfShard, WHOLE, type CampaignPlan, type Shard } from '../plan.ts';
import { runTicket } from '../ticket.ts';
import { newJournalFolder } from './folders.ts';
import { encodeLine } from './format.ts';
import { mergeShards, openShards } from './merge.ts';
import { beginJournal, continueJournal, findJournal, requireSameCode } from './session.ts';
import { openJournalFile, type JournalFile } from './write.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-journal-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Never fails, so that nothing needs a thread of its own. */
const target = {
  ...toyTarget,
  execute: (program: Parameters<typeof toyTarget.execute>[0]) => ({
    ...toyTarget.execute(program),
    violation: null,
  }),
};
const plan: CampaignPlan = { seed: '1', targets: ['toy'], runs: 1_000, knownFails: false };
const identity = (shard: Shard = WHOLE, seed = '1'): Parameters<typeof beginJournal>[1] => ({
  plan: { ...plan, seed },
  timeMs: null,
  shard,
  codeHash: 'abc',
});

/** Does the tickets here, `order` of them at a time backwards, and stops after `most`. */
function executor(most = Number.POSITIVE_INFINITY, order = 3): Executor {
  return async (work, signal, onResult) => {
    let done = 0;
    for (let from = work.from; from < work.end; from += order) {
      for (let position = Math.min(from + order, work.end) - 1; position >= from; position--) {
        if (work.done.has(position)) continue;
        if (done++ >= most || signal.aborted) return;
        const index = ticketOfShard(work.shard, position);
        onResult(runTicket(target, work.plan.seed, index, ticketAt(work.plan, index), false));
      }
    }
  };
}

const options = { workers: 1, bail: 0, tracesFolder: '' };

async function campaign(shard: Shard, most?: number, seed = '1'): Promise<CampaignReport> {
  const journal = await beginJournal(folder, identity(shard, seed));
  const own = { ...options, shard, journal, executor: executor(most) };
  return runCampaign({ ...plan, seed }, [target], own);
}

async function resume(): Promise<CampaignReport> {
  const found = await findJournal(folder, null);
  const { plan: resumed, shard } = found.header;
  const own = { ...options, shard, journal: continueJournal(found), executor: executor() };
  return runCampaign(resumed, [target], own);
}

const file = (): string => join(folder, 'shard-1-of-1.ndjson');
const uninterrupted = (): Promise<CampaignReport> =>
  runCampaign(plan, [target], { ...options, executor: executor() });

async function errorOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    const { code, place, message } = error as { code: string; place: string; message: string };
    return `${code} ${place.replace(folder, 'DIR')}: ${message}`;
  }
  return 'no error';
}

describe('a journal', () => {
  test('continues what was stopped, with the same report', async () => {
    const stopped = await campaign(WHOLE, 7);
    expect(stopped).toMatchObject({ isComplete: false, verdict: 'inconclusive' });
    expect(stopped.targets[0]!.runs).toBe(350);
    expect(await resume()).toEqual(await uninterrupted());
    // Once more: nothing is left to do.
    expect(await resume()).toEqual(await uninterrupted());
  });

  // Whatever the moment of death, the file ends somewhere.
  test('can be cut anywhere after its first line', async () => {
    await campaign(WHOLE);
    const text = readFileSync(file());
    const whole = await uninterrupted();
    const header = text.indexOf(10) + 1;
    for (let part = 0; part <= 12; part++) {
      writeFileSync(file(), text);
      truncateSync(file(), header + Math.floor(((text.length - header) * part) / 12));
      expect(await resume()).toEqual(whole);
      expect(readFileSync(file(), 'utf8')).toMatch(/\}\n$/);
    }
  });

  test('says which line is damaged, and does without the line', async () => {
    await campaign(WHOLE);
    const lines = readFileSync(file(), 'utf8').split('\n');
    const changed = lines.with(4, lines[4]!.replace('"operations":', '"operations":1'));
    writeFileSync(file(), changed.join('\n'));
    expect(await errorOf(resume)).toMatchInlineSnapshot(
      `"E-JOURNAL-003 DIR/shard-1-of-1.ndjson:5: this line is not as it was written"`,
    );
    writeFileSync(file(), lines.toSpliced(4, 1).join('\n'));
    expect(await resume()).toEqual(await uninterrupted());
  });

  test('is refused when it is of other code, not a journal, or unfinished and in the way', async () => {
    await campaign(WHOLE, 3);
    expect(await errorOf(() => beginJournal(folder, identity()))).toContain('E-JOURNAL-005');
    const { header } = await findJournal(folder, null);
    expect(() => requireSameCode(header, 'x', 'abd')).toThrow('written by other code');
    writeFileSync(file(), '{}\n');
    expect(await errorOf(resume)).toContain('E-JOURNAL-004');
    writeFileSync(
      file(),
      `${encodeLine({ ...header, plan: { ...plan, targets: ['toy', 'toy'] } })}\n`,
    );
    expect(await errorOf(resume)).toContain('E-JOURNAL-003');
    writeFileSync(file(), '');
    expect(await errorOf(resume)).toContain('the journal is empty');
    rmSync(file());
    expect(await errorOf(resume)).toContain('E-JOURNAL-002');
  });

  test('has its own place, numbered, where complete ones make room and others stay', async () => {
    const parent = join(folder, 'runs');
    const made: string[] = [];
    for (let index = 0; index < 14; index++) {
      const own = newJournalFolder(parent);
      made.push(own.slice(parent.length + 1));
      const journal = await beginJournal(own, identity());
      journal.close(index === 1 ? null : 'finished');
    }
    expect(made.at(-1)).toBe('0014');
    mkdirSync(join(parent, 'notes'));
    newJournalFolder(parent);
    const { readdirSync } = await import('node:fs');
    expect(readdirSync(parent).slice(0, 3)).toEqual(['0002', '0006', '0007']);
  });
});

describe('a full disk', () => {
  /** A file with room for so many bytes; the last write gets in what fits. */
  function small(room: number): (path: string, isNew: boolean) => JournalFile {
    return (path, isNew) => {
      const own = openJournalFile(path, isNew);
      let left = room;
      return {
        ...own,
        write: (bytes) => {
          if (left === 0) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
          const written = own.write(bytes.subarray(0, left));
          left -= written;
          return written;
        },
      };
    };
  }

  test('is a clear error, ends the campaign, and leaves a journal that can be resumed', async () => {
    const journal = await beginJournal(folder, identity(), small(2_000));
    const report = await runCampaign(plan, [target], { ...options, journal, executor: executor() });
    expect(journal.failure?.message).toBe('cannot write the journal: the disk is full');
    expect(report.verdict).toBe('inconclusive');
    // What was found is in the report, and all but the ticket that did not fit is in the file.
    expect(report.targets[0]!.runs).toBeGreaterThan(100);
    expect(readFileSync(file(), 'utf8')).toMatch(/\}\n$/);
    expect(await resume()).toEqual(await uninterrupted());
  });

  test('from the first line on leaves nothing behind that is in the way', async () => {
    expect(await errorOf(() => beginJournal(folder, identity(), small(100)))).toContain(
      'the disk is full',
    );
    expect(await campaign(WHOLE)).toEqual(await uninterrupted());
  });
});

describe('shards', () => {
  async function merged(): Promise<CampaignReport> {
    return mergeShards(await openShards([folder]), [target], { tracesFolder: '' });
  }

  test('merge to the report of the whole', async () => {
    for (const index of [2, 3, 1]) await campaign({ index, count: 3 });
    expect(await merged()).toEqual(await uninterrupted());
  });

  test('that are missing, twice there, unfinished or of another campaign are refused', async () => {
    await campaign({ index: 1, count: 3 });
    expect(await errorOf(merged)).toMatchInlineSnapshot(
      `"E-MERGE-003 DIR: 2 shards are missing: 2/3, 3/3"`,
    );
    await campaign({ index: 2, count: 3 }, 2);
    await campaign({ index: 3, count: 3 });
    expect(await errorOf(merged)).toMatchInlineSnapshot(
      `"E-MERGE-004 DIR/shard-2-of-3.ndjson: shard 2/3 is not complete (7 tickets are due)"`,
    );
    expect(await errorOf(() => openShards([folder, folder]))).toContain('E-MERGE-002');
    rmSync(join(folder, 'shard-2-of-3.ndjson'));
    await campaign({ index: 2, count: 3 }, undefined, '2');
    expect(await errorOf(merged)).toMatchInlineSnapshot(
      `"E-MERGE-001 DIR/shard-2-of-3.ndjson: the journals are of different campaigns: seed "2", not "1""`,
    );
  });
});
