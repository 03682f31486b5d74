import { createHash } from 'node:crypto';
import { buildId } from '../deployment/build.ts';
import { holds } from '../deployment/marker.ts';
import type { DeployedApp, Observed } from '../deployment/observed.ts';
import { alsoWrote, type DeploymentRecord } from '../deployment/record.ts';
import { letIn, nothingLetIn } from '../deployment/untouched.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields } from '../steps/constructors.ts';
import type { Plan } from '../steps/steps.ts';

/** Which try to bring a new build this is. */
export interface Attempt {
  readonly number: number;
  readonly fingerprint: string;
  readonly fresh: boolean;
}

/**
 * The same package, settings and command are the same attempt, which an interrupted run continues; something else, or a
 * failed verdict, is a new one.
 */
export function attemptOf(settings: Settings, observed: Observed, record: DeploymentRecord): Attempt {
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        observed.newBuild ? buildId(observed.newBuild) : (uploadedBuild(observed) ?? ''),
        settings.appSettings,
        settings.migrateCommand ?? '',
        ...(settings.newConnectionStrings.length === 0 ? [] : [settings.newConnectionStrings]),
        ...(settings.afterStartCommand === undefined ? [] : [settings.afterStartCommand]),
        ...observed.companions.flatMap(({ key, does, look }) => {
          const build = look.newBuild ? buildId(look.newBuild) : uploadedBuild({ ...observed, ...look });
          return does === 'build' ? [key, build ?? ''] : [];
        }),
      ]),
    )
    .digest('hex')
    .slice(0, 16);
  const refused = record.verdict?.result === 'failed' && record.candidate?.role === 'new';
  const afterRollback =
    record.candidate?.role === 'live' || record.rollbackUnderWay !== undefined || record.fingerprint === undefined;
  const fresh = record.fingerprint !== fingerprint || refused || afterRollback;
  return { number: fresh ? record.attempt + 1 : record.attempt, fingerprint, fresh };
}

/** The new build that an earlier phase of this deployment has uploaded; what another one left is none. */
export function uploadedBuild({ stagingSlot, deploymentId }: DeployedApp): string | undefined {
  return holds(stagingSlot, deploymentId, 'new') ? stagingSlot?.build : undefined;
}

/** Written before anything is changed. */
export function beginSteps(settings: Settings, record: DeploymentRecord, attempt: Attempt): Plan {
  if (!attempt.fresh && record.deployBegun !== undefined) return [];
  const fields: Partial<DeploymentRecord> = {
    attempt: attempt.number,
    fingerprint: attempt.fingerprint,
    deployBegun: record.deployBegun ?? nothingLetIn(attempt.number),
    migrated: settings.migrateCommand !== undefined || record.migrated === 0 ? 0 : undefined,
    ...(settings.afterStartCommand !== undefined || record.afterStart !== undefined
      ? { afterStart: settings.afterStartCommand !== undefined || record.afterStart === 0 ? 0 : undefined }
      : {}),
    candidate: undefined,
    verdict: undefined,
    rollbackUnderWay: undefined,
    ...(liveBuildWrote(record) ? { otherWriters: alsoWrote(record, ['the live build after a rollback']) } : {}),
  };
  return [[recordFields(fields, 'from here the originals are no longer as they were')]];
}

/** Without it originals that somebody closes later would look as `switch` left them: see `untouched.ts`. */
export function letInSteps({ deployBegun }: DeploymentRecord, { number }: Attempt): Plan {
  if ((deployBegun ?? nothingLetIn(number)) !== nothingLetIn(number)) return [];
  return [[recordFields({ deployBegun: letIn(number) }, 'READ_ONLY originals may be changed ones from here')]];
}

/** The rollback point is older: a rollback of the database would take out what the live build and its jobs wrote since. */
function liveBuildWrote({ deployBegun, candidate, rollbackUnderWay }: DeploymentRecord): boolean {
  return deployBegun !== undefined && (candidate?.role === 'live' || rollbackUnderWay?.databases === 'settled');
}
