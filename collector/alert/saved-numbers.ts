/** Writes the state of a watch, number after number. */
export class NumberWriter {
  readonly #numbers: number[] = [];

  put(...numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.push(number);
  }

  get numbers(): Float64Array {
    return Float64Array.from(this.#numbers);
  }
}

/** Reads what a {@link NumberWriter} wrote. */
export class NumberReader {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  /** @throws RangeError at the end. */
  next(): number {
    const number = this.#numbers[this.#at++];
    if (number === undefined) throw new RangeError(`the state of a watch ends after ${this.#numbers.length} numbers`);
    return number;
  }
}
