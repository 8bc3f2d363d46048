import { createHash, randomInt } from 'node:crypto';
import { RESOURCE } from 'simvue-otel/semconv';
import { DEFAULT_TENANT } from './principal.ts';
import type { Attributes } from './telemetry.ts';

/** Identity of a run: its id, and the text the id was made from when it is not the id itself. */
export interface RunIdentity {
  readonly runId: string;
  readonly externalId: string | null;
}

export interface RunIdOptions {
  readonly tenant?: string;
  /** Takes `cicd.pipeline.run.id` as the identity of the run when there is no `simvue.run.id`. */
  readonly fromPipeline?: boolean;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HASH_DIGITS = 43;
const ID_LENGTH = 22;
const RUN_ID = /^[A-Za-z0-9]{22}$/;
const MAX_EXTERNAL_ID_CHARACTERS = 128;

/**
 * First 22 characters of base62(SHA-256(parts joined by NUL)); base62 counts `0-9A-Za-z`, most significant digit first, 43 digits.
 *
 * @param parts - the tenant, then what is to be named.
 */
export function hashId(...parts: readonly string[]): string {
  let rest = BigInt(`0x${createHash('sha256').update(parts.join('\0')).digest('hex')}`);
  let text = '';
  for (let i = 0; i < HASH_DIGITS; i++) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text.slice(0, ID_LENGTH);
}

/** 22 random characters `[A-Za-z0-9]`. */
export function randomId(): string {
  return Array.from({ length: ID_LENGTH }, () => DIGITS.charAt(randomInt(DIGITS.length))).join('');
}

/**
 * Id of a run from what the user calls it.
 *
 * @param value - 1 to 128 characters; exactly 22 of `[A-Za-z0-9]` are the id as they are.
 * @returns the identity, or the reason why the value is none.
 */
export function runIdOf(value: string, tenant: string = DEFAULT_TENANT): RunIdentity | { readonly refused: string } {
  if (RUN_ID.test(value)) return { runId: value, externalId: null };
  const characters = [...value].length;
  if (characters === 0) {
    return {
      refused: `${RESOURCE.runId} is empty: leave it out, or give 1 to ${MAX_EXTERNAL_ID_CHARACTERS} characters`,
    };
  }
  if (characters > MAX_EXTERNAL_ID_CHARACTERS) {
    return { refused: `${RESOURCE.runId} has ${characters} characters: give at most ${MAX_EXTERNAL_ID_CHARACTERS}` };
  }
  return { runId: hashId(tenant, value), externalId: value };
}

/**
 * Run that a resource belongs to, by the first of: `simvue.run.id`; the CI pipeline's run (when enabled); the service's instance; the process.
 *
 * @returns undefined when the resource has no process identity: the run cannot be told from the resource alone.
 */
export function deriveRunId(
  resource: Attributes,
  { tenant = DEFAULT_TENANT, fromPipeline = false }: RunIdOptions = {},
): RunIdentity | { readonly refused: string } | undefined {
  const given = resource[RESOURCE.runId];
  if (given !== undefined) {
    if (typeof given !== 'string' && typeof given !== 'number') {
      return { refused: `${RESOURCE.runId} is not a string: give 1 to ${MAX_EXTERNAL_ID_CHARACTERS} characters` };
    }
    return runIdOf(String(given), tenant);
  }
  const text = (key: string): string => attributeText(resource, key);
  const pipeline = fromPipeline ? text(RESOURCE.cicdPipelineRunId) : '';
  if (pipeline !== '') return identityOf(tenant, 'pipeline', [pipeline]);
  const service = [text(RESOURCE.serviceNamespace), text(RESOURCE.serviceName)];
  const instance = text(RESOURCE.serviceInstanceId);
  if (instance !== '') return identityOf(tenant, 'instance', [...service, instance]);
  const pid = text(RESOURCE.processPid);
  if (pid === '') return undefined;
  const host = text(RESOURCE.hostId) || text(RESOURCE.hostName);
  return identityOf(tenant, 'process', [...service, host, pid, text(RESOURCE.processCreationTime)]);
}

function identityOf(tenant: string, kind: string, values: readonly string[]): RunIdentity {
  return { runId: hashId(tenant, kind, ...values), externalId: values.filter((value) => value !== '').join('/') };
}

function attributeText(resource: Attributes, key: string): string {
  const value = resource[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
