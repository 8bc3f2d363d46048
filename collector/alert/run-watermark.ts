/** A writer that was not heard for so long is not waited for. */
const SILENT_MILLISECONDS = 5_000;
/** Writers of a run that are told apart. */
const MAX_WRITERS = 10_000;
/** What arrives later than this after its event time was kept for a while: the run is filled in, wall time means nothing to it. */
const LIVE_MILLISECONDS = 30_000;
const NANOS_PER_MILLISECOND = 1e6;

interface Writer {
  newestNano: number;
  heardAt: number;
}

/**
 * How far a run has come: the least, over the writers that were heard lately, of their newest event time, never ahead of wall time.
 * Times are nanoseconds since the start of the run; wall times milliseconds since the epoch.
 */
export class RunWatermark {
  readonly #startMilliseconds: number;
  readonly #writers = new Map<string, Writer>();
  #lagMilliseconds: number;
  #reachedNano: number;

  /** @param startUnixNano - start of the run. @param createdAt - when the collector first heard of it. */
  constructor(startUnixNano: bigint, createdAt: number, reachedNano = 0) {
    this.#startMilliseconds = Number(startUnixNano) / NANOS_PER_MILLISECOND;
    this.#lagMilliseconds = createdAt - this.#startMilliseconds;
    this.#reachedNano = reachedNano;
  }

  /** @param newestNano - newest event time of what came. */
  heard(writer: string, newestNano: number, receivedAt: number): void {
    // The millisecond in which it came has not ended.
    const wallNano = this.nanoAt(receivedAt + 1);
    const boundedNano = Math.min(newestNano, wallNano);
    const known = this.#writers.get(writer);
    if (known !== undefined) {
      known.newestNano = Math.max(known.newestNano, boundedNano);
      known.heardAt = receivedAt;
    } else if (this.#writers.size < MAX_WRITERS)
      this.#writers.set(writer, { newestNano: boundedNano, heardAt: receivedAt });
    this.#lagMilliseconds = (wallNano - boundedNano) / NANOS_PER_MILLISECOND;
    this.#advance(receivedAt);
  }

  /** The writer says that it ends: nothing of it is waited for. */
  forget(writer: string): void {
    this.#writers.delete(writer);
  }

  /** Never falls. */
  get nano(): number {
    return this.#reachedNano;
  }

  /** True when the run writes what happens now, not what happened before. */
  get isLive(): boolean {
    return this.#lagMilliseconds < LIVE_MILLISECONDS;
  }

  /** Wall time as event time of the run. */
  nanoAt(wall: number): number {
    return (wall - this.#startMilliseconds) * NANOS_PER_MILLISECOND;
  }

  #advance(wall: number): void {
    let least = Number.POSITIVE_INFINITY;
    for (const { newestNano, heardAt } of this.#writers.values()) {
      if (wall - heardAt < SILENT_MILLISECONDS && newestNano < least) least = newestNano;
    }
    if (least !== Number.POSITIVE_INFINITY && least > this.#reachedNano) this.#reachedNano = least;
  }
}
