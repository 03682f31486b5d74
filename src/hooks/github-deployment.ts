import { askGitHub, type Repository } from '../context/github-api.ts';
import { inTime } from '../context/in-time.ts';
import type { Observed } from '../deployment/observed.ts';
import { windowOpen } from '../deployment/stage.ts';
import { messageOf } from '../errors.ts';
import type { Ports } from '../ports.ts';
import { traitsOf } from '../settings/phases.ts';
import { plain } from '../settings/plain.ts';
import type { Settings } from '../settings/settings.ts';
import { linksOf } from '../summary/links.ts';
import { resultOf } from '../summary/run-result.ts';
import type { Came } from './message.ts';

interface RecordOptions {
  readonly settings: Settings;
  readonly ports: Ports;
  /** Takes the secrets that the run knows out of a text. */
  readonly masked: (text: string) => string;
}

type State = 'in_progress' | 'success' | 'failure' | 'inactive';

/**
 * The deployment as GitHub lists it, with the status that a phase has brought. Found again by the id of the deployment, which is its task: jobs and
 * runs share nothing else. Never a failure: it says nothing that is not in Azure. Resolves with whether GitHub let all of its time pass.
 */
export async function recordInGitHub(
  { settings, ports, masked }: RecordOptions,
  known: Came,
  signal: AbortSignal,
): Promise<boolean> {
  const came = { ...known, headline: masked(known.headline) };
  const environment = settings.githubDeployment;
  const seen = came.last?.record ? came.last : came.first;
  const state = stateOf(came);
  if (environment === undefined || !seen?.record || state === undefined) return false;
  const task = `zdd-${seen.deploymentId}`;
  const limitMs = settings.hooks.timeout * 1000;
  const late = `no answer within ${limitMs} ms (hook-timeout)`;
  const why = await inTime(ports, limitMs, late, signal, (limited) =>
    askGitHub(ports.send, settings.github, limited, async (repository) => {
      const id = await deploymentOf(repository, settings, environment, task, state !== 'inactive');
      if (id !== undefined) await giveStatus(repository, settings, id, state, came, seen);
      return id === undefined ? 'none' : 'kept';
    }),
  ).then(
    (kept) => (kept === null ? 'the token may not do that (deployments: write), or there is none' : undefined),
    (error: unknown) => messageOf(error),
  );
  if (why !== undefined)
    ports.log.info(`GitHub does not list deployment ${seen.deploymentId} under ${environment}: ${why}.`);
  return why === late;
}

/** Undefined: nothing changes. What visitors got stays, whatever is cleaned up behind it. */
function stateOf({ phase, outcome, first, last }: Came): State | undefined {
  if (!traitsOf[phase].changes || last === undefined) return undefined;
  if (outcome === 'failed') return 'failure';
  const record = last.record ?? first?.record;
  const isNew = record?.candidate?.role === 'new';
  switch (phase) {
    case 'complete':
      return isNew ? 'success' : 'inactive';
    case 'cleanup':
      return record?.completedAt !== undefined && isNew ? undefined : 'inactive';
    case 'rollback':
      return windowOpen(last) ? 'in_progress' : 'inactive';
    default:
      return 'in_progress';
  }
}

/** https://docs.github.com/rest/deployments/deployments */
async function deploymentOf(
  { repos, owner, repo }: Repository,
  { github: { sha } }: Settings,
  environment: string,
  task: string,
  isWanted: boolean,
): Promise<number | undefined> {
  const { data: found } = await repos.listDeployments({ owner, repo, environment, task, per_page: 1 });
  const [first] = found;
  if (first !== undefined || !isWanted) return first?.id;
  const { data: made } = await repos.createDeployment({
    ...{ owner, repo, ref: sha, task, environment },
    ...{ auto_merge: false, required_contexts: [], production_environment: true },
  });
  return 'id' in made ? made.id : undefined;
}

/** GitHub takes no longer description. */
const LONGEST = 140;

/** https://docs.github.com/rest/deployments/statuses */
async function giveStatus(
  { repos, owner, repo }: Repository,
  settings: Settings,
  deployment_id: number,
  state: State,
  { phase, headline }: Came,
  seen: Observed,
): Promise<void> {
  const { run } = linksOf(settings.github);
  const { validationUrl, productionUrl } = resultOf(seen, false);
  const site = state === 'in_progress' ? (validationUrl ?? productionUrl) : productionUrl;
  await repos.createDeploymentStatus({
    ...{ owner, repo, deployment_id, state },
    description: plain(`${phase}: ${headline}`, LONGEST),
    ...(run === undefined ? {} : { log_url: run }),
    ...(site === undefined ? {} : { environment_url: site }),
  });
}
