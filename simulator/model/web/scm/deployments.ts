import type { Answer } from '../../arm/answer.ts';
import { planOf, siteOf } from '../lookup.ts';
import type { Deployment } from '../state.ts';
import { kuduRefusal, type ScmCall } from './call.ts';

/** Kudu's numbers for the state of a deployment. */
const STATUS = { pending: 0, building: 1, deploying: 2, failed: 3, success: 4 } as const;

/** `GET api/deployments` */
export function listDeployments(call: ScmCall): Answer {
  return { status: 200, body: call.slot.occupant.deployments.toReversed().map((one) => bodyOf(call, one)) };
}

/** `GET api/deployments/{id | latest}` */
export function showDeployment(call: ScmCall): Answer {
  return deploymentAnswer(call, deploymentOf(call));
}

/** `GET api/deployments/{id | latest}/log` */
export function showLog(call: ScmCall): Answer {
  return { status: 200, body: logOf(call, deploymentOf(call)) };
}

/** `GET api/deployments/{id | latest}/log/{entry}`: what lies below an entry of the log. */
export function showLogDetails(call: ScmCall): Answer {
  const deployment = deploymentOf(call);
  const { entry = '' } = call.names;
  const [first] = logOf(call, deployment);
  if (entry !== first.id) throw kuduRefusal(404, `LogId '${entry}' was not found in Deployment '${deployment.id}'.`);
  return { status: 200, body: [{ ...first, id: `${deployment.id}-2`, details_url: null }] };
}

/** `PUT api/deployments/{id}`: an entry that a client writes itself, as Azure's own actions do after they have deployed. */
export function recordDeployment(call: ScmCall): Answer {
  const { now, slot } = call;
  const { id = '' } = call.names;
  const given = JSON.parse(new TextDecoder().decode(call.body)) as Record<string, unknown>;
  const known = slot.occupant.deployments.find((one) => one.id === id);
  const entry: Deployment = {
    ...(known ?? { id, temporaryId: id, receivedAt: now, endsAt: now, restart: false }),
    deployer: String(given.deployer ?? ''),
    message: String(given.message ?? ''),
    contentId: slot.occupant.contentId,
    outcome: given.status === STATUS.failed ? 'failed' : 'success',
  };
  slot.occupant.deployments = [...slot.occupant.deployments.filter((one) => one !== known), entry];
  return { status: 200, body: bodyOf(call, entry) };
}

/** 200 once a deployment has ended, 202 with a Location until then. */
export function deploymentAnswer(call: ScmCall, deployment: Deployment): Answer {
  const body = bodyOf(call, deployment);
  if (deployment.outcome !== undefined) return { status: 200, body };
  return { status: 202, headers: { location: pollLocation(call) }, body };
}

function deploymentOf(call: ScmCall): Deployment {
  const { id = '' } = call.names;
  const { deployments } = call.slot.occupant;
  const wanted =
    id === 'latest' ? deployments.at(-1) : deployments.find((one) => one.id === id || one.temporaryId === id);
  if (wanted === undefined) throw kuduRefusal(404, `Deployment '${id}' not found.`);
  return wanted;
}

/** On Linux the Location of a poll is plain http with port 80, as recorded: not to be followed with a token. */
function pollLocation(call: ScmCall): string {
  const isLinux = planOf(call.world, siteOf(call.world, call.slot)).reserved;
  return isLinux ? `http://${call.url.hostname}:80${call.url.pathname}${call.url.search}` : call.url.href;
}

/**
 * How far a deployment is. It does not only move forward: an older temporary record shows up again before the end,
 * as recorded in Azure/azure-cli `test_one_deploy_scm.yaml`.
 */
function progressOf(call: ScmCall, deployment: Deployment): { status: number; isTemporary: boolean } {
  if (deployment.outcome === 'success') return { status: STATUS.success, isTemporary: false };
  if (deployment.outcome === 'failed') return { status: STATUS.failed, isTemporary: false };
  const part = (call.now - deployment.receivedAt) / (deployment.endsAt - deployment.receivedAt);
  if (part < 0.2) return { status: STATUS.pending, isTemporary: true };
  if (part < 0.5) return { status: STATUS.building, isTemporary: false };
  if (part < 0.7) return { status: STATUS.deploying, isTemporary: false };
  return part < 0.85 ? { status: STATUS.pending, isTemporary: true } : { status: STATUS.deploying, isTemporary: false };
}

const WORDS: Readonly<Record<number, string>> = { 2: 'Deploying', 3: 'Failed', 4: '' };
const PROVISIONING = { running: 'InProgress', success: 'Succeeded', failed: 'Failed' } as const;

/** On Windows a deployment has no address before it has ended, as recorded. */
function isShownUrl({ world, slot }: ScmCall, { outcome }: Deployment): boolean {
  return outcome !== undefined || planOf(world, siteOf(world, slot)).reserved;
}

function bodyOf(call: ScmCall, deployment: Deployment): Record<string, unknown> {
  const { status, isTemporary } = progressOf(call, deployment);
  const id = isTemporary ? deployment.temporaryId : deployment.id;
  const ended = deployment.outcome === undefined ? null : new Date(deployment.endsAt).toISOString();
  const url = isShownUrl(call, deployment) ? `${call.url.origin}/api/deployments/${id}` : null;
  return {
    id,
    status,
    status_text:
      deployment.failure ?? (status === STATUS.building ? `Building and Deploying '${id}'.` : (WORDS[status] ?? '')),
    author_email: 'N/A',
    author: 'N/A',
    deployer: deployment.deployer,
    message: deployment.message,
    progress: deployment.outcome === undefined ? 'Running deployment command...' : '',
    received_time: new Date(deployment.receivedAt).toISOString(),
    start_time: new Date(deployment.receivedAt).toISOString(),
    end_time: ended,
    last_success_end_time: deployment.outcome === 'success' ? ended : null,
    complete: deployment.outcome !== undefined,
    active:
      deployment.outcome === 'success' &&
      call.slot.occupant.deployments.findLast((one) => one.outcome === 'success')?.id === deployment.id,
    is_temp: isTemporary,
    is_readonly: !isTemporary,
    url,
    log_url: url === null ? null : `${url}/log`,
    site_name: call.slot.site,
    provisioningState: PROVISIONING[deployment.outcome ?? 'running'],
  };
}

function logOf(call: ScmCall, deployment: Deployment) {
  const message =
    deployment.failure ?? (deployment.outcome === 'success' ? 'Deployment successful.' : 'Preparing deployment.');
  const id = `${deployment.id}-1`;
  const entry = {
    log_time: new Date(deployment.receivedAt).toISOString(),
    id,
    message,
    type: deployment.outcome === 'failed' ? 2 : 0,
    details_url: `${call.url.origin}/api/deployments/${deployment.id}/log/${id}`,
  };
  return [entry] as const;
}
