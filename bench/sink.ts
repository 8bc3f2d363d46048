import { createServer } from 'node:http';

/** An OTLP receiver that keeps nothing: what the Collector under test forwards to. Its argument is the port, else any. Prints its address. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  console.log(`listening on http://127.0.0.1:${address.port}`);
});
