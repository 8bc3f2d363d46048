import type { AlertMessage } from '../pipeline/alert-message.ts';

/** A message with what is known only when it is sent. */
export interface Delivery extends AlertMessage {
  /** Page of the run. */
  readonly url: string;
  /** Last values that were evaluated, drawn in text; empty when there are none. */
  readonly sparkline: string;
}

/** A way to reach people or programs. */
export interface Channel {
  readonly name: string;
  /** Most messages in one call. */
  readonly groupSize: number;
  /** What still fires is told again after this time; undefined = once is enough. */
  readonly repeatMilliseconds?: number;
  /** What is wrong although the last messages were taken; undefined = nothing. */
  readonly complaint?: string | undefined;
  /**
   * Resolves when the other side has taken all of them.
   *
   * @throws Error with the reason: they are sent again later.
   */
  send(deliveries: readonly Delivery[]): Promise<void>;
  close(): Promise<void>;
}
