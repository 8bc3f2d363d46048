/** What the generator sends, and how. */
export interface LoadOptions {
  readonly url: string;
  readonly prefix: string;
  readonly runs: number;
  readonly metrics: number;
  /** Steps of each series in one request. */
  readonly steps: number;
  /** Event time between two steps; default 1,000. */
  readonly stepMicros?: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a connection sends at most; 0 = no limit. */
  readonly requests: number;
  /** Points a second over all connections; 0 = as fast as it is answered. */
  readonly rate: number;
  readonly gzip: boolean;
  /** Seconds after the end in which a request without an answer is still tried again. */
  readonly graceSeconds: number;
}

/** What was acknowledged: everything a check needs to ask for each point. */
export interface LoadReport {
  readonly prefix: string;
  readonly runs: number;
  readonly metrics: number;
  readonly steps: number;
  readonly connections: number;
  readonly startUnixMillis: number;
  readonly seconds: number;
  readonly acknowledgedPoints: number;
  readonly pointsPerSecond: number;
  /** By connection: steps below this one were acknowledged. */
  readonly acknowledgedSteps: readonly number[];
  /** By connection: steps below this one were sent, with or without an answer. */
  readonly sentSteps: readonly number[];
  /** Answers by HTTP status or error code. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers 200 that carried a partial_success with something in it. */
  readonly partialAnswers: number;
  readonly megabytesPerSecond: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  readonly maxMillis: number;
  readonly generatorCpuNanosecondsPerPoint: number;
}
