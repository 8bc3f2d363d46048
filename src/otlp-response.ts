import { readFields } from './protobuf-reader.ts';

/** What a server refused of a request that it otherwise took. */
export interface PartialSuccess {
  /** Data points or log records that were not taken; 0 = a warning only. */
  readonly rejectedItems: number;
  readonly message: string;
}

/**
 * Reads the answer to an export request of any signal.
 *
 * @returns undefined when everything was taken.
 * @see opentelemetry/proto/collector/metrics/v1/metrics_service.proto, field `partial_success`
 */
export function readExportResponse(bytes: Uint8Array): PartialSuccess | undefined {
  for (const { number, value } of readFields(bytes)) {
    if (number !== 1 || typeof value === 'number') continue;
    let rejectedItems = 0;
    let message = '';
    for (const field of readFields(value)) {
      if (field.number === 1 && typeof field.value === 'number') rejectedItems = field.value;
      if (field.number === 2 && typeof field.value !== 'number') message = Buffer.from(field.value).toString();
    }
    return rejectedItems === 0 && message === '' ? undefined : { rejectedItems, message };
  }
  return undefined;
}

/** Text of an error answer: the message of a `google.rpc.Status` in protobuf or JSON, or the first line of any text. */
export function readErrorText(bytes: Uint8Array, contentType: string | undefined): string {
  if (contentType?.startsWith('application/x-protobuf')) return statusMessage(bytes);
  const text = Buffer.from(bytes).toString().trim();
  const message = contentType?.startsWith('application/json') ? /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text) : null;
  return (message?.[1] ?? text.split('\n', 1)[0] ?? '').slice(0, 500);
}

function statusMessage(bytes: Uint8Array): string {
  try {
    for (const { number, value } of readFields(bytes)) {
      if (number === 2 && typeof value !== 'number') return Buffer.from(value).toString().slice(0, 500);
    }
    return '';
  } catch (error) {
    if (error instanceof RangeError) return 'unreadable answer';
    throw error;
  }
}
