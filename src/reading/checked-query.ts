import { SimvueError } from '../errors.ts';
import { type Kind, oneOf, RECORD, TEXT, TEXTS, wrongOptions } from '../option-kinds.ts';
import { POINT_FORMATS } from './point-file.ts';

const COUNT: Kind = {
  words: 'an integer from 0 on',
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};
const LIST = { filters: TEXTS, limit: COUNT };

/** What may be asked of a `Client`. */
const QUERIES = {
  Client: {
    url: TEXT,
    token: TEXT,
    profile: TEXT,
    headers: RECORD,
    caCertificate: TEXT,
    clientCertificate: TEXT,
    clientKey: TEXT,
  },
  runs: { ...LIST, sortBy: RECORD },
  events: LIST,
  values: { runIds: TEXTS, metrics: TEXTS, xAxis: oneOf('step', 'time', 'timestamp'), maxPoints: COUNT },
  points: { runIds: TEXTS, metrics: TEXTS, format: oneOf(...POINT_FORMATS) },
  artifacts: { name: TEXT, category: oneOf('code', 'input', 'output') },
} as const;

/**
 * A query as it was given: one that is misspelt would answer something else.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` that names what is wrong in it.
 */
export function checkedQuery<Query extends object>(of: keyof typeof QUERIES, query: Query): Query {
  const problems = [...wrongOptions(query, QUERIES[of])].map(([key, problem]) => `${key} ${problem}`);
  if (problems.length === 0) return query;
  throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `${of}: ${problems.join('; ')}`);
}
