import { fetchTags } from './lists.ts';

let colours = $state.raw<ReadonlyMap<string, string>>(new Map());

/** CSS colour of a tag's mark as the collector keeps it; undefined while it is not known. Reactive. */
export const colourOfTag = (tag: string): string | undefined => colours.get(tag);

/** Asks for the colours of tags; without an answer the marks keep the hues of their texts. */
export async function readTagColours(): Promise<void> {
  const list = await fetchTags(new AbortController().signal).catch(() => undefined);
  if (list) colours = new Map(list.data.map(({ name, colour }) => [name, colour]));
}
