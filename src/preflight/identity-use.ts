import { oidcAssertion } from '../azure/oidc.ts';
import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import { shell } from '../deployment/commands.ts';
import type { Settings } from '../settings/settings.ts';
import { type Branches, branchesOf, type Environment, listEnvironments } from './github-environments.ts';
import { listed, notLookedAt, passed, warning } from './verdicts.ts';

const NAME = 'who may use the identity';

/** The environment of this job, as far as GitHub tells of it. */
export interface Use {
  readonly environment: Environment;
  readonly branches: Branches;
}

/**
 * Whose workflows Azure would let do what this run does: it trusts a subject, which is that of this job. Of what else it
 * trusts, only Entra knows.
 */
export async function checkIdentityUse({
  context,
  settings,
}: Pick<Scene, 'context' | 'settings'>): Promise<readonly Check[]> {
  const { ports, signal } = context;
  const { oidc, clientId, tenantId, clientSecret } = settings.identity;
  if (clientId === undefined || tenantId === undefined) return [];
  if (oidc === undefined) return clientSecret === undefined ? [] : [secretInstead()];
  // A service connection has its own permissions, of which nothing here tells.
  if (oidc.serviceConnectionId !== undefined) return [];
  const subject = subjectOf(await oidcAssertion(oidc, { ...ports, signal }));
  const name = environmentIn(subject);
  if (name === undefined) return [identityUse(settings, subject, null)];
  const { send } = ports;
  const environments = await listEnvironments(send, settings.github, signal);
  const environment = environments?.find((each) => each.name.toLowerCase() === name.toLowerCase());
  const branches = environment && (await branchesOf(send, settings.github, signal, environment));
  return [identityUse(settings, subject, environment && branches ? { environment, branches } : null)];
}

/** Pure. `use`: null when the subject names no environment, or GitHub does not tell of it. */
export function identityUse(settings: Settings, subject: string, use: Use | null): Check {
  const { repository } = settings.github;
  const others = `What else Azure trusts: az ad app federated-credential list --id ${shell(settings.identity.clientId ?? '<client id>')} --query '[].subject'`;
  const environment = environmentIn(subject);
  if (environment === undefined) {
    const [, branch] = /:ref:refs\/heads\/(.+)$/.exec(subject) ?? [];
    if (branch !== undefined) return passed(NAME, `Workflows on branch ${branch} of ${repository}. ${others}`);
    if (subject.endsWith(':pull_request')) {
      const found = `Every pull request of ${repository}: whoever opens one can swap production and delete databases.`;
      return warning(NAME, found, 'Let Azure trust an environment whose branches are named: README.md, Set-up 2.');
    }
    return notLookedAt(NAME, `Azure trusts ${subject}, and whose jobs have that is not known. ${others}`);
  }
  if (use === null) {
    const why = `Jobs of environment ${environment}; which branches may use that, the token of this job does not show.`;
    return notLookedAt(NAME, why, 'permissions: { actions: read, contents: read }');
  }
  if (use.branches === 'any' || (use.branches !== 'protected' && use.branches.some(isEveryName))) {
    const found = `Every branch of ${repository} may use environment ${environment}: whoever can push one can swap production and delete databases.`;
    return warning(NAME, found, nameTheBranch(repository, use.environment));
  }
  const who = use.branches === 'protected' ? 'protected branches' : listed(use.branches) || 'no branch';
  return passed(NAME, `Jobs of environment ${environment}, open to ${who}. ${others}`);
}

function secretInstead(): Check {
  return warning(
    NAME,
    'Whoever has AZURE_CLIENT_SECRET, from everywhere and until it expires.',
    'Let Azure trust an environment instead, and leave the secret out: README.md, Set-up 2.',
  );
}

/** A pattern of stars alone. */
function isEveryName(pattern: string): boolean {
  return /^[*/]+$/.test(pattern);
}

/** A PUT replaces everything that protects an environment, so it says the reviewers again. */
function nameTheBranch(repository: string, { name, reviewed, reviewers, selfReview }: Environment): string {
  const at = shell(`repos/${repository}/environments/${encodeURIComponent(name)}`);
  const review = reviewers.map(({ type, id }) => ` -F "reviewers[][type]=${type}" -F "reviewers[][id]=${id}"`).join('');
  const kept = reviewed ? ` -F prevent_self_review=${!selfReview}${review}` : '';
  return `gh api --method PUT ${at} -F "deployment_branch_policy[protected_branches]=false" -F "deployment_branch_policy[custom_branch_policies]=true"${kept} && gh api --method POST ${at}/deployment-branch-policies -f name="$(gh api ${shell(`repos/${repository}`)} --jq .default_branch)"`;
}

/** GitHub writes a colon in a name as %3A. */
function environmentIn(subject: string): string | undefined {
  const [, encoded] = /:environment:([^:]+)/.exec(subject) ?? [];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

/** The `sub` of an ID token, which Entra compares with what it trusts. Not verified here: it comes from GitHub itself. */
function subjectOf(assertion: string): string {
  const payload = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString();
  const { sub }: { sub?: unknown } = Object(JSON.parse(payload));
  return typeof sub === 'string' ? sub : '';
}
