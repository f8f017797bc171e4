import { expect, test } from 'vitest';
import { z } from 'zod';
import { traceSchema } from './format.ts';
import { scheduleSchema } from './schedule.ts';

// People validate traces with this file in their editors; it is made from the code and must not drift from it.
// `npx vitest run src/trace/schema.test.ts -u` writes it anew.
test('the published JSON Schema is the one the code checks by', async () => {
  const schema = z.toJSONSchema(traceSchema, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../schema/trace.schema.json',
  );
});

test('and so is that of traces of interleavings', async () => {
  const schema = z.toJSONSchema(scheduleSchema, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../schema/schedule.schema.json',
  );
});
