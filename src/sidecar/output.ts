import { Lines } from '../lines.ts';
import type { OutputListener, Stream } from './command.ts';
import type { TailListener } from './file-tail.ts';
import type { Format } from './line-readers.ts';

/** Where a log that is printed is looked for: columns have one stream of their own, other lines are found wherever they are. */
export function streamsOf(format: Format): readonly Stream[] {
  return ['csv', 'tsv', 'table'].includes(format) ? ['stdout'] : ['stdout', 'stderr'];
}

/** Who hears of the lines of one stream. */
export interface LineListener {
  readonly stream: Stream;
  readonly listener: Pick<TailListener, 'onLine'>;
  /** Whether a line that is written over counts each time, at once; else when it is complete. */
  readonly cutsFrames?: boolean;
}

/** Cuts the output of a command into lines for those who want them. */
export class Output implements OutputListener {
  readonly #readers: readonly (LineListener & { readonly lines: Lines })[];

  constructor(listeners: readonly LineListener[]) {
    this.#readers = listeners.map((each) => ({ ...each, lines: new Lines(each) }));
  }

  onOutput(stream: Stream, piece: Buffer): void {
    for (const { stream: wanted, lines, listener } of this.#readers) {
      if (wanted === stream) for (const line of lines.push(piece)) listener.onLine(line);
    }
  }

  /** Tells lines without an end. */
  end(): void {
    for (const { lines, listener } of this.#readers) {
      const line = lines.end();
      if (line !== undefined) listener.onLine(line);
    }
  }
}
