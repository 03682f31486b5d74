import { findDatabases, keyOfAddress } from '../connection-strings/connection-strings.ts';
import { ask, complaint, complaintAbout } from '../context/probing.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { versionAt, versionsOf } from '../context/version.ts';
import { writeRecord } from '../context/write-record.ts';
import type { Check } from '../deployment/check.ts';
import { candidateOf, companionSettings } from '../deployment/companions.ts';
import { lostClone } from '../deployment/drift.ts';
import { cloneName } from '../deployment/names.ts';
import type { Slot } from '../deployment/observed.ts';
import type { Candidate } from '../deployment/record.ts';
import { sameBuild } from '../deployment/same-build.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { candidateFingerprint } from '../deployment/verdict.ts';
import { plain } from '../settings/plain.ts';
import type { StepOf } from '../steps/steps.ts';
import { reviewOf } from './review.ts';

/**
 * Looks at the candidate as reviewers would, and records the verdict for exactly this candidate. After a rollback the yardstick
 * is production, the same build on the snapshot; `expected-version` is the new build's and says nothing then.
 */
export async function checkCandidate(scene: Scene, step: StepOf<'check-candidate'>): Promise<Change> {
  const slot = seenSlot(scene, step.slot);
  const candidate = scene.observed.record?.candidate;
  const [review, seen, ...groups] = await Promise.all([
    reviewOf(scene, slot),
    versionsOf(scene, scene.observed),
    paths(scene, slot),
    candidate?.role === 'live' ? sameAsProduction(scene, slot) : version(scene, slot),
    candidate?.role === 'live' ? [] : anotherBuild(scene, slot),
    databases(scene, slot, candidate),
    candidate?.role === 'live' ? [] : writes(scene, slot),
    companions(scene),
  ]);
  const report = groups.flat();
  const result = report.some((check) => check.verdict === 'failed') ? 'failed' : 'passed';
  const of = candidateFingerprint(scene.settings, scene.observed, slot, result);
  const { actor, runId } = scene.settings.github;
  await writeRecord(scene, { verdict: { of, result, by: `${actor} in run ${runId}`.replaceAll('|', '/') } });
  return { ...seen, report, review, verdictGiven: { of, result } };
}

/** The candidates of the apps that move together with the first: healthy, and on no clone. */
async function companions({ context, settings, observed }: Scene): Promise<Check[]> {
  const found = await Promise.all(
    observed.companions.map(async (companion) => {
      const slot = candidateOf(observed, companion);
      if (slot === null) return [check(`${companion.key}: candidate`, false, 'its slot does not exist')];
      const scene = { context, settings: companionSettings(settings, companion.key), observed };
      const all = [...(await paths(scene, slot)), ...(await databases(scene, slot, observed.record?.candidate))];
      return all.map((each) => ({ ...each, name: `${companion.key}: ${each.name}` }));
    }),
  );
  return found.flat();
}

async function paths(scene: Scene, slot: Slot): Promise<Check[]> {
  const all = [...new Set([scene.settings.healthPath, ...scene.settings.smokePaths])];
  return Promise.all(
    all.map(async (path): Promise<Check> => {
      const wrong = await complaint(scene, slot.host, path);
      return check(`GET ${path}`, wrong === undefined, wrong ?? 'answered as it should');
    }),
  );
}

/** The candidate works on the originals, which take writes: a build that still refuses them is found here. */
async function writes(scene: Scene, slot: Slot): Promise<Check[]> {
  return Promise.all(
    scene.settings.writeProbes.map(async (expected): Promise<Check> => {
      const wrong = await complaintAbout(scene, slot.host, expected);
      return check(`${expected.method} ${expected.path} writes`, wrong === undefined, wrong ?? 'answered as it should');
    }),
  );
}

async function version(scene: Scene, slot: Slot): Promise<Check[]> {
  const { expectedVersion, versionSource } = scene.settings;
  if (expectedVersion === undefined) return [];
  const found = await versionAt(scene, slot.host, versionSource);
  return [
    check(
      `Version at ${versionSource.path}`,
      found === expectedVersion,
      found === expectedVersion
        ? found
        : `is ${found === undefined ? 'not there' : `"${shown(found)}"`}, expected "${expectedVersion}"`,
    ),
  ];
}

/** The same build answers on the snapshot in production now: status and version must agree. */
async function sameAsProduction(scene: Scene, slot: Slot): Promise<Check[]> {
  const { smokePaths, healthPath, versionSource, expectedVersion } = scene.settings;
  const { host } = scene.observed.production;
  const unhealthy = lostClone(scene.observed) ? 'has lost its database' : await complaint(scene, host, healthPath);
  if (unhealthy !== undefined) {
    const found = `production ${unhealthy} and can no longer serve as the reference`;
    return [{ name: 'Answers as production', verdict: 'not-looked-at', found }];
  }
  const answers = await Promise.all(
    [healthPath, ...smokePaths].map(async (path): Promise<Check> => {
      const [here, there] = await Promise.all([ask(scene, slot.host, path), ask(scene, host, path)]);
      const status = (answer: typeof here) => ('error' in answer ? answer.error : String(answer.status));
      return check(
        `GET ${path} as production`,
        status(here) === status(there),
        `answered ${status(here)}, production ${status(there)}`,
      );
    }),
  );
  // Who names no version to expect has none to compare.
  if (expectedVersion === undefined) return answers;
  const [here, there] = await Promise.all([
    versionAt(scene, slot.host, versionSource),
    versionAt(scene, host, versionSource),
  ]);
  const same = check(
    'Version as production',
    here === there,
    here === there
      ? shown(here ?? 'none is shown by either')
      : `is "${shown(here)}", production's is "${shown(there)}"`,
  );
  return [...answers, same];
}

/** A candidate that is the live build is a mistake that nobody sees: all its answers are right. A rollback is meant so. */
function anotherBuild({ settings, observed }: Scene, slot: Slot): Check[] {
  const { production } = observed;
  const isSame = [liveBuildSlot(observed), production].some((live) => sameBuild(slot, live));
  if (!isSame) return [];
  const found = `is the build that production runs already (${slot.build ?? 'the same'})`;
  return [
    check(
      'Another build than before',
      settings.sameBuild,
      `${found}${settings.sameBuild ? ', as same-build says' : ''}`,
    ),
  ];
}

/** The candidate leads to the originals and to no clone; they take writes; the schema is what it should be. */
async function databases(scene: Scene, slot: Slot, candidate: Candidate | undefined): Promise<Check[]> {
  const { databases: pairs, deploymentId, sql } = scene.observed;
  const named = findDatabases(slot).map(({ address }) =>
    (keyOfAddress(scene.observed.servers, address) ?? address.database).toLowerCase(),
  );
  return pairs.flatMap((pair) => {
    const original = sql[pair.original?.name ?? ''];
    const before = sql[pair.clone?.name ?? '']?.schemaVersion;
    const after = original?.schemaVersion;
    const clone = cloneName(pair.name, deploymentId).toLowerCase();
    const checks = [
      check(
        `Database ${pair.name} takes writes`,
        original?.readOnly === false,
        original?.readOnly === false ? 'READ_WRITE' : 'READ_ONLY or unreachable',
      ),
      check(
        `Settings lead to ${pair.name}, not to its clone`,
        !named.includes(clone),
        named.includes(clone) ? `a setting names ${clone}` : 'no setting names the clone',
      ),
    ];
    if (after === undefined || before === undefined) return checks;
    const must = candidate?.role === 'live' && !scene.settings.ignoreSchema;
    return [
      ...checks,
      check(
        `Schema version of ${pair.name}`,
        !must || before === after,
        before === after ? shown(after) : `${shown(after)}, was ${shown(before)}`,
      ),
    ];
  });
}

/** What the app says of itself is as long as it likes. */
function shown(found: string | undefined): string {
  return plain(String(found), 200);
}

function check(name: string, passed: boolean, found: string): Check {
  return { name, verdict: passed ? 'passed' : 'failed', found };
}
