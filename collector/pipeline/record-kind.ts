/** Kind byte of an ingest record: which decoder reads its payload. */
export const RECORD_KIND = {
  otlpMetricsProtobuf: 1,
  otlpLogsProtobuf: 2,
  otlpTracesProtobuf: 3,
  otlpMetricsJson: 4,
  otlpLogsJson: 5,
  otlpTracesJson: 6,
  simvueMetricsMsgpack: 7,
  simvueEventsMsgpack: 8,
} as const;
export type RecordKind = (typeof RECORD_KIND)[keyof typeof RECORD_KIND];
