/** A JSON-like attribute value of OTLP; bytes are kept as base64 text, integers beyond 2^53 as decimal text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key; a null-prototype object, so that `__proto__` is data. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** How the values of a series relate in time. `delta` values are stored raw; totals are computed on read. */
export type Temporality = 'gauge' | 'cumulative' | 'delta';

/** What is the same for all points of a series of one resource. */
export interface SeriesDefinition {
  /** Metric name as the user wrote it. */
  readonly name: string;
  /** Point attributes outside `simvue.*`, as text, sorted by key. */
  readonly attributes: readonly (readonly [key: string, value: string])[];
  /** `name` or `name{k="v",…}`, escaped as in Prometheus: name of the series in REST and in the page. */
  readonly displayName: string;
  /** UCUM, empty when none was given. */
  readonly unit: string;
  readonly temporality: Temporality;
}

/** One log record. Times are nanoseconds since the epoch. */
export interface EventRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** OTLP severity number 0 (unspecified) to 24. */
  readonly severityNumber: number;
  readonly severityText: string;
  /** From the field or the attribute `event.name`; empty when there is none. */
  readonly eventName: string;
  /** Text of the body; a body that is not a string is kept as JSON text. */
  readonly body: string;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
  /** `log.record.uid`, when there is one. */
  readonly uid: string | undefined;
}
