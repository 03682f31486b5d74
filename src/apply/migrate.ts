import { parseConnectionString } from '../connection-strings/connection-strings.ts';
import type { Change, Scene } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { connectionStrings, migrateEnvironment, TOKEN_VARIABLE } from '../deployment/migrate-environment.ts';
import { Stop } from '../errors.ts';
import type { CommandResult } from '../ports.ts';
import type { StepOf } from '../steps/steps.ts';
import { seconds } from '../wait.ts';

const TELL_EVERY_MS = 60_000;

/**
 * Runs the user's command against the originals and records that it succeeded, so that it is not run again for this attempt.
 * A command that was killed half-way is run again: it must be repeatable.
 */
export async function migrate(scene: Scene, step: StepOf<'migrate'>): Promise<Change> {
  const { ports, lease } = scene.context;
  const environment = await environmentOf(scene, step.attempt);
  await lease.prove();
  const { exitCode } = await ports.log.group('migrate-command', () => inTime(scene, step.command, environment));
  if (exitCode !== 0)
    throw halfWay(`migrate-command ended with exit code ${exitCode}.`, 'Fix the command or the build');
  await writeRecord(scene, { migrated: step.attempt });
  return {};
}

/** Visitors wait meanwhile: a line a minute, and its processes end with the limit. https://github.com/prisma/orm/issues/6371 */
async function inTime(
  { context, settings }: Scene,
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const { ports, signal } = context;
  const limitMs = settings.migrateTimeout * 1000;
  const limit = new AbortController();
  const ended = new AbortController();
  const telling = tell(ports, limitMs, ended.signal).then(
    () => limit.abort(tooLong(limitMs)),
    () => undefined,
  );
  try {
    return await ports.run(command, environment, AbortSignal.any([signal, limit.signal]));
  } finally {
    ended.abort();
    await telling;
  }
}

/** Resolves when the time is over. */
async function tell({ clock, log }: Scene['context']['ports'], limitMs: number, signal: AbortSignal): Promise<void> {
  const startedAt = clock.now();
  for (let ran = 0; ran < limitMs; ran = clock.now() - startedAt) {
    if (ran > 0) log.info(`migrate-command has been running for ${seconds(ran)}, and may for ${seconds(limitMs)}.`);
    await clock.sleep(Math.min(TELL_EVERY_MS, limitMs - ran), signal);
  }
}

function tooLong(limitMs: number): Stop {
  return halfWay(
    `migrate-command was ended: it ran for longer than ${seconds(limitMs)} (migrate-timeout).`,
    'Find out what it waits for, or give it more time with migrate-timeout',
  );
}

function halfWay(happened: string, next: string): Stop {
  return new Stop(
    'failed',
    `${happened} The original databases may be half-way updated; nobody is on them.`,
    `${next} and run "deploy" again, or run "rollback" with rollback-scope: code-and-database.`,
  );
}

/** What docs call the environment of migrate-command; all that is secret in it is masked. */
async function environmentOf(scene: Scene, attempt: number): Promise<Record<string, string>> {
  const { arm, ports } = scene.context;
  for (const value of Object.values(connectionStrings(scene.settings, scene.observed, attempt)))
    for (const secret of [value, passwordIn(value)]) if (secret) ports.log.secret(secret);
  const token = scene.settings.sqlAccess.kind === 'token' ? await arm.token(arm.cloud.sqlScope) : undefined;
  return {
    ...migrateEnvironment(scene.settings, scene.observed, attempt),
    ...(token === undefined ? {} : { [TOKEN_VARIABLE]: token }),
  };
}

/** A command that takes the string apart prints the password alone. */
function passwordIn(connectionString: string): string | undefined {
  return parseConnectionString(connectionString)?.password;
}
