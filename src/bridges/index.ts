export { captureConsole } from './console-capture.ts';
export { type EmittedRecord, SimvueLogRecordProcessor } from './log-record-processor.ts';
export { type PinoTransportOptions, pinoStream } from './pino-transport.ts';
export type { Threshold } from './severity.ts';
export { SimvueTransport, type WinstonInfo } from './winston-transport.ts';
