/** The parts of the collector that cannot write now. While there is one, data is refused: what is acknowledged must be durable. */
export class DiskTrouble {
  readonly #reasons = new Map<string, string>();
  readonly #onChange: (reason: string | undefined) => void;

  /** @param onChange - told once when trouble begins, with its reason, and once when the last part can write again. */
  constructor(onChange: (reason: string | undefined) => void) {
    this.#onChange = onChange;
  }

  /** Why data is refused; undefined = everything can be written. */
  get reason(): string | undefined {
    const [first] = this.#reasons.values();
    return first === undefined ? undefined : `${first}; data is refused until it can`;
  }

  /** Parts that cannot write. */
  get parts(): IterableIterator<string> {
    return this.#reasons.keys();
  }

  /** What a part says of its writes. @param reason - why the last one failed; undefined = it did not. */
  report(part: string, reason: string | undefined): void {
    const before = this.#reasons.size;
    if (reason === undefined) this.#reasons.delete(part);
    else if (!this.#reasons.has(part)) this.#reasons.set(part, reason);
    if ((before === 0) !== (this.#reasons.size === 0)) this.#onChange(this.reason);
  }
}
