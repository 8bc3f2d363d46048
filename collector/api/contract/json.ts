import { Type } from 'typebox';

/** `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC, no zone (as Simvue's clients want it). */
export const Timestamp = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}$',
  description: 'UTC, without a zone.',
  examples: ['2026-01-31T12:00:00.000000'],
});

/** A boolean of a query as Python's `requests` or a browser writes it. */
export const flag = (description: string) =>
  Type.Optional(Type.Enum(['True', 'true', '1', 'False', 'false', '0'], { description }));

export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
