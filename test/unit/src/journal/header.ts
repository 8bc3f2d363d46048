import { encodeHeader } from '../../../../src/journal/journal-header.ts';
import { ownIdentity } from '../../../../src/journal/process-identity.ts';
import { requestHead } from '../../../../src/otlp-writer.ts';

/** The header of a journal that belongs to no address. */
export const header = encodeHeader({
  runId: 'run',
  runName: 'name',
  target: undefined,
  writer: ownIdentity(),
  head: requestHead([['service.name', 'test']], { name: 'test', version: '1' }),
});
