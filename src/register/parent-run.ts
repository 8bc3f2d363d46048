const PARENT_RUN = 'SIMVUE_PARENT_RUN';

type Environment = Record<string, string | undefined>;

/** Id of the run of the program that has started this one: what joins it is a member. */
export function parentRun(environment: Readonly<Environment>): string | undefined {
  return environment[PARENT_RUN] || undefined;
}

/** What programs that a run starts must have in their environment to join it. */
export function joining(runId: string): Record<string, string> {
  return { [PARENT_RUN]: runId };
}
