/** Shows an element on the whole screen, or the page again; a browser that does not allow it leaves everything as it is. */
export async function toggleFullScreen(element: HTMLElement): Promise<void> {
  await (document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen()).catch(() => undefined);
}
