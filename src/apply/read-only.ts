import { isReadOnly, setReadOnly, setReadWrite } from '../azure/sql-statements.ts';
import type { Change, Scene } from '../context/scene.ts';
import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import type { StepOf } from '../steps/steps.ts';

type ReadOnlyStep = StepOf<'set-read-only' | 'set-read-write'>;

export async function applyReadOnly(scene: Scene, step: ReadOnlyStep): Promise<Change> {
  switch (step.kind) {
    case 'set-read-only':
      await scene.context.databases.use(step.database, (connection) =>
        setReadOnly(connection, bareName(step.database), 'ROLLBACK IMMEDIATE'),
      );
      if (await scene.context.databases.read(step.database, isReadOnly)) return {};
      throw new Stop(
        'failed',
        `Database ${step.database} was set READ_ONLY but says that it is not.`,
        'Run the phase again.',
      );
    case 'set-read-write':
      // Whether it took is seen by the next look, which is due anyway: every plan sets again what is still closed.
      await scene.context.databases.use(step.database, (connection) =>
        setReadWrite(connection, bareName(step.database), 'ROLLBACK IMMEDIATE'),
      );
      return {};
  }
}
