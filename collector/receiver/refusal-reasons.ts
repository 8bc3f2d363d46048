const SHOWN_CHARACTERS = 60;

function shown(name: string): string {
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}

/** Why a point, a record or a span was refused: names the field and the fix. The same for protobuf and JSON. */
export const REFUSAL = {
  nameMissing: 'metric has no name: set Metric.name',
  nameTooLong: (name: string, limit: number) =>
    `metric name ${shown(name)} is longer than ${limit} characters: shorten it`,
  timeMissing: (name: string) => `point of ${shown(name)} has no time: set time_unix_nano`,
  timeTooLate: (name: string) => `time of ${shown(name)} is after the year 2262: time_unix_nano is in nanoseconds`,
  valueMissing: (name: string) => `point of ${shown(name)} has no numeric value: set as_double or as_int to a number`,
  temporality: (name: string) => `aggregation_temporality of ${shown(name)} is neither delta (1) nor cumulative (2)`,
  step: (name: string) => `simvue.step of ${shown(name)} is not an integer between -2^53 and 2^53`,
  runTime: (name: string) => `simvue.time of ${shown(name)} is not a number of seconds`,
  tooManyAttributes: (name: string, limit: number) =>
    `point of ${shown(name)} has more than ${limit} attributes: remove some`,
  attributeTooLarge: (name: string, key: string, limit: number) =>
    `attribute ${shown(key)} of ${shown(name)} is larger than ${limit} bytes: shorten it`,
  buckets: (name: string) =>
    `bucket_counts of ${shown(name)} do not fit explicit_bounds: one count more than rising bounds is needed`,
  number: (name: string, field: string) => `${field} of ${shown(name)} is not a number`,
  recordTimeMissing: 'log record has no time: set time_unix_nano or observed_time_unix_nano',
  severity: (value: unknown) => `severity_number ${shown(String(value))} is not between 0 and 24`,
  bodyTooLarge: (limit: number) => `body of a log record is larger than ${limit} bytes: shorten it`,
  noValues: 'simvue.metrics record has no numeric value: give a map body {name: number} or numeric attributes',
  notObject: (what: string) => `${what} is not a JSON object`,
  notMap: (what: string) => `${what} is not a map`,
  valueNotNumber: (name: string) => `value of ${shown(name)} is not a number`,
  spanIds: (name: string) => `span ${shown(name)} has no trace_id of 16 bytes or no span_id of 8`,
  spanTimeMissing: (name: string) => `span ${shown(name)} has no start or no end: set both times`,
  spanTooLarge: (name: string, limit: number) => `span ${shown(name)} is larger than ${limit} bytes: shorten it`,
} as const;
