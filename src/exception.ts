import { isNativeError } from 'node:util/types';
import type { AttributeMap } from './attributes.ts';
import { EXCEPTION } from './semconv.ts';

/** Whether a value is an error, also one of another realm: a test runner or `node:vm` has an `Error` of its own. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || isNativeError(value);
}

/** Attributes of something that was thrown, by OpenTelemetry's conventions. */
export function exceptionAttributes(error: unknown): AttributeMap {
  const attributes: AttributeMap = new Map();
  if (isError(error)) {
    attributes.set(EXCEPTION.type, error.name);
    attributes.set(EXCEPTION.message, error.message);
    if (error.stack !== undefined) attributes.set(EXCEPTION.stacktrace, error.stack);
  } else {
    attributes.set(EXCEPTION.type, typeof error);
    attributes.set(EXCEPTION.message, String(error));
  }
  return attributes;
}
