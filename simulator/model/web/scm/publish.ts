import type { Answer } from '../../arm/answer.ts';
import { newGuid, Unmodelled, type World } from '../../world.ts';
import { addContent, contentOf, unpack, WWWROOT, withFolders, writtenAt } from '../content.ts';
import { planOf, siteOf } from '../lookup.ts';
import { takeOutcome } from '../outcomes.ts';
import type { Deployment, Slot } from '../state.ts';
import { flag, kuduRefusal, type ScmCall } from './call.ts';
import { beginDeployment, deploymentUnderWay, fillDisk, stopDeployment } from './deployment.ts';
import { deploymentAnswer } from './deployments.ts';
import { under } from './files.ts';
import { build, buildsRemotely } from './remote-build.ts';
import { refusals } from './upload-refusals.ts';

const QUERIES = {
  publish: ['type', 'async', 'restart', 'clean', 'trackdeploymentprogress', 'deployer', 'message', 'ignorestack'],
  zipdeploy: [
    'isasync',
    'clean',
    'author',
    'authoremail',
    'deployer',
    'message',
    'trackdeploymentprogress',
    'api-version',
  ],
};

/** `api/publish` with `type=zip`: its content replaces wwwroot unless `clean=false`. */
export function publish(call: ScmCall): Answer {
  knownQueriesOnly(call, QUERIES.publish);
  const type = call.url.searchParams.get('type');
  if (type !== 'zip') throw new Unmodelled(`api/publish of type ${type}`);
  return deploy(call, {
    deployer: call.url.searchParams.get('deployer') ?? 'OneDeploy',
    message: call.url.searchParams.get('message') ?? 'OneDeploy',
    clean: flag(call.url, 'clean', true),
    restart: flag(call.url, 'restart', true),
    isAsync: flag(call.url, 'async', false),
    isTracked: true,
  });
}

/** `api/zipdeploy`: adds and overwrites; deletes only what the last deployment had put there, unless `clean=true`. */
export function zipDeploy(call: ScmCall): Answer {
  knownQueriesOnly(call, QUERIES.zipdeploy);
  return deploy(call, {
    deployer: call.url.searchParams.get('deployer') ?? 'ZipDeploy',
    message: call.url.searchParams.get('message') ?? 'Created via a push deployment',
    clean: flag(call.url, 'clean', false),
    restart: true,
    isAsync: flag(call.url, 'isAsync', false),
    isTracked: flag(call.url, 'trackDeploymentProgress', false),
  });
}

interface Wish {
  readonly deployer: string;
  readonly message: string;
  readonly clean: boolean;
  readonly restart: boolean;
  readonly isAsync: boolean;
  /** Its answer names the deployment. */
  readonly isTracked: boolean;
}

function deploy(call: ScmCall, wish: Wish): Answer {
  const { world, slot, now } = call;
  if ((call.headers['content-type'] ?? '').includes('json')) throw new Unmodelled('deployment of a packageUri');
  if (deploymentUnderWay(slot) !== undefined) throw refusals['upload-409']();
  if (/^https?:/i.test(slot.occupant.settings.WEBSITE_RUN_FROM_PACKAGE ?? '')) {
    throw kuduRefusal(
      409,
      'Run-From-Zip is set to a remote URL using WEBSITE_USE_ZIP app setting. Deployment is not supported in this configuration.',
    );
  }
  const refused = takeOutcome(
    world,
    'upload-409',
    'upload-502',
    'upload-503',
    'upload-disk-full',
    'upload-503-disk-full',
  );
  if (refused !== undefined) throw refusals[refused]();
  const trouble = takeOutcome(world, 'upload-cut', 'unpack-disk-full');
  const id = newGuid(world).replaceAll('-', '');
  const after = contentAfter(call, wish);
  const deployment: Deployment = {
    id,
    temporaryId: `temp-${id.slice(0, 8)}`,
    deployer: wish.deployer,
    message: wish.message,
    receivedAt: now,
    endsAt: now + world.durations.deployment,
    restart: wish.restart,
    ...after,
    outcome: undefined,
  };
  beginDeployment(world, slot, deployment);
  if (trouble === 'upload-cut') stopDeployment(deployment);
  if (trouble === 'unpack-disk-full') fillDisk(deployment);
  const time = new Date(now).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  const location = `${call.url.origin}/api/deployments/latest?deployer=${encodeURIComponent(wish.deployer)}&time=${time}Z`;
  const tracked = wish.isTracked ? { 'scm-deployment-id': id } : {};
  if (wish.isAsync) return { status: 202, headers: { location, ...tracked } };
  const answer = deploymentAnswer(call, { ...deployment, outcome: deployment.contentId ? 'success' : 'failed' });
  return { ...answer, delayMs: world.durations.deployment };
}

/** The content once the deployment has ended, or why there is none. */
function contentAfter(call: ScmCall, wish: Wish): Pick<Deployment, 'contentId' | 'failure'> {
  const { world, slot, now } = call;
  const unpacked = unpack(call.body);
  if (unpacked === undefined) return NO_ZIP;
  const built = buildsRemotely(world, slot)
    ? build(named(world, slot, unpacked))
    : { files: named(world, slot, unpacked) };
  if ('failure' in built) return { contentId: undefined, failure: built.failure };
  return { contentId: withFiles(call, wish, built.files, now) };
}

const NO_ZIP = { contentId: undefined, failure: 'End of Central Directory record could not be found.' };

/** Names with backslashes are folders on Windows and odd files on Linux. https://github.com/projectkudu/kudu/issues/3071 */
function named(world: World, slot: Slot, files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  return planOf(world, siteOf(world, slot)).reserved ? { ...files } : withFolders(files);
}

function withFiles(call: ScmCall, wish: Wish, files: Readonly<Record<string, Uint8Array>>, now: number): string {
  const { world, slot } = call;
  const content = contentOf(world, slot.occupant.contentId);
  if (slot.occupant.settings.WEBSITE_RUN_FROM_PACKAGE === '1') return addContent(world, withPackage(call), [], now);
  const dropped = new Set(content.manifest.map((path) => WWWROOT + path));
  const kept = Object.entries(content.files).filter(
    ([path]) => !(wish.clean ? path.startsWith(WWWROOT) : dropped.has(path)),
  );
  const times = Object.fromEntries(kept.map(([path]) => [path, writtenAt(content, path)]));
  return addContent(world, { ...Object.fromEntries(kept), ...under(WWWROOT, files) }, Object.keys(files), now, times);
}

/** WEBSITE_RUN_FROM_PACKAGE=1: the zip is kept as it is, and `packagename.txt` names it. */
function withPackage(call: ScmCall): Record<string, Uint8Array> {
  const name = `${new Date(call.now).toISOString().replace(/\D/g, '').slice(0, 14)}.zip`;
  return {
    ...contentOf(call.world, call.slot.occupant.contentId).files,
    [`data/SitePackages/${name}`]: call.body,
    'data/SitePackages/packagename.txt': new TextEncoder().encode(name),
  };
}

function knownQueriesOnly(call: ScmCall, known: readonly string[]): void {
  for (const name of call.url.searchParams.keys()) {
    if (!known.includes(name.toLowerCase())) throw new Unmodelled(`the query ${name} of ${call.url.pathname}`);
  }
}
