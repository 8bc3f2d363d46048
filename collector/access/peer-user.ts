import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { isIPv4 } from 'node:net';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
const MAPPED = '::ffff:';

/** Whether the process at the other end of a loopback connection belongs to the user of this one (or to root); found once a connection. */
export class PeerUser {
  readonly #answers = new WeakMap<Socket, boolean>();
  readonly #userId: number;
  #reading: Promise<readonly string[]> | undefined;

  /** @param userId - the user who may connect, by default the one of this process. */
  constructor(userId: number = process.getuid?.() ?? 0) {
    this.#userId = userId;
  }

  /** @returns undefined when that is not known now: the tables of a busy kernel change while they are read, and may leave a connection out. */
  async isSame(socket: Socket): Promise<boolean | undefined> {
    const known = this.#answers.get(socket);
    if (known !== undefined) return known;
    const userId = await this.#find(socket);
    if (userId === undefined) return undefined;
    const answer = userId === this.#userId || userId === 0;
    this.#answers.set(socket, answer);
    return answer;
  }

  /** @returns undefined when the connection is not in the kernel's tables, not even in a reading that began after this call. */
  async #find(socket: Socket): Promise<number | undefined> {
    return userIn(await this.#tables(), socket) ?? userIn(await this.#tables(), socket);
  }

  /** Connections that come at the same time share a reading: the tables are long on a busy machine. */
  #tables(): Promise<readonly string[]> {
    this.#reading ??= Promise.all(TABLES.map((path) => readFile(path, 'latin1'))).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }
}

function userIn(
  tables: readonly string[],
  { remoteAddress, remotePort, localAddress, localPort }: Socket,
): number | undefined {
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  const [remote, local] = [remoteAddress.replace(MAPPED, ''), localAddress.replace(MAPPED, '')];
  for (const prefix of ['', MAPPED]) {
    const ends = ` ${endOf(prefix + remote, remotePort)} ${endOf(prefix + local, localPort)} `;
    for (const table of tables) {
      const start = table.indexOf(ends);
      if (start < 0) continue;
      const [, , , , userId] = table
        .slice(start + ends.length)
        .trim()
        .split(/\s+/, 5);
      return Number(userId);
    }
  }
  return undefined;
}

/** `0100007F:10E6` of 127.0.0.1:4326, as the kernel prints it: words of four bytes in the machine's order. */
function endOf(address: string, port: number | undefined): string {
  const words = isIPv4(address) ? [wordOf(address.split('.').map(Number))] : wordsOfIPv6(address);
  return `${words.join('')}:${(port ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function wordsOfIPv6(address: string): string[] {
  const bytes =
    address.startsWith(MAPPED) && address.includes('.')
      ? [...Array<number>(10).fill(0), 255, 255, ...address.slice(MAPPED.length).split('.').map(Number)]
      : groupsOf(address).flatMap((group) => [group >> 8, group & 255]);
  return [0, 4, 8, 12].map((start) => wordOf(bytes.slice(start, start + 4)));
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::').map((part) => part.replace(/%.*/, ''));
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [parse(head), tail === undefined ? [] : parse(tail)];
  return [...first, ...Array<number>(Math.max(0, 8 - first.length - last.length)).fill(0), ...last];
}

function wordOf(bytes: readonly number[]): string {
  return Buffer.from(bytes).reverse().toString('hex').toUpperCase();
}
