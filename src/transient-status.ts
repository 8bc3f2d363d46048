/** Whether the same request may succeed later; 407 is a proxy's, which says nothing about the request. */
export function isTransientStatus(status: number): boolean {
  return status === 407 || status === 408 || status === 429 || status >= 500;
}
