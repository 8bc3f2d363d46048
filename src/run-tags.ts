import { uniqueTags } from './run-options.ts';
import { MAX_TAGS } from './semconv.ts';

/** The tags that a program gives its run; those that the collector would not keep are refused here, by name. */
export class RunTags {
  readonly #tags = new Set<string>();

  /**
   * @param problems - gets what is left out.
   * @returns the tags that are added.
   * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for anything but a list of texts.
   */
  add(given: readonly string[], problems: string[]): string[] {
    const tags = uniqueTags(given);
    const unknown = tags.filter((tag) => !this.#tags.has(tag));
    const [first, ...others] = unknown.splice(Math.max(0, MAX_TAGS - this.#tags.size));
    for (const tag of unknown) this.#tags.add(tag);
    if (first === undefined) return tags;
    problems.push(`tags: there may be ${MAX_TAGS}, which leaves no room for "${first}" and ${others.length} more`);
    return tags.filter((tag) => this.#tags.has(tag));
  }

  /** As {@link add}, in place of those there are. */
  set(given: readonly string[], problems: string[]): string[] {
    this.#tags.clear();
    return this.add(given, problems);
  }
}
