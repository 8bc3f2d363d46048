interface FailureHints {
  /** True: the receiver is there, and does not take what these messages say. */
  readonly isRefused?: boolean;
  /** How long the receiver wants to be left alone. */
  readonly retryAfterMilliseconds?: number;
}

/** Why a channel did not take messages, with what the next attempt should know. */
export class DeliveryFailure extends Error {
  readonly isRefused: boolean;
  readonly retryAfterMilliseconds: number;

  constructor(message: string, { isRefused = false, retryAfterMilliseconds = 0 }: FailureHints) {
    super(message);
    this.isRefused = isRefused;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
  }
}
