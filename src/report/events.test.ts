import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventSchema } from './events.ts';

// Made from the code; `npx vitest run src/report/events.test.ts -u` writes it anew.
test('the published JSON Schema of events is the one of the code', async () => {
  const schema = z.toJSONSchema(eventSchema, { io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../schema/events.schema.json',
  );
});
