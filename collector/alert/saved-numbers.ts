/** Writes the state of a watch, number after number. */
export class NumberWriter {
  readonly #numbers: number[] = [];
  readonly #words: { readonly at: number; readonly words: Int32Array }[] = [];

  put(...numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.push(number);
  }

  /** Words, two in a number. They are copied when {@link NumberWriter.numbers} are taken. */
  putWords(words: Int32Array): void {
    this.#words.push({ at: this.#numbers.length, words });
    for (let left = words.length; left > 0; left -= 2) this.#numbers.push(0);
  }

  get numbers(): Float64Array {
    const numbers = new Float64Array(this.#numbers);
    for (const { at, words } of this.#words) new Int32Array(numbers.buffer, at * 8).set(words);
    return numbers;
  }
}

/** Reads what a {@link NumberWriter} wrote. */
export class NumberReader {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#numbers.length;
  }

  /** @throws RangeError at the end. */
  next(): number {
    const number = this.#numbers[this.#at++];
    if (number === undefined) throw new RangeError(`the state of a watch ends after ${this.#numbers.length} numbers`);
    return number;
  }

  /** As they were put. @throws RangeError when there are not so many. */
  words(count: number): Int32Array {
    const numbers = Math.ceil(count / 2);
    if (this.#at + numbers > this.#numbers.length) throw new RangeError(`the state of a watch has no ${count} words`);
    const words = new Int32Array(this.#numbers.buffer, this.#numbers.byteOffset + this.#at * 8, count);
    this.#at += numbers;
    return words;
  }
}
