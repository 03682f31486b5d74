import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { runUserCommand, type UserCommand } from '../context/user-command.ts';
import { writeRecord } from '../context/write-record.ts';
import { copyEnvironment, copyStrings } from '../deployment/copy-environment.ts';
import {
  CANDIDATE_VARIABLE,
  connectionStrings,
  migrateEnvironment,
  TOKEN_VARIABLE,
} from '../deployment/migrate-environment.ts';
import { neverRestores, restoreByHand } from '../deployment/without-restore.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';

type CommandStep = StepOf<'set-up' | 'tell-copy' | 'migrate' | 'after-start'>;

/** Runs the user's commands, each in its turn. One that was killed half-way is run again: it must be repeatable. */
export async function applyCommand(scene: Scene, step: CommandStep): Promise<Change> {
  switch (step.kind) {
    case 'set-up':
      await run(scene, { input: 'setup-command', command: step.command, environment: {}, failure: notSetUp });
      return done(step);
    case 'tell-copy':
      return tellCopy(scene, step);
    case 'migrate':
      return migrate(scene, step);
    case 'after-start':
      return afterStart(scene, step);
  }
}

/** Nothing is recorded: the settings of the copy, which are written after it, say of which command it was told. */
async function tellCopy(scene: Scene, step: StepOf<'tell-copy'>): Promise<Change> {
  const { settings, observed } = scene;
  maskStrings(scene, copyStrings(settings, observed));
  await scene.context.lease.prove();
  const environment = copyEnvironment(settings, observed);
  await run(scene, { input: 'copy-command', command: step.command, environment, failure: notTold });
  return done(step);
}

/** Against the originals; that it succeeded is recorded, so that it is not run again for this attempt. */
async function migrate(scene: Scene, { command, attempt }: StepOf<'migrate'>): Promise<Change> {
  const environment = await environmentOf(scene, attempt);
  await scene.context.lease.prove();
  await run(scene, { input: 'migrate-command', command, environment, failure: halfWay(scene) });
  await writeRecord(scene, { migrated: attempt });
  return {};
}

/** With the new build running, and recorded in the same way. */
async function afterStart(scene: Scene, { command, attempt, slot }: StepOf<'after-start'>): Promise<Change> {
  const environment = {
    ...(await environmentOf(scene, attempt)),
    [CANDIDATE_VARIABLE]: `https://${seenSlot(scene, slot).host}`,
  };
  await scene.context.lease.prove();
  await run(scene, { input: 'after-start-command', command, environment, failure: halfWay(scene) });
  await writeRecord(scene, { afterStart: attempt });
  return {};
}

function run({ context, settings }: Scene, command: UserCommand): Promise<void> {
  return runUserCommand(context, settings, command);
}

function notSetUp(happened: string, next: string): Stop {
  return new Stop(
    'failed',
    `${happened} Nothing of the new build was begun by this run.`,
    `${next} and run "deploy" again.`,
  );
}

function notTold(happened: string, next: string): Stop {
  return new Stop(
    'failed',
    `${happened} The read-only copy was not started, and visitors notice nothing.`,
    `${next} and run "read-only" again.`,
  );
}

function halfWay({ settings, observed }: Scene): UserCommand['failure'] {
  const back = neverRestores(settings, observed)
    ? `. There is no way back to the databases as they were (no-database-rollback). ${restoreByHand(observed)}`
    : ', or run "rollback" with rollback-scope: code-and-database.';
  return (happened, next) =>
    new Stop(
      'failed',
      `${happened} The original databases may be half-way updated; nobody is on them.`,
      `${next} and run "deploy" again${back}`,
    );
}

/** What docs call the environment of migrate-command; all that is secret in it is masked. */
async function environmentOf(scene: Scene, attempt: number): Promise<Record<string, string>> {
  const { arm } = scene.context;
  maskStrings(scene, connectionStrings(scene.settings, scene.observed, attempt));
  const token = scene.settings.sqlAccess.kind === 'token' ? await arm.token(arm.cloud.sqlScope) : undefined;
  return {
    ...migrateEnvironment(scene.settings, scene.observed, attempt),
    ...(token === undefined ? {} : { [TOKEN_VARIABLE]: token }),
  };
}

function maskStrings({ context }: Scene, strings: Readonly<Record<string, string>>): void {
  for (const value of Object.values(strings))
    for (const secret of [value, passwordIn(value)]) if (secret) context.ports.log.secret(secret);
}

/** A command that takes the string apart prints the password alone. */
function passwordIn(connectionString: string): string | undefined {
  return parseConnectionString(connectionString)?.password;
}
