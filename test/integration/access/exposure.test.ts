import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCertificate } from '../../support/certificates.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { CollectorProcess, runCollectorCommand } from '../../support/collector-process.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simvue-tls-'));
  const authority = await writeCertificate(folder, 'ca');
  await writeCertificate(folder, 'server', authority);
  await writeCertificate(folder, 'carol', authority);
  await writeCertificate(folder, 'stranger');
});
afterAll(() => rmSync(folder, { recursive: true }));

const tls = (clientCaFile?: string) => ({
  certificateFile: file('server.pem'),
  keyFile: file('server.key'),
  clientCaFile,
});

/** `GET /api/whoami` over TLS, with or without a client certificate. */
function whoami(url: string, certificate?: string, token?: string): Promise<{ status: number; body: string }> {
  const identity =
    certificate === undefined
      ? {}
      : { cert: readFileSync(file(`${certificate}.pem`)), key: readFileSync(file(`${certificate}.key`)) };
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const call = request(
      `${url}/api/whoami`,
      {
        ca: readFileSync(file('ca.pem')),
        servername: 'server',
        checkServerIdentity: () => undefined,
        headers,
        ...identity,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    call.on('error', reject).end();
  });
}

describe('an address that others can reach', () => {
  const start = (...args: readonly string[]) =>
    runCollectorCommand(['--host', '0.0.0.0', '--port', '0', '--data', file('exposed'), ...args]);

  it('is not served without a token, nor without TLS, and the line says what to do', async () => {
    const bare = await start();
    expect([bare.code, bare.stderr]).toEqual([
      2,
      expect.stringMatching(/^simvue-collector: --host: .*no valid token.*token create.*\n$/),
    ]);
    const made = await runCollectorCommand(['token', 'create', '--data', file('exposed')]);
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}\n$/)]);
    const plain = await start();
    expect([plain.code, plain.stderr]).toEqual([2, expect.stringMatching(/--tls-cert and --tls-key, or --insecure/)]);
    const half = await start('--tls-cert', file('server.pem'));
    expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('--tls-key: is missing')]);
    const wrong = await start('--tls-cert', file('none.pem'), '--tls-key', file('server.key'));
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--tls-cert')]);
  });

  it('speaks TLS, and asks for a token there too', async () => {
    const { collector, tokens } = await startGuarded(
      { ann: { username: 'ann', scopes: ['read'] } },
      { tls: tls(), isInsecure: false },
    );
    await using _ = collector;
    expect((await whoami(collector.url)).status).toBe(401);
    expect(await whoami(collector.url, undefined, tokens.ann)).toMatchObject({
      status: 200,
      body: expect.stringContaining('ann'),
    });
    await expect(fetch(collector.url.replace('https', 'http'))).rejects.toThrow();
  });

  it('lets in who has a certificate of the given authority, by its name, and nobody with another', async () => {
    const { collector } = await startGuarded({}, { tls: tls(file('ca.pem')), isInsecure: false });
    await using _ = collector;
    expect(await whoami(collector.url, 'carol')).toMatchObject({
      status: 200,
      body: expect.stringContaining('"carol"'),
    });
    expect((await whoami(collector.url, 'stranger')).status).toBe(401);
    expect((await whoami(collector.url)).status).toBe(401);
  });

  it('does not let in a disabled user, whose certificate is good for longer', async () => {
    const users = { carol: { username: 'carol', scopes: [], tenant: 'one', isEnabled: false } } as const;
    const { collector } = await startGuarded(users, { tls: tls(file('ca.pem')), isInsecure: false });
    await using _ = collector;
    expect(await whoami(collector.url, 'carol')).toMatchObject({
      status: 401,
      body: expect.stringContaining('the user carol is disabled'),
    });
  });
});

describe('loopback', () => {
  const askAs = async (uid: number, url: string, token = ''): Promise<string> => {
    const script = `fetch('${url}/api/runs',{headers:{${token === '' ? '' : `authorization:'Bearer ${token}'`}}}).then(r=>console.log(r.status))`;
    const child = spawn(process.execPath, ['-e', script], { uid, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = await once(child.stdout.setEncoding('utf8'), 'data');
    return String(output).trim();
  };

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'is for the user of the collector and root, for others with a token or --open-loopback',
    async () => {
      await using guarded = await CollectorProcess.start();
      expect(await askAs(0, guarded.url)).toBe('200');
      expect(await askAs(65534, guarded.url)).toBe('401');
      const { stdout } = await runCollectorCommand([
        'token',
        'create',
        '--data',
        guarded.dataDirectory,
        '--user',
        'nobody',
      ]);
      expect(await askAs(65534, guarded.url, stdout.trim())).toBe('200');
      await using open = await CollectorProcess.start({ args: ['--open-loopback'] });
      expect(await askAs(65534, open.url)).toBe('200');
    },
  );

  it('does not look at a token that it does not know', async () => {
    await using collector = await TestCollector.start();
    expect((await collector.ask('GET', '/whoami', undefined, { authorization: 'Bearer nonsense' })).json.username).toBe(
      'local',
    );
  });
});

describe.concurrent('the token command', () => {
  it('makes, lists and revokes tokens while the collector runs', async () => {
    await using collector = await CollectorProcess.start();
    const run = (...args: readonly string[]) =>
      runCollectorCommand(['token', ...args, '--data', collector.dataDirectory]);
    const { stdout } = await run(
      'create',
      '--user',
      'dora',
      '--name',
      'cluster',
      '--scopes',
      'read,ingest',
      '--expires',
      '90d',
    );
    const payload = JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString());
    expect([payload.sub, Math.round((payload.exp - Date.now() / 1000) / 86_400)]).toEqual(['dora', 90]);
    const who = async () =>
      (await (
        await fetch(`${collector.url}/api/whoami`, { headers: { authorization: `Bearer ${stdout.trim()}` } })
      ).json()) as { username: string };
    expect((await who()).username).toBe('dora');
    const line = (await run('list')).stdout.split('\n').find((text) => text.includes('dora')) ?? '';
    expect(line.split('\t')).toEqual([
      payload.jti,
      'dora',
      'read,ingest',
      expect.stringContaining('until 20'),
      'cluster',
    ]);
    expect((await run('revoke', payload.jti)).code).toBe(0);
    expect((await who()).username).toBe('local');
    expect((await run('list')).stdout).toContain('\trevoked\tcluster');
    expect((await run('revoke', payload.jti)).stderr).toContain('is not a valid token');
  });

  it.each([
    ['an unknown scope', ['create', '--scopes', 'read,everything'], '--scopes: "everything" is not a scope'],
    ['a time that is none', ['create', '--expires', 'soon'], '--expires: "soon" is not a time'],
    ['an unknown flag', ['create', '--colour', 'red'], '--colour'],
    ['no such command', ['steal'], "unknown command 'steal'"],
  ])('with %s says what is wrong in one line, exit code 2', async (_what, args, message) => {
    const exit = await runCollectorCommand(['token', ...args]);
    expect([exit.code, exit.stderr.split('\n').length]).toEqual([2, 2]);
    expect(exit.stderr).toContain(message);
  });
});
