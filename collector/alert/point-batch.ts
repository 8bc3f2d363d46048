/** Points of one series in the order they came, column by column. Times are nanoseconds since the start of the run. */
export class PointBatch {
  readonly timeNano: Float64Array;
  readonly value: Float64Array;
  /** A hash: the same for the same point, delivered twice. */
  readonly identity: Int32Array;
  count = 0;

  /** @param capacity - points it holds at the most. */
  constructor(capacity: number) {
    this.timeNano = new Float64Array(capacity);
    this.value = new Float64Array(capacity);
    this.identity = new Int32Array(capacity);
  }

  get isFull(): boolean {
    return this.count === this.timeNano.length;
  }

  add(timeNano: number, value: number, identity: number): void {
    const at = this.count++;
    this.timeNano[at] = timeNano;
    this.value[at] = value;
    this.identity[at] = identity;
  }
}
