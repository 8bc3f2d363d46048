import type { Server, Socket } from 'node:net';

type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>;

/** Connections that say nothing, or read only what is open to all. */
const MAX_STRANGERS = 1000;

/** Bounds the connections of which nobody knows yet who is at the other end: for one too many the oldest is closed, so that who comes next can still say who it is. */
export class Strangers {
  readonly #onClosed: () => void;
  readonly #most: number;
  /** By both ends, the oldest first: TLS and HTTP/2 hand out other objects than the socket. */
  readonly #connections = new Map<string, Socket>();

  /** @param onClosed - told of each connection that had to go. */
  constructor(onClosed: () => void, most: number = MAX_STRANGERS) {
    this.#onClosed = onClosed;
    this.#most = most;
  }

  /** @param server - HTTP, HTTPS or HTTP/2. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  /** Who is at the other end has been let in. */
  letIn(socket: Ends): void {
    this.#connections.delete(endsOf(socket));
  }

  #add(socket: Socket): void {
    const ends = endsOf(socket);
    this.#connections.set(ends, socket);
    socket.once('close', () => this.#connections.delete(ends));
    if (this.#connections.size <= this.#most) return;
    const [oldest] = this.#connections.values();
    oldest?.destroy();
    this.#onClosed();
  }
}

function endsOf({ remoteAddress, remotePort, localPort }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
