/**
 * Mutates inputs by the thousand and prints what came of them: `node dist/bench/mutated-inputs.js [count] [seed]`.
 *
 * Exit code 1 when one of them made mapcheck throw, hang, run out of memory, or give a verdict that is none.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hunt } from './mutated-inputs/hunt.ts';

const [count = '5000', seed = '1'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-mutated-journal-'));
const bin = fileURLToPath(new URL('../../bin/mapcheck.js', import.meta.url));
const args = ['run', 'tree-bucket-map', 'sync-map', '--runs', '100', '--known-fails'];
spawnSync(process.execPath, [bin, ...args, '--journal', 'journal'], { cwd: folder });
const journal = readFileSync(join(folder, 'journal/shard-1-of-1.ndjson'), 'utf8');
const program = fileURLToPath(new URL('../../examples/interleavings/visits.ts', import.meta.url));
const shardArgs = ['explore', program, '--shard', '1/1', '--journal', 'shards'];
spawnSync(process.execPath, [bin, ...shardArgs], { cwd: folder });
const shard = readFileSync(join(folder, 'shards/explore-1-of-1.json'), 'utf8');
rmSync(folder, { recursive: true });

const beginMs = performance.now();
const { outcomes, defects, longestMs } = await hunt({
  seed,
  count: Number(count),
  files: { journal, shard },
  limitMs: 30_000,
  worker: new URL('./mutated-inputs/worker.js', import.meta.url),
});
const seconds = ((performance.now() - beginMs) / 1000).toFixed(0);
console.log(`${count} mutated inputs, seed ${JSON.stringify(seed)}, ${seconds} s`);
console.log(`longest ${longestMs.toFixed(0)} ms, ${defects.length} defects`);
for (const [subject, counts] of Object.entries(outcomes)) {
  console.log(
    `${subject}: ${Object.entries(counts)
      .map(([outcome, times]) => `${outcome} ${times}`)
      .join(', ')}`,
  );
}
for (const { index, subject, text, message } of defects.slice(0, 20)) {
  console.log(
    `\n${index} ${subject}: ${message.slice(0, 1_500)}\n${JSON.stringify(text.slice(0, 300))}`,
  );
}
process.exitCode = defects.length === 0 ? 0 : 1;
