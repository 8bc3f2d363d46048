/** Whether the same request may succeed later; 407 is a proxy's, which says nothing about the request. */
export function isTransientStatus(status: number): boolean {
  return status === 407 || status === 408 || status === 429 || status >= 500;
}

/** Whether an answer is that of a portal, a gateway or another site: even with status 200 it acknowledges nothing. */
export function isWebPage(contentType: string | undefined): boolean {
  return contentType?.startsWith('text/html') === true;
}
