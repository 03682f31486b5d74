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
      await readBack(scene, step.database, true);
      return {};
    case 'set-read-write':
      await scene.context.databases.use(step.database, (connection) =>
        setReadWrite(connection, bareName(step.database), 'ROLLBACK IMMEDIATE'),
      );
      await readBack(scene, step.database, false);
      return {};
  }
}

async function readBack(scene: Scene, database: string, readOnly: boolean): Promise<void> {
  const now = await scene.context.databases.use(database, isReadOnly);
  if (now === readOnly) return;
  throw new Stop(
    'failed',
    `Database ${database} was set ${readOnly ? 'READ_ONLY' : 'READ_WRITE'} but says that it is not.`,
    'Run the phase again.',
  );
}
