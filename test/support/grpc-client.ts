import { Client, credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';

const SERVICES = { metrics: 'metrics.v1.MetricsService', logs: 'logs.v1.LogsService', traces: 'trace.v1.TraceService' };
const asItIs = (bytes: Buffer): Buffer => bytes;

/** An answer of a gRPC call: the message, or the status it failed with. */
export interface GrpcAnswer {
  readonly code: number;
  readonly message: Buffer;
  readonly details: string;
  /** google.rpc.Status with what may be tried again. */
  readonly statusDetails: Buffer | undefined;
}

/** The stock gRPC client of Node, sending messages that are encoded already. */
export class GrpcClient implements Disposable {
  readonly #client: Client;

  /** @param options - channel options, such as `grpc.default_compression_algorithm`. */
  constructor(target: string, options: Record<string, string | number> = {}, channel = credentials.createInsecure()) {
    this.#client = new Client(target, channel, { 'grpc.enable_retries': 0, ...options });
  }

  export(signal: keyof typeof SERVICES, message: Buffer, metadata?: Metadata): Promise<GrpcAnswer> {
    return this.call(`/opentelemetry.proto.collector.${SERVICES[signal]}/Export`, message, metadata);
  }

  call(path: string, message: Buffer, metadata?: Metadata): Promise<GrpcAnswer> {
    return new Promise((resolve) => {
      const answered = (error: ServiceError | null, answer: Buffer | undefined): void => {
        const bin = error?.metadata.get('grpc-status-details-bin')[0];
        resolve({
          code: error?.code ?? 0,
          message: answer ?? Buffer.alloc(0),
          details: error?.details ?? '',
          statusDetails: Buffer.isBuffer(bin) ? bin : undefined,
        });
      };
      if (metadata === undefined) this.#client.makeUnaryRequest(path, asItIs, asItIs, message, answered);
      else this.#client.makeUnaryRequest(path, asItIs, asItIs, message, metadata, answered);
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
