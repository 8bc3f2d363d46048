import { Type } from 'typebox';

/** Body of every answer that is not 200, in FastAPI's form. */
export const ProblemSchema = Type.Object({
  detail: Type.Union([
    Type.String(),
    Type.Array(
      Type.Object({
        type: Type.String(),
        /** Where: `body` or `query`, then the path to the field. */
        loc: Type.Array(Type.Union([Type.String(), Type.Integer()])),
        msg: Type.String(),
      }),
    ),
  ]),
  /** Of a 409: the object that is there already. */
  id: Type.Optional(Type.String()),
});
