import { execFile } from 'node:child_process';

const COMMAND = 'nvidia-smi';
const ARGUMENTS = ['--query-gpu=index,utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];
const TIMEOUT_MILLIS = 5_000;

/** Use of one graphics processor; undefined where the driver does not tell. */
export interface GpuUse {
  readonly index: number;
  readonly computePercent: number | undefined;
  /** Share of its memory that is taken. */
  readonly memoryPercent: number | undefined;
}

/**
 * Asks the NVIDIA driver.
 *
 * @returns undefined when there is no driver to ask.
 */
export function readGpus(): Promise<readonly GpuUse[] | undefined> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TIMEOUT_MILLIS, windowsHide: true };
    execFile(COMMAND, ARGUMENTS, options, (error, stdout) => {
      if (error === null) resolve(parseGpus(stdout));
      else if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
  });
}

/** Reads lines `index, utilization [%], used [MiB], total [MiB]`; text such as `[N/A]` is a value that is not told. */
export function parseGpus(output: string): GpuUse[] {
  const uses: GpuUse[] = [];
  for (const line of output.split('\n')) {
    const [index, compute, used, total] = line.split(',').map(numberOrNone);
    if (index === undefined) continue;
    const memoryPercent = used === undefined || total === undefined || total === 0 ? undefined : (100 * used) / total;
    uses.push({ index, computePercent: compute, memoryPercent });
  }
  return uses;
}

function numberOrNone(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}
