import { create, createFileRegistry, type DescMessage, fromJson, toBinary, toJsonString } from '@bufbuild/protobuf';
import {
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

/**
 * The OTLP messages that the receiver reads, as protobuf-es descriptors made by hand: an encoder that is not ours.
 *
 * Each field is `name number type`, `*` = repeated, `?` = optional with presence, `|` = member of the message's oneof.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto
 */
const MESSAGES: Record<string, string> = {
  AnyValue:
    'string_value| 1 string, bool_value| 2 bool, int_value| 3 int64, double_value| 4 double, array_value| 5 ArrayValue, kvlist_value| 6 KeyValueList, bytes_value| 7 bytes',
  ArrayValue: 'values* 1 AnyValue',
  KeyValueList: 'values* 1 KeyValue',
  KeyValue: 'key 1 string, value 2 AnyValue',
  Resource: 'attributes* 1 KeyValue, dropped_attributes_count 2 uint32',
  InstrumentationScope: 'name 1 string, version 2 string, attributes* 3 KeyValue',
  MetricsRequest: 'resource_metrics* 1 ResourceMetrics',
  ResourceMetrics: 'resource 1 Resource, scope_metrics* 2 ScopeMetrics, schema_url 3 string',
  ScopeMetrics: 'scope 1 InstrumentationScope, metrics* 2 Metric, schema_url 3 string',
  Metric:
    'name 1 string, description 2 string, unit 3 string, gauge| 5 Gauge, sum| 7 Sum, histogram| 9 Histogram, exponential_histogram| 10 ExponentialHistogram, summary| 11 Summary',
  Gauge: 'data_points* 1 NumberDataPoint',
  Sum: 'data_points* 1 NumberDataPoint, aggregation_temporality 2 int32, is_monotonic 3 bool',
  Histogram: 'data_points* 1 HistogramDataPoint, aggregation_temporality 2 int32',
  ExponentialHistogram: 'data_points* 1 ExponentialHistogramDataPoint, aggregation_temporality 2 int32',
  Summary: 'data_points* 1 SummaryDataPoint',
  NumberDataPoint:
    'start_time_unix_nano 2 fixed64, time_unix_nano 3 fixed64, as_double| 4 double, as_int| 6 sfixed64, attributes* 7 KeyValue, flags 8 uint32',
  HistogramDataPoint:
    'start_time_unix_nano 2 fixed64, time_unix_nano 3 fixed64, count 4 fixed64, sum? 5 double, bucket_counts* 6 fixed64, explicit_bounds* 7 double, attributes* 9 KeyValue, flags 10 uint32, min? 11 double, max? 12 double',
  ExponentialHistogramDataPoint:
    'attributes* 1 KeyValue, time_unix_nano 3 fixed64, count 4 fixed64, sum? 5 double, scale 6 sint32, zero_count 7 fixed64, positive 8 Buckets, negative 9 Buckets, flags 10 uint32, min? 12 double, max? 13 double, zero_threshold 14 double',
  Buckets: 'offset 1 sint32, bucket_counts* 2 uint64',
  SummaryDataPoint:
    'time_unix_nano 3 fixed64, count 4 fixed64, sum? 5 double, quantile_values* 6 ValueAtQuantile, attributes* 7 KeyValue, flags 8 uint32',
  ValueAtQuantile: 'quantile 1 double, value 2 double',
  LogsRequest: 'resource_logs* 1 ResourceLogs',
  ResourceLogs: 'resource 1 Resource, scope_logs* 2 ScopeLogs',
  ScopeLogs: 'scope 1 InstrumentationScope, log_records* 2 LogRecord',
  LogRecord:
    'time_unix_nano 1 fixed64, severity_number 2 int32, severity_text 3 string, body 5 AnyValue, attributes* 6 KeyValue, dropped_attributes_count 7 uint32, flags 8 fixed32, trace_id 9 bytes, span_id 10 bytes, observed_time_unix_nano 11 fixed64, event_name 12 string',
  TracesRequest: 'resource_spans* 1 ResourceSpans',
  ResourceSpans: 'resource 1 Resource, scope_spans* 2 ScopeSpans',
  ScopeSpans: 'scope 1 InstrumentationScope, spans* 2 Span',
  Span: 'trace_id 1 bytes, span_id 2 bytes, trace_state 3 string, parent_span_id 4 bytes, name 5 string, kind 6 int32, start_time_unix_nano 7 fixed64, end_time_unix_nano 8 fixed64, attributes* 9 KeyValue, dropped_attributes_count 10 uint32, events* 11 SpanEvent, links* 13 SpanLink, status 15 SpanStatus, flags 16 fixed32',
  SpanEvent: 'time_unix_nano 1 fixed64, name 2 string, attributes* 3 KeyValue, dropped_attributes_count 4 uint32',
  SpanLink: 'trace_id 1 bytes, span_id 2 bytes, trace_state 3 string, attributes* 4 KeyValue, flags 6 fixed32',
  SpanStatus: 'message 2 string, code 3 int32',
};

const PACKAGE = 'otlp';
const SCALARS: Record<string, FieldDescriptorProto_Type> = {
  double: FieldDescriptorProto_Type.DOUBLE,
  int64: FieldDescriptorProto_Type.INT64,
  uint64: FieldDescriptorProto_Type.UINT64,
  int32: FieldDescriptorProto_Type.INT32,
  uint32: FieldDescriptorProto_Type.UINT32,
  sint32: FieldDescriptorProto_Type.SINT32,
  fixed64: FieldDescriptorProto_Type.FIXED64,
  fixed32: FieldDescriptorProto_Type.FIXED32,
  sfixed64: FieldDescriptorProto_Type.SFIXED64,
  bool: FieldDescriptorProto_Type.BOOL,
  string: FieldDescriptorProto_Type.STRING,
  bytes: FieldDescriptorProto_Type.BYTES,
};

function field(text: string, optionals: string[], hasOneof: boolean): FieldDescriptorProto {
  const [spec = '', number, type = ''] = text.split(' ');
  const name = spec.replace(/[*?|]$/, '');
  const scalar = SCALARS[type];
  const oneofIndex = (hasOneof ? 1 : 0) + optionals.indexOf(name);
  return create(FieldDescriptorProtoSchema, {
    name,
    number: Number(number),
    label: spec.endsWith('*') ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    jsonName: name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    ...(scalar === undefined
      ? { type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${PACKAGE}.${type}` }
      : { type: scalar }),
    ...(spec.endsWith('|') ? { oneofIndex: 0 } : spec.endsWith('?') ? { proto3Optional: true, oneofIndex } : {}),
  });
}

const file = create(FileDescriptorProtoSchema, {
  name: 'otlp.proto',
  package: PACKAGE,
  syntax: 'proto3',
  messageType: Object.entries(MESSAGES).map(([name, fields]) => {
    const texts = fields.split(', ');
    const optionals = [...fields.matchAll(/(\w+)\?/g)].map((match) => match[1] as string);
    const hasOneof = fields.includes('|');
    return {
      name,
      field: texts.map((text) => field(text, optionals, hasOneof)),
      oneofDecl: [...(hasOneof ? [{ name: 'value' }] : []), ...optionals.map((optional) => ({ name: `_${optional}` }))],
    };
  }),
});

const registry = createFileRegistry(file, () => undefined);

function schema(name: string): DescMessage {
  const found = registry.getMessage(`${PACKAGE}.${name}`);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests write requests as proto3 JSON literals
type Json = any;

/** Encodes a request given as proto3 JSON (`timeUnixNano: '1'`, bytes as base64) as protobuf. */
export function encodeProtobuf(message: keyof typeof MESSAGES, json: Json): Buffer {
  const descriptor = schema(message);
  return Buffer.from(toBinary(descriptor, fromJson(descriptor, json)));
}

/** The same request as protobuf-es writes it in JSON. */
export function encodeJson(message: keyof typeof MESSAGES, json: Json): Buffer {
  const descriptor = schema(message);
  return Buffer.from(toJsonString(descriptor, fromJson(descriptor, json)));
}
