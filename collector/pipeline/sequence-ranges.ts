/** Gaps that are kept open for numbers that come late; of more the oldest counts as missing for good. */
const MAX_GAPS = 64;

/** Which numbers of a sequence have come, as ranges: the order and the number of deliveries do not matter. */
export class SequenceRanges {
  /** First and last of each range, ascending, the ranges apart from each other. */
  readonly edges: number[];
  /** Numbers in gaps that are no longer kept open. */
  givenUp: number;

  constructor(edges: readonly number[] = [], givenUp = 0) {
    this.edges = [...edges];
    this.givenUp = givenUp;
  }

  get isEmpty(): boolean {
    return this.edges.length === 0;
  }

  /** Numbers between the least and the greatest that have not come. */
  get missing(): number {
    let missing = this.givenUp;
    for (let i = 1; i + 1 < this.edges.length; i += 2) missing += this.#edge(i + 1) - this.#edge(i) - 1;
    return missing;
  }

  /** Adds `first` to `last`, both inclusive. */
  add(first: number, last = first): void {
    const { edges } = this;
    if (edges.length > 0 && first === this.#edge(edges.length - 1) + 1) {
      edges[edges.length - 1] = last;
      return;
    }
    // The ranges from `from` up to `to` touch the new one and become one with it.
    let to = edges.length;
    while (to > 0 && this.#edge(to - 2) > last + 1) to -= 2;
    let from = to;
    while (from > 0 && this.#edge(from - 1) >= first - 1) from -= 2;
    const low = from < to ? Math.min(first, this.#edge(from)) : first;
    const high = from < to ? Math.max(last, this.#edge(to - 1)) : last;
    edges.splice(from, to - from, low, high);
    if (edges.length <= 2 * (MAX_GAPS + 1)) return;
    this.givenUp += this.#edge(2) - this.#edge(1) - 1;
    edges.splice(1, 2);
  }

  addAll({ edges, givenUp }: { readonly edges: readonly number[]; readonly givenUp: number }): void {
    this.givenUp += givenUp;
    for (let i = 0; i < edges.length; i += 2) this.add(edges[i] as number, edges[i + 1] as number);
  }

  #edge(index: number): number {
    return this.edges[index] as number;
  }
}
