import { type Static, Type } from 'typebox';
import { RunViewSchema } from './run.ts';
import { SeriesViewSchema } from './telemetry.ts';

/** `GET /api/comparison` */
export const ComparisonQuerySchema = Type.Object({
  runs: Type.String({
    description: 'A JSON list of ids of runs, 100 at the most.',
    examples: ['["DkVY5SER590KtF9sJsJiD7"]'],
  }),
});

/** In the order asked for; runs that are not there, or not for this reader, are left out. */
export const ComparisonSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      run: RunViewSchema,
      series: Type.Array(SeriesViewSchema),
      /** Artifacts that the run used. */
      inputs: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), checksum: Type.String() })),
    }),
  ),
});
export type ComparedRun = Static<typeof ComparisonSchema>['data'][number];
