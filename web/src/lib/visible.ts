/** Svelte action: tells when an element enters or leaves the screen, with a margin of one card. */
export function whenVisible(element: HTMLElement, report: (visible: boolean) => void): { destroy(): void } {
  const observer = new IntersectionObserver((entries) => report(entries.some((entry) => entry.isIntersecting)), {
    rootMargin: '240px',
  });
  observer.observe(element);
  return { destroy: () => observer.disconnect() };
}
