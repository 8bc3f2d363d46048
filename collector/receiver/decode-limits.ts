import { MAX_EVENT_BYTES } from 'simvue-otel/semconv';

/** What the decoder accepts. A point or record beyond a limit is refused and counted; the rest of its request is kept. */
export interface DecodeLimits {
  /** Nesting of attribute values; a deeper request is malformed. */
  readonly depth: number;
  readonly nameCharacters: number;
  readonly seriesAttributes: number;
  /** Key and text of one attribute of a series, UTF-8. */
  readonly attributeBytes: number;
  readonly eventBodyBytes: number;
  /** Texts of one span: name, status, and attributes of it and of its events and links. */
  readonly spanBytes: number;
  /** A request of more spans is too large (→ 413). */
  readonly spansPerRequest: number;
  /** A request of more points is too large (→ 413): it must fit in half of the staging memory. */
  readonly pointsPerRequest: number;
  /** Resources kept interned; the least recently used ones are forgotten. */
  readonly resources: number;
  readonly resourcesBytes: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  depth: 64,
  nameCharacters: 255,
  seriesAttributes: 64,
  attributeBytes: 1024,
  eventBodyBytes: MAX_EVENT_BYTES,
  spanBytes: 256 << 10,
  spansPerRequest: 100_000,
  pointsPerRequest: 1_500_000,
  resources: 50_000,
  resourcesBytes: 256 << 20,
};
