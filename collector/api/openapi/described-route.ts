/** What the document says of a route. */
export interface DescribedRoute {
  /** `GET`, `POST` … */
  readonly method: string;
  /** Fastify's pattern, such as `/api/runs/:id`. */
  readonly url: string;
  readonly schema: RouteDescription;
}

/** Schemas of Fastify, and words for people; a body or an answer that is not JSON has `content` by media type. */
export interface RouteDescription {
  readonly summary?: string;
  readonly params?: unknown;
  readonly querystring?: unknown;
  readonly body?: unknown;
  readonly response?: unknown;
}
