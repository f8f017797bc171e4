import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRequest, parseAnswer, printable } from './protocol.ts';

const request = { id: 7, op: 'get' };

describe('answers', () => {
  test.each([
    ['get', '{"id":7,"result":3}', 3],
    ['get', '{"id":7,"result":{"float":"NaN"},"took":"2 ms"}', { float: 'NaN' }],
    ['set', '{"id":7}', null],
    ['delete', '{"id":7,"result":null}', null],
    ['has', '{"id":7,"result":false}', false],
    ['size', '{"id":7,"result":0}', 0],
    ['entries', '{"id":7,"result":[["a",{"undefined":true}]]}', [['a', { undefined: true }]]],
    ['load', '{"id":7,"result":{"value":null,"ok":true}}', { value: null, ok: true }],
  ])('%s: %s', (op, line, result) => {
    expect(parseAnswer(line, { id: 7, op })).toEqual({ kind: 'result', result });
  });

  test('an error of the map is an answer too', () => {
    expect(parseAnswer('{"id":7,"error":"panic: nil map"}', request)).toEqual({
      kind: 'error',
      error: 'panic: nil map',
    });
  });

  test.each([
    ['', 'get', 'a line of JSON'],
    ['panic: runtime error', 'get', 'a line of JSON'],
    ['{"id":7,"result":1', 'get', 'a line of JSON'],
    ['[7,1]', 'get', 'an object'],
    ['null', 'get', 'an object'],
    ['{"id":8,"result":1}', 'get', '"id":7'],
    ['{"id":"7","result":1}', 'get', '"id":7'],
    ['{"id":7,"result":[1]}', 'get', 'the result of get'],
    ['{"id":7,"result":{"bigint":"1.5"}}', 'get', 'the result of get'],
    ['{"id":7}', 'has', 'true or false'],
    ['{"id":7,"result":-1}', 'size', 'an integer from 0'],
    ['{"id":7,"result":[["a"]]}', 'entries', 'a list of [key, value]'],
    ['{"id":7,"result":{"value":1,"found":true}}', 'load', '"ok"'],
    ['{"id":7,"result":{"version":1}}', 'hello', '"operations"'],
  ])('%s for %s is none', (line, op, expected) => {
    const fault = parseAnswer(line, { id: 7, op });
    expect(fault).toMatchObject({ kind: 'nonsense', line });
    expect(fault).toMatchObject({ expected: expect.stringContaining(expected) });
  });

  test('a long line is cut, and control characters cannot reach a terminal', () => {
    expect(parseAnswer('x'.repeat(1_000), request)).toMatchObject({
      line: `${'x'.repeat(200)}… (1000 characters)`,
    });
    expect(parseAnswer('\u001b[2Jgone', request)).toMatchObject({ line: '\\x1b[2Jgone' });
    expect(printable('a\u0007b')).toBe('a\\x07b');
  });

  test('any line at all is an answer, an error or nonsense: nothing is thrown', () => {
    const op = fc.constantFrom('get', 'size', 'entries', 'load', 'hello', 'no such operation');
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"id":7,"result":${json}}`),
      fc.tuple(fc.nat(30), fc.string({ maxLength: 3 })).map(([at, text]) => {
        const right = '{"id":7,"result":[["a",{"float":"-0"}]]}';
        return right.slice(0, at) + text + right.slice(at + 1);
      }),
    );
    fc.assert(
      fc.property(line, op, (text, name) => {
        expect(['result', 'error', 'nonsense']).toContain(
          parseAnswer(text, { id: 7, op: name }).kind,
        );
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });
});

test('a request is one line', () => {
  expect(formatRequest({ id: 3, op: 'set', args: ['a\nb', 1] })).toBe(
    '{"id":3,"op":"set","args":["a\\nb",1]}\n',
  );
});
