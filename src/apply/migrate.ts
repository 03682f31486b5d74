import { sameHost } from '../connection-strings/address.ts';
import { findDatabases, parseConnectionString } from '../connection-strings/connection-strings.ts';
import type { Change, Scene } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { newBuildSettings } from '../deployment/instances.ts';
import { Stop } from '../errors.ts';
import type { StepOf } from '../steps/steps.ts';

/**
 * Runs the user's command against the originals and records that it succeeded, so that it is not run again for this attempt.
 * A command that was killed half-way is run again: it must be repeatable.
 */
export async function migrate(scene: Scene, step: StepOf<'migrate'>): Promise<Change> {
  const { ports, signal, lease } = scene.context;
  const environment = await environmentOf(scene, step.attempt);
  await lease.prove();
  const { exitCode } = await ports.log.group('migrate-command', () => ports.run(step.command, environment, signal));
  if (exitCode !== 0) {
    throw new Stop(
      'failed',
      `migrate-command ended with exit code ${exitCode}. The original databases may be half-way updated; nobody is on them.`,
      'Fix the command or the build and run "deploy" again, or run "rollback" with rollback-scope: code-and-database.',
    );
  }
  await writeRecord(scene, { migrated: step.attempt });
  return {};
}

/** What docs call the environment of migrate-command. Connection strings are the new build's own, so they lead to the originals. */
async function environmentOf(scene: Scene, attempt: number): Promise<Record<string, string>> {
  const { arm, ports } = scene.context;
  const { server, databases } = scene.observed;
  const settings = newBuildSettings(scene.settings, scene.observed, attempt);
  const strings = findDatabases(settings)
    .filter(({ address }) => sameHost(address.host, server.host))
    .map(({ kind, name }) => {
      const value = kind === 'app-setting' ? settings.appSettings[name] : settings.connectionStrings[name]?.value;
      const short = name.replace(/^ConnectionStrings?(__|:)/i, '');
      return [`ZDD_CONNECTION_STRING_${short.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`, value ?? ''] as const;
    });
  for (const [, value] of strings)
    for (const secret of [value, passwordIn(value)]) if (secret) ports.log.secret(secret);
  const token = scene.settings.sqlAccess.kind === 'token' ? await arm.token(arm.cloud.sqlScope) : undefined;
  return {
    ZDD_DEPLOYMENT_ID: scene.observed.deploymentId,
    ZDD_SQL_SERVER: server.port === 1433 ? server.host : `${server.host},${server.port}`,
    ZDD_DATABASE: databases.map((pair) => pair.original?.name ?? pair.name).join(','),
    ...(token === undefined ? {} : { ZDD_SQL_ACCESS_TOKEN: token }),
    ...Object.fromEntries(strings),
  };
}

/** A command that takes the string apart prints the password alone. */
function passwordIn(connectionString: string): string | undefined {
  return parseConnectionString(connectionString)?.password;
}
