import { arch, cpus, hostname, release, type } from 'node:os';
import { defaultServiceName, envDetector, processDetector } from '@opentelemetry/resources';
import { type AttributeMap, attributeValue, flattenMetadata } from './attributes.ts';
import { SimvueError } from './errors.ts';
import { readGitHead } from './provenance/git-head.ts';
import { redactArguments } from './provenance/secrets.ts';
import { generateRunId } from './run-id.ts';
import { generateRunName } from './run-name.ts';
import { type InitOptions, normalizeFolder, uniqueTags } from './run-options.ts';
import { RESOURCE } from './semconv.ts';

/** Who a run is, from the first moment. */
export interface RunIdentity {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly instanceId: string;
  readonly resource: AttributeMap;
}

const PROCESS_KEYS = [
  'process.pid',
  'process.executable.path',
  'process.owner',
  'process.runtime.name',
  'process.runtime.version',
  'process.runtime.description',
];

/**
 * Describes a run and this process as an OTLP resource.
 *
 * A member of a run says nothing about name and folder that it is not told: these are the owner's.
 * What `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` say is kept; what the program says wins over it.
 *
 * @param instanceId - unique for each writer of the run.
 */
export function describeRun(options: InitOptions, instanceId: string): RunIdentity {
  const environment = envDetector.detect().attributes ?? {};
  const fromEnvironment = (key: string) => environment[key]?.toString();
  const isMember = options.role === 'member';
  const givenId = options.id ?? fromEnvironment(RESOURCE.runId);
  if (isMember && givenId === undefined) {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'a member of a run needs the id of the run');
  }
  const id = givenId ?? generateRunId();
  const name = options.name ?? fromEnvironment(RESOURCE.runName) ?? (isMember ? undefined : generateRunName());
  const folder = options.folder ?? fromEnvironment(RESOURCE.runFolder) ?? (isMember ? undefined : '/');
  const resource: AttributeMap = new Map([
    [RESOURCE.serviceName, defaultServiceName()],
    [RESOURCE.hostName, hostname()],
    ['host.arch', arch()],
    [RESOURCE.processCreationTime, new Date(performance.timeOrigin).toISOString()],
  ]);
  setDefined(resource, 'host.cpu.model.name', cpus()[0]?.model);
  resource.set('os.type', type().toLowerCase());
  resource.set('os.version', release());
  const processAttributes = processDetector.detect().attributes ?? {};
  for (const key of PROCESS_KEYS) setDefined(resource, key, processAttributes[key]);
  resource.set('process.command_args', redactArguments(process.argv));
  resource.set('process.working_directory', process.cwd());
  const git = readGitHead(process.cwd());
  setDefined(resource, 'vcs.ref.head.name', git?.branch);
  setDefined(resource, 'vcs.ref.head.revision', git?.commit);
  setDefined(resource, 'vcs.repository.url.full', git?.remoteUrl);
  for (const [key, value] of Object.entries(environment)) setDefined(resource, key, value);
  resource.set(RESOURCE.serviceInstanceId, instanceId);
  resource.set(RESOURCE.runId, id);
  setDefined(resource, RESOURCE.runName, name);
  if (folder !== undefined) resource.set(RESOURCE.runFolder, normalizeFolder(folder));
  if (options.tags !== undefined) resource.set(RESOURCE.runTags, uniqueTags(options.tags));
  setDefined(resource, RESOURCE.runDescription, options.description);
  if (options.timeout !== undefined) resource.set(RESOURCE.runHeartbeatTimeout, options.timeout ?? 0);
  setDefined(resource, RESOURCE.runRetention, options.retentionPeriod);
  // What is left out of metadata is told when the options are checked.
  if (options.metadata !== undefined) flattenMetadata(options.metadata, RESOURCE.runMetadataPrefix, [], resource);
  return { id, name: name ?? id, folder: normalizeFolder(folder ?? '/'), instanceId, resource };
}

function setDefined(target: AttributeMap, key: string, value: unknown): void {
  if (value !== undefined && !(value instanceof Promise)) target.set(key, attributeValue(value, key));
}
