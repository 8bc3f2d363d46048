import type { IngestAnswer, IngestPort, IngestRequest } from '../../collector/pipeline/ingest-port.ts';

/** Stands where the pipeline will: remembers what it was given, answers what it is told, releases as the pipeline does. */
export class RecordingPort implements IngestPort {
  hasRoom = true;
  readonly requests: (IngestRequest & { bytes: Buffer })[] = [];
  answer: ((request: IngestRequest) => Promise<IngestAnswer>) | undefined;

  async ingest(request: IngestRequest): Promise<IngestAnswer> {
    this.requests.push({ ...request, bytes: Buffer.from(request.body) });
    const { refusals } = request.decoded;
    request.decoded.release();
    return this.answer?.(request) ?? { status: 'stored', rejected: refusals.total, message: refusals.message };
  }
}
