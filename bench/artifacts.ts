import { announce } from '../test/support/artifact-client.ts';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { checksumOfMebibytes, downloadChecksum, uploadMebibytes } from '../test/support/streamed-content.ts';
import { atMost, isShort, printRows, stated } from './bench-report.ts';
import { residentMebibytes } from './process-usage.ts';

const MEBIBYTES = isShort ? 200 : 2048;
const MAX_GROWTH_MEBIBYTES = 150;

await using collector = await CollectorProcess.start();
const checksum = checksumOfMebibytes(MEBIBYTES);
const { id, url } = await announce(collector.url, { name: 'large', size: MEBIBYTES * 2 ** 20, checksum });
const { peak: peakBefore } = await residentMebibytes(collector.pid);

const uploadSeconds = await secondsOf(async () => {
  const status = await uploadMebibytes(url, MEBIBYTES);
  if (status !== 200) throw new Error(`the upload was answered ${status}`);
});
const view = await collector.rest.get<{ url: string }>(`/artifacts/${id}`);
const downloadSeconds = await secondsOf(async () => {
  if ((await downloadChecksum(view.url)) !== checksum) throw new Error('the download is not what was uploaded');
});
const { peak } = await residentMebibytes(collector.pid);

printRows([
  atMost(
    `memory that ${MEBIBYTES} MiB of content take on top, up and down`,
    peak - peakBefore,
    MAX_GROWTH_MEBIBYTES,
    'MiB',
    0,
  ),
  stated('upload of content: checksum, file, fsync', MEBIBYTES / uploadSeconds, 'MiB/s', 0),
  stated('download of content', MEBIBYTES / downloadSeconds, 'MiB/s', 0),
]);

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
