import { configError, errorText } from 'simvue-otel/errors';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';

const Text = Type.String({ minLength: 1, maxLength: 10_000 });
const CHANNEL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const CLOSED = { additionalProperties: false } as const;
/** A secret stands in the file, or better in a variable of the environment that the file names. */
const Rate = { max_per_minute: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 60_000 })) } as const;

const EmailChannelSchema = Type.Object(
  {
    type: Type.Literal('email'),
    /** `smtp://user@host:587` or `smtps://…` */
    smtp: Text,
    password: Type.Optional(Text),
    password_env: Type.Optional(Text),
    from: Text,
    to: Type.Array(Text, { minItems: 1, maxItems: 100 }),
    ...Rate,
  },
  CLOSED,
);
const WebhookChannelSchema = Type.Object(
  { type: Type.Literal('webhook'), url: Text, secret: Type.Optional(Text), secret_env: Type.Optional(Text), ...Rate },
  CLOSED,
);
const UrlChannelSchema = Type.Object(
  { type: Type.Enum(['slack', 'alertmanager', 'otlp']), url: Text, ...Rate },
  CLOSED,
);
const CHANNEL_SCHEMAS = {
  email: EmailChannelSchema,
  webhook: WebhookChannelSchema,
  slack: UrlChannelSchema,
  alertmanager: UrlChannelSchema,
  otlp: UrlChannelSchema,
} as const;
export type ChannelEntry =
  | Static<typeof EmailChannelSchema>
  | Static<typeof WebhookChannelSchema>
  | Static<typeof UrlChannelSchema>;

const RuleSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    /** Whose the rule is, and whose runs it looks at. */
    tenant: Type.Optional(Text),
    source: Type.Enum(['metrics', 'events', 'run']),
    alert: Type.Record(Type.String(), Type.Unknown()),
    description: Type.Optional(Text),
    notification: Type.Optional(Type.Array(Text)),
    abort: Type.Optional(Type.Boolean()),
    delay: Type.Optional(Type.Number({ minimum: 0 })),
    /** Runs that have one of the tags, and whose folder and name fit; in both only `*` is special. */
    runs: Type.Object(
      { tags: Type.Optional(Type.Array(Text)), folder: Type.Optional(Text), name: Type.Optional(Text) },
      CLOSED,
    ),
  },
  CLOSED,
);
export type RuleEntry = Static<typeof RuleSchema>;

const FileSchema = Type.Object(
  {
    allow_private_ranges: Type.Optional(Type.Array(Text)),
    run_channels: Type.Optional(Type.Array(Text)),
    channels: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    rules: Type.Optional(Type.Array(RuleSchema)),
  },
  CLOSED,
);

/** Channels as the file of `--alerts` says them. */
export interface ChannelSettings {
  readonly allowPrivateRanges: readonly string[];
  /** Told of runs that end or are lost. */
  readonly runChannels: readonly string[];
  readonly channels: ReadonlyMap<string, ChannelEntry>;
}

/** Channels and rules as the file of `--alerts` says them. */
export interface AlertsFile extends ChannelSettings {
  readonly rules: readonly RuleEntry[];
}

/** @param text - YAML. @throws SimvueError `SIMVUE_ERR_CONFIG` that names the place in the file. */
export function parseAlertsFile(text: string): AlertsFile {
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    throw configError('--alerts', `is not YAML: ${errorText(error)}`, 'Correct the file');
  }
  checkShape(FileSchema, content, '');
  const file = content as Static<typeof FileSchema>;
  const channels = new Map<string, ChannelEntry>();
  for (const [name, entry] of Object.entries(file.channels ?? {})) {
    if (!CHANNEL_NAME.test(name)) {
      throw configError('--alerts: channels', `"${name}" is no name`, 'Use 1 to 64 letters, digits, _ and -');
    }
    const type = (entry as { readonly type?: unknown } | null)?.type;
    const schema = CHANNEL_SCHEMAS[type as keyof typeof CHANNEL_SCHEMAS] as
      | (typeof CHANNEL_SCHEMAS)[keyof typeof CHANNEL_SCHEMAS]
      | undefined;
    if (schema === undefined) {
      throw configError(
        `--alerts: channels.${name}.type`,
        `is ${JSON.stringify(type)}`,
        `Give one of ${Object.keys(CHANNEL_SCHEMAS).join(', ')}`,
      );
    }
    checkShape(schema, entry, `channels.${name}`);
    channels.set(name, entry as ChannelEntry);
  }
  for (const [place, names] of [
    ['run_channels', file.run_channels ?? []],
    ...(file.rules ?? []).map((rule, index) => [`rules[${index}].notification`, rule.notification ?? []] as const),
  ] as const) {
    const unknown = names.find((name) => !channels.has(name));
    if (unknown !== undefined)
      throw configError(`--alerts: ${place}`, `names no channel: "${unknown}"`, 'Name one of channels');
  }
  checkNames(file.rules ?? []);
  return {
    allowPrivateRanges: file.allow_private_ranges ?? [],
    runChannels: file.run_channels ?? [],
    channels,
    rules: file.rules ?? [],
  };
}

/** Two alerts of one name in a run could not be told apart. */
function checkNames(rules: readonly RuleEntry[]): void {
  const seen = new Map<string, number>();
  for (const [index, { name, tenant }] of rules.entries()) {
    const key = JSON.stringify([name, tenant]);
    const other = seen.get(key);
    if (other !== undefined)
      throw configError(
        `--alerts: rules[${index}].name`,
        `"${name}" is that of rules[${other}] too`,
        'Name them apart',
      );
    seen.set(key, index);
  }
}

function checkShape(schema: Type.TSchema, value: unknown, at: string): void {
  const failure = Value.Errors(schema, value).find(({ keyword }) => keyword !== 'boolean');
  if (failure === undefined) return;
  const path = [at, ...failure.instancePath.split('/').slice(1)].filter((part) => part !== '').join('.');
  const params = failure.params as {
    readonly requiredProperties?: readonly string[];
    readonly additionalProperties?: readonly string[];
  };
  const fields = params.requiredProperties ?? params.additionalProperties ?? [];
  const named = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  throw configError(`--alerts: ${path === '' ? 'the file' : path}`, `${failure.message}${named}`, 'See docs/alerts.md');
}
