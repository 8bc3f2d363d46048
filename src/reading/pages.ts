import type { ControlClient } from '../control/control-client.ts';

const PAGE = 100;

interface Page<Item> {
  readonly count: number;
  readonly data: readonly Item[];
}

/** Reads a list of the server page by page, as far as the caller goes. */
export async function* pages<Item>(
  control: ControlClient,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Item> {
  for (let start = 0; start < limit; ) {
    const count = String(Math.min(PAGE, limit - start));
    const page = await control.json<Page<Item>>({
      method: 'GET',
      path,
      query: { ...query, start: String(start), count },
    });
    yield* page.data;
    start += page.data.length;
    if (page.data.length === 0 || start >= page.count) return;
  }
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
