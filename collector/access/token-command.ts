import { Command, CommanderError } from 'commander';
import { configError, SimvueError } from 'simvue-otel/errors';
import { formatTimestamp, NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import { LOCAL_USER, SCOPES, type Scope } from '../pipeline/principal.ts';
import type { AccountStore, TokenRow } from '../store/account-store.ts';
import { createToken } from './token.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };
const DEFAULT_LIFETIME = '365d';
const DEFAULT_SCOPES: readonly Scope[] = ['read', 'ingest'];

/** Where the command writes, and how it opens the accounts of a data directory (a running collector may have it open too). */
export interface TokenCommandEnvironment {
  readonly dataDirectory: string;
  readonly open: (dataDirectory: string) => { readonly accounts: AccountStore; close(): Promise<void> };
  /** The answer alone. */
  readonly print: (text: string) => void;
  /** Words for the person at the terminal. */
  readonly tell: (text: string) => void;
}

interface Flags {
  data: string;
  user: string;
  name: string;
  scopes: readonly Scope[];
  expires: number;
}

/**
 * Runs `simvue-collector token create|list|revoke`.
 *
 * @throws SimvueError `SIMVUE_ERR_CONFIG` that names the flag and the fix.
 */
export async function runTokenCommand(argv: readonly string[], environment: TokenCommandEnvironment): Promise<void> {
  const command = createCommand(environment);
  try {
    await command.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') return;
    const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    throw new SimvueError('SIMVUE_ERR_CONFIG', `${message}. See simvue-collector token --help`);
  }
}

function createCommand({ dataDirectory, open, print, tell }: TokenCommandEnvironment): Command {
  const withAccounts = async (data: string, work: (accounts: AccountStore) => void): Promise<void> => {
    const { accounts, close } = open(data);
    try {
      work(accounts);
    } finally {
      await close();
    }
  };
  const command = new Command('simvue-collector token')
    .description('Makes, lists and revokes tokens, whether the collector runs or not.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const sub = (name: string, description: string): Command =>
    command
      .command(name)
      .description(description)
      .option('--data <directory>', 'data directory of the collector', dataDirectory)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });

  sub('create', 'make a token and print it alone on standard output; it is not shown again')
    .option('--user <name>', 'whose runs it makes', LOCAL_USER)
    .option('--name <text>', 'what it is for', '')
    .option('--scopes <list>', `what it allows: ${SCOPES.join(', ')}`, parseScopes, DEFAULT_SCOPES)
    .option(
      '--expires <time>',
      'how long it is good, such as 12h, 90d, 1y',
      parseLifetime,
      parseLifetime(DEFAULT_LIFETIME),
    )
    .action(({ data, user, name, scopes, expires }: Flags) =>
      withAccounts(data, (accounts) => {
        const token = { username: user, name, scopes, lifetimeSeconds: expires };
        const { text, row } = createToken(accounts, token, BigInt(Date.now()) * NANOS_PER_MILLISECOND);
        print(text);
        tell(`token ${row.id} of ${user} (${scopes.join(', ')}) is good until ${formatTimestamp(row.expiresUnixNano)}`);
      }),
    );
  sub('list', 'list the tokens that were made').action(({ data }: Flags) =>
    withAccounts(data, (accounts) => {
      for (const token of accounts.tokens()) print(describe(token));
    }),
  );
  sub('revoke', 'make a token useless')
    .argument('<id>', 'id of the token, as token list shows it')
    .action((id: string, { data }: Flags) =>
      withAccounts(data, (accounts) => {
        if (!accounts.revokeToken(id))
          throw configError('token', `${id} is not a valid token`, 'See simvue-collector token list');
        tell(`token ${id} is revoked`);
      }),
    );
  return command;
}

/** Id, user, scopes, state and name, separated by tabs. */
function describe({ id, username, scopes, name, expiresUnixNano, revokedUnixNano }: TokenRow): string {
  const isExpired = expiresUnixNano <= BigInt(Date.now()) * NANOS_PER_MILLISECOND;
  const state =
    revokedUnixNano !== null ? 'revoked' : isExpired ? 'expired' : `until ${formatTimestamp(expiresUnixNano)}`;
  return [id, username, scopes.join(','), state, name].join('\t');
}

function parseScopes(text: string): readonly Scope[] {
  return text.split(',').map((word) => {
    const scope = SCOPES.find((known) => known === word.trim());
    if (scope !== undefined) return scope;
    throw configError('--scopes', `${JSON.stringify(word)} is not a scope`, `Give some of ${SCOPES.join(',')}`);
  });
}

function parseLifetime(text: string): number {
  const [, number, unit = ''] = /^(\d+)([mhdwy])$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number) * (UNIT_SECONDS[unit] ?? 0);
  throw configError('--expires', `${JSON.stringify(text)} is not a time`, 'Give for example --expires 90d');
}
