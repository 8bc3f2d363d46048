import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parseIni } from '../../../src/config/ini.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { resolveEndpoints } from '../../../src/endpoints.ts';
import { withDefaults } from '../../../src/run-options.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simvue-config-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

/** Settings of a program in `work/deep` of a user whose home is `home`. */
async function settings(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  given: { url?: string; profile?: string } = {},
) {
  const directory = join(root, 'work', 'deep');
  await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return loadSettings(given, { environment, directory, home: join(root, 'home') });
}

const server = (url: string, token = 'file-token') => `[server]\nurl = "${url}"\ntoken = "${token}"\n`;
const TOML = 'work/simvue.toml';

describe('the file is the first there is, from here upward, then at home', () => {
  test.each([
    { files: ['work/deep/simvue.toml', 'work/simvue.toml'], found: 'work/deep/simvue.toml' },
    { files: ['work/deep/.simvue.toml', 'work/simvue.toml'], found: 'work/deep/.simvue.toml' },
    { files: ['work/simvue.toml', 'home/.simvue.toml'], found: 'work/simvue.toml' },
    { files: ['home/.simvue.toml', 'home/simvue.ini'], found: 'home/.simvue.toml' },
    { files: ['work/simvue.ini', 'work/simtrack.ini'], found: 'work/simvue.ini' },
    { files: ['work/simtrack.ini'], found: 'work/simtrack.ini' },
  ])('$files: $found', async ({ files, found }) => {
    const { environment } = await settings(Object.fromEntries(files.map((path) => [path, server(`http://${path}`)])));
    expect(environment['SIMVUE_URL']).toBe(`http://${found}`);
  });

  test('without a file, the environment is all there is', async () => {
    const { environment, config, run } = await settings({}, { SIMVUE_MODE: 'offline', SIMVUE_RUN_TAGS: 'a, b' });
    expect([environment, config, run]).toEqual([
      { SIMVUE_MODE: 'offline', SIMVUE_RUN_TAGS: 'a, b' },
      { mode: 'offline' },
      { tags: ['a', 'b'] },
    ]);
  });
});

describe('argument > SIMVUE_* > SIMTRACK_* > file > OTEL_* (B20)', () => {
  const layers = {
    otel: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel' },
    simtrack: { SIMTRACK_URL: 'http://simtrack' },
    simvue: { SIMVUE_URL: 'http://simvue' },
  };
  const file = { [TOML]: server('http://file') };
  test.each([
    { title: 'nothing', files: {}, environment: {}, given: {}, control: 'http://127.0.0.1:4318' },
    { title: 'OTEL', files: {}, environment: layers.otel, given: {}, control: 'http://otel' },
    { title: 'file', files: file, environment: layers.otel, given: {}, control: 'http://file' },
    {
      title: 'SIMTRACK',
      files: file,
      environment: { ...layers.otel, ...layers.simtrack },
      given: {},
      control: 'http://simtrack',
    },
    {
      title: 'SIMVUE',
      files: file,
      environment: { ...layers.otel, ...layers.simtrack, ...layers.simvue },
      given: {},
      control: 'http://simvue',
    },
    {
      title: 'argument',
      files: file,
      environment: layers.simvue,
      given: { url: 'http://given' },
      control: 'http://given',
    },
  ])('$title', async ({ files, environment, given, control }) => {
    const found = resolveEndpoints(given, (await settings(files, environment, given)).environment);
    expect(found.control.url).toBe(control);
  });

  test('a token of the file goes to the server of the file, not to another', async () => {
    const tokenFor = async (environment: Readonly<Record<string, string>>, given: { url?: string } = {}) =>
      resolveEndpoints(given, (await settings(file, environment, given)).environment).control.headers['authorization'];
    expect(await tokenFor({})).toBe('Bearer file-token');
    expect(await tokenFor({ SIMVUE_URL: 'http://file' })).toBe('Bearer file-token');
    expect(await tokenFor({ SIMVUE_URL: 'http://other' })).toBeUndefined();
    expect(await tokenFor({}, { url: 'http://other' })).toBeUndefined();
    expect(await tokenFor({ SIMVUE_TOKEN: 'own' })).toBe('Bearer own');
  });

  test('what the program says about a run is completed; metadata are those of both', async () => {
    const { run } = await settings({ [TOML]: '[run]\nfolder = "/f"\ntags = ["t"]\n[run.metadata]\na = 1\nb = 2\n' });
    expect(withDefaults({ name: 'n', metadata: { b: 3 } }, run)).toEqual({
      name: 'n',
      folder: '/f',
      tags: ['t'],
      metadata: { a: 1, b: 3 },
    });
  });
});

test('a profile takes the place of the server; one that is not there is an error', async () => {
  const text = `${server('http://main')}[profiles.test]\nurl = "http://test"\n`;
  expect((await settings({ [TOML]: text }, {}, { profile: 'test' })).environment).toEqual({
    SIMVUE_URL: 'http://test',
  });
  expect((await settings({ [TOML]: text }, { SIMVUE_SERVER_PROFILE: 'test' })).environment['SIMVUE_URL']).toBe(
    'http://test',
  );
  await expect(settings({ [TOML]: text }, {}, { profile: 'none' })).rejects.toThrow('has no [profiles.none]');
  await expect(settings({}, {}, { profile: 'none' })).rejects.toThrow('profile');
});

test('every kind of value is read from a file and from the environment', async () => {
  const text = [
    '[run]\nmode = "disabled"\nrecord_shell_vars = ["SLURM_*"]',
    '[offline]\ncache = "/scratch/simvue"\nmax_bytes = 1000',
    '[metrics]\nsystem_metrics_interval = 10\ndisable_resources_metrics = false',
    '[client]\nsuppress_errors = false\nabort_on_alert = "run"',
  ].join('\n');
  const expected = {
    mode: 'disabled',
    recordShellVars: ['SLURM_*'],
    spoolDirectory: '/scratch/simvue',
    spoolMaxBytes: 1000,
    resourcesMetricsInterval: 10,
    disableResourcesMetrics: false,
    suppressErrors: false,
    abortOnAlert: 'run',
  };
  expect((await settings({ [TOML]: text })).config).toEqual(expected);
  const environment = { SIMVUE_SUPPRESS_ERRORS: 'TRUE', SIMVUE_SPOOL_MAX_BYTES: '5', SIMVUE_MODE: 'online' };
  expect((await settings({}, environment)).config).toEqual({
    ...expected,
    suppressErrors: true,
    spoolMaxBytes: 5,
    mode: 'online',
  });
});

test.each([
  { text: '[server\nurl = 1', problem: 'simvue.toml' },
  { text: '[run]\nmode = "fast"', problem: 'run.mode: "fast" is not one of online, offline, disabled' },
  { text: '[offline]\nmax_bytes = "much"', problem: 'offline.max_bytes: "much" is not a number' },
  { text: '[run]\ntags = [1]', problem: 'run.tags: [1] is not a list of texts' },
  { text: '[server]\nurl = 5', problem: `${TOML}: url: 5 is not an http or https address` },
  { text: '[client]\nsuppress_errors = "maybe"', problem: 'client.suppress_errors: "maybe" is not true or false' },
])('a wrong file stops with its key: $problem', async ({ text, problem }) => {
  await expect(settings({ [TOML]: text })).rejects.toThrow(problem);
});

test('a key that looks like one that is read is named; others may be those of another client', async () => {
  const text = '[server]\nulr = "http://a"\ntokn = "x"\n[run]\ntag = ["a"]\nexecution = 1\n[run.metadata]\nfoldr = 1';
  expect((await settings({ [TOML]: text })).problems).toEqual([
    `${join(root, TOML)}: server.ulr is not read (did you mean "url"?)`,
    `${join(root, TOML)}: server.tokn is not read (did you mean "token"?)`,
    `${join(root, TOML)}: run.tag is not read (did you mean "tags"?)`,
  ]);
});

test('a section that nothing reads is named', async () => {
  expect((await settings({ [TOML]: '[serverr]\nurl = "x"\n[eco]\na = 1' })).problems).toEqual([
    `${join(root, TOML)}: [serverr] is not a section that is read`,
  ]);
});

test('INI files have sections, keys and comments', () => {
  expect(parseIni('# c\n[server]\nurl = http://h:1/?a=b\n; c\ntoken: "t"\n\n[empty]\n')).toEqual({
    server: { url: 'http://h:1/?a=b', token: 't' },
    empty: {},
  });
  expect(() => parseIni('url = x')).toThrow('line 1');
  expect(() => parseIni('[server]\nurl http://h:1')).toThrow('line 2');
  expect(() => parseIni('[a]\nnothing')).toThrow('line 2');
});
