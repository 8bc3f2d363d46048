import type { AttributeMap } from '../attributes.ts';
import { Run } from '../run.ts';

/** The run of a program that does not know of it. */
export class ProgramRun extends Run {
  /** Records values as they are now, without a step; the attributes tell series of one name apart. */
  recordPoints(names: readonly string[], values: readonly number[], attributes: AttributeMap | undefined): boolean {
    return this.guard(() => {
      const { session } = this.active('recordPoints');
      const now = session.clock.now();
      return session.sink.writePoints(names, values, now, undefined, undefined, attributes) === names.length;
    });
  }
}
