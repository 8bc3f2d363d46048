import type { RouteOptions } from 'fastify';
import { expect, test } from 'vitest';
import { compileValidator } from '../../../../collector/api/validation.ts';
import { createPorts, createTestServer } from './ports.ts';

const PARTS = ['body', 'querystring', 'params', 'headers'] as const;

test('every part of every route has a schema that compiles, which its first request would be the first to see', async () => {
  const { server } = createTestServer(createPorts());
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => void routes.push(route));
  await server.ready();
  const validators = routes.flatMap(({ schema, url, method }) =>
    PARTS.flatMap((httpPart) => {
      const part = schema?.[httpPart];
      return typeof part !== 'object' || part === null
        ? []
        : [compileValidator({ schema: part, httpPart, url, method: String(method) })];
    }),
  );
  expect(validators.length).toBeGreaterThan(100);
  for (const validate of validators) expect(() => validate({})).not.toThrow();
});

test('what a validator finds is told each time it is asked', () => {
  const schema = { type: 'object', properties: { count: { type: 'integer' } }, additionalProperties: false };
  const query = compileValidator({ schema, httpPart: 'querystring', url: '/', method: 'GET' });
  const body = compileValidator({ schema, httpPart: 'body', url: '/', method: 'POST' });
  for (const _ of [1, 2]) {
    expect(query({ count: '7' })).toBe(true);
    expect(body({ count: '7' })).toMatchObject({ error: [{ instancePath: '/count', keyword: 'type' }] });
    expect(query({ x: 1 })).toMatchObject({ error: [{ keyword: 'additionalProperties' }] });
  }
});
