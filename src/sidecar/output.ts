import { Lines } from '../lines.ts';
import type { OutputListener } from './command.ts';
import type { TailListener } from './file-tail.ts';

type Stream = 'stdout' | 'stderr';

/** Cuts the output of a command into lines for those who want them. */
export class Output implements OutputListener {
  readonly #listeners: Readonly<Record<Stream, readonly TailListener[]>>;
  readonly #lines = { stdout: new Lines(), stderr: new Lines() };

  constructor(listeners: Readonly<Record<Stream, readonly TailListener[]>>) {
    this.#listeners = listeners;
  }

  onOutput(stream: Stream, piece: Buffer): void {
    for (const line of this.#lines[stream].push(piece)) this.#tell(stream, line);
  }

  /** Tells lines without an end. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const line = this.#lines[stream].end();
      if (line !== undefined) this.#tell(stream, line);
    }
  }

  #tell(stream: Stream, line: string): void {
    for (const listener of this.#listeners[stream]) listener.onLine(line);
  }
}
