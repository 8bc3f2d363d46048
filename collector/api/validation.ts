import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';

/** Parts of a request that come as text: numbers, booleans and lists are made of it. */
const text = new Ajv2020({ coerceTypes: 'array', useDefaults: true, strict: false });
/** Bodies are typed: nothing is converted, and an unknown field is refused, not dropped. */
const body = new Ajv2020({ strict: false, allErrors: false });

/** Validators of the parts of a request, each compiled by the first request that needs it: most of a start's work would be for routes that nobody asks. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  let validate: ValidateFunction | undefined;
  return (data) => {
    validate ??= (httpPart === 'body' ? body : text).compile(schema);
    return validate(data) ? true : { error: validate.errors ?? [] };
  };
};
