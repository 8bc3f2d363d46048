import type { AttributeMap } from './attributes.ts';
import { EXCEPTION } from './semconv.ts';

/** Attributes of something that was thrown, by OpenTelemetry's conventions. */
export function exceptionAttributes(error: unknown): AttributeMap {
  const attributes: AttributeMap = new Map();
  if (error instanceof Error) {
    attributes.set(EXCEPTION.type, error.name);
    attributes.set(EXCEPTION.message, error.message);
    if (error.stack !== undefined) attributes.set(EXCEPTION.stacktrace, error.stack);
  } else {
    attributes.set(EXCEPTION.type, typeof error);
    attributes.set(EXCEPTION.message, String(error));
  }
  return attributes;
}
