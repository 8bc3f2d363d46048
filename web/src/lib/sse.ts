/** One message of a server-sent event stream. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

const MAX_BUFFER_CHARACTERS = 4_000_000;

/**
 * Parser of `text/event-stream` fed with text as it arrives; comment lines count as a sign of life only.
 * @returns a function that takes the next piece and returns the messages it completes.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createEventStreamParser(): (piece: string) => ServerSentEvent[] {
  let buffer = '';
  let event = '';
  let data: string[] = [];
  const takeLine = (line: string, out: ServerSentEvent[]) => {
    if (line === '') {
      if (data.length > 0) out.push({ event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  };
  return (piece) => {
    buffer += piece;
    if (buffer.length > MAX_BUFFER_CHARACTERS) throw new Error('the live stream sent a message of more than 4 MB');
    const out: ServerSentEvent[] = [];
    // A trailing CR waits: the LF that belongs to it may come with the next piece.
    const lines = buffer.split(/\r\n|\n|\r(?!$)/);
    buffer = lines.pop() ?? '';
    for (const line of lines) takeLine(line, out);
    return out;
  };
}
