export { captureConsole } from './console-capture.ts';
export { SimvueLogRecordProcessor } from './log-record-processor.ts';
export { type PinoTransportOptions, pinoStream } from './pino-transport.ts';
export type { Threshold } from './severity.ts';
export { SimvueTransport } from './winston-transport.ts';
