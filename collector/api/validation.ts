import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';

/** Parts of a request that come as text: numbers, booleans and lists are made of it. */
const text = new Ajv2020({ coerceTypes: 'array', useDefaults: true, strict: false });
/** Bodies are typed: nothing is converted, and an unknown field is refused, not dropped. */
const body = new Ajv2020({ strict: false, allErrors: false });

/** Validators of the parts of a request. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? body : text).compile(schema);
