/** Names of channels in the `notification` of an alert. */
export function channelsOf(notification: string): string[] {
  return notification
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'none');
}
