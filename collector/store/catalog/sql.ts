import type { SqlParameter } from '../sqlite-database.ts';

/** A statement or a part of one: its text with a `?` for each parameter. */
export class Sql {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];

  constructor(text: string, parameters: readonly SqlParameter[] = []) {
    this.text = text;
    this.parameters = parameters;
  }
}

/** SQL of a template: parts of SQL are put in as they are, every other value becomes a parameter. */
export function sql(texts: TemplateStringsArray, ...values: readonly (Sql | SqlParameter)[]): Sql {
  const parts = values.map((value) => (value instanceof Sql ? value : new Sql('?', [value])));
  const text = texts.map((piece, index) => (parts[index - 1]?.text ?? '') + piece).join('');
  return new Sql(
    text,
    parts.flatMap(({ parameters }) => parameters),
  );
}

/** Text that is SQL already; nothing that a request says may come here. */
export function raw(text: string): Sql {
  return new Sql(text);
}

/** The quoted name of a table or column. */
export function named(name: string): Sql {
  return new Sql(`"${name.replaceAll('"', '""')}"`);
}

/** Parts one behind the other. */
export function join(parts: readonly Sql[], separator = ', '): Sql {
  return new Sql(
    parts.map(({ text }) => text).join(separator),
    parts.flatMap(({ parameters }) => parameters),
  );
}
