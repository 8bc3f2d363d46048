import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { inRepository } from '../../support/repository.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}

describe('the OpenAPI document', () => {
  let collector: TestCollector;
  let served: {
    readonly openapi: string;
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const operations = () =>
    Object.entries(served.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
    );

  beforeAll(async () => {
    collector = await TestCollector.start();
    served = (await collector.ask('GET', '/openapi.json')).json;
  });
  afterAll(() => collector[Symbol.asyncDispose]());

  test('is committed as it is served; otherwise run node scripts/openapi.mjs', () => {
    expect(JSON.parse(readFileSync(inRepository('docs/openapi.json'), 'utf8'))).toEqual(served);
  });

  test('is valid OpenAPI 3.1, and all its references lead somewhere', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(served))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(() => validator.resolveRefs()).not.toThrow();
  });

  test('describes each operation, its parameters and its answer', () => {
    const isBare = ({ operation: { summary, parameters = [], responses } }: ReturnType<typeof operations>[number]) =>
      !/^[A-Z].*\.$/.test(summary) ||
      parameters.some(({ description }) => description === undefined) ||
      responses['200']?.content === undefined;
    expect(
      operations()
        .filter(isBare)
        .map(({ route }) => route),
    ).toEqual([]);
  });

  test('gives each operation a name of its own', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});
