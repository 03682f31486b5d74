import { askGitHub } from '../context/github-api.ts';
import type { Send } from '../ports.ts';
import type { GitHubContext } from '../settings/github.ts';

/** A deployment environment of the repository. */
export interface Environment {
  readonly name: string;
  /** Somebody must approve before a job of it runs. */
  readonly reviewed: boolean;
  /** Whoever started the run may approve it. */
  readonly selfReview: boolean;
  /** Those who approve, as GitHub's API takes them. */
  readonly reviewers: readonly Reviewer[];
  readonly policy: BranchPolicy;
}

interface Reviewer {
  /** `User` or `Team`. */
  readonly type: string;
  readonly id: number;
}

/** What an environment says of the branches whose jobs may use it: nothing, that they must be protected, or that they are named. */
export type BranchPolicy = 'none' | 'protected' | 'named';

/**
 * Whose jobs may use an environment: those of every branch; of protected branches only, of which the repository has some;
 * or of the branches and tags that match a name, such as `main`, `release/*` or `tag v*`.
 */
export type Branches = 'any' | 'protected' | readonly string[];

/**
 * The environments of the workflow's repository; null when the token does not show them.
 * https://docs.github.com/rest/deployments/environments
 */
export async function listEnvironments(
  send: Send,
  github: GitHubContext,
  signal: AbortSignal,
): Promise<readonly Environment[] | null> {
  return askGitHub(send, github, signal, async ({ repos, owner, repo }) => {
    const found: Environment[] = [];
    for (let page = 1; ; page++) {
      const { data } = await repos.getAllEnvironments({ owner, repo, per_page: PAGE, page });
      const listed = data.environments ?? [];
      for (const { name, protection_rules: rules = [], deployment_branch_policy: policy } of listed) {
        const named = policy?.custom_branch_policies ? 'named' : 'none';
        found.push({ name, ...reviewOf(rules), policy: policy?.protected_branches ? 'protected' : named });
      }
      if (listed.length < PAGE) return found;
    }
  });
}

/**
 * What the policy of the environment comes to; null when the token does not show it.
 * https://docs.github.com/rest/deployments/branch-policies
 */
export async function branchesOf(
  send: Send,
  github: GitHubContext,
  signal: AbortSignal,
  { name, policy }: Environment,
): Promise<Branches | null> {
  if (policy === 'none') return 'any';
  return askGitHub(send, github, signal, async ({ repos, owner, repo }) => {
    if (policy === 'protected') {
      // "If no branch protection rules are defined for any branch in the repository, then all branches can deploy":
      // https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
      const { data } = await repos.listBranches({ owner, repo, protected: true, per_page: 1 });
      return data.length > 0 ? 'protected' : 'any';
    }
    const { data } = await repos.listDeploymentBranchPolicies({ owner, repo, environment_name: name, per_page: PAGE });
    return data.branch_policies.flatMap(({ name: pattern, type }) =>
      pattern ? [type === 'tag' ? `tag ${pattern}` : pattern] : [],
    );
  });
}

/**
 * The apps that must let a job of the environment pass; null when the token does not show them.
 * https://docs.github.com/rest/deployments/protection-rules
 */
export async function customRulesOf(
  send: Send,
  github: GitHubContext,
  signal: AbortSignal,
  environment_name: string,
): Promise<readonly string[] | null> {
  return askGitHub(send, github, signal, async ({ repos, owner, repo }) => {
    const { data } = await repos.getAllDeploymentProtectionRules({ owner, repo, environment_name });
    return (data.custom_deployment_protection_rules ?? []).flatMap(({ enabled, app }) => (enabled ? [app.slug] : []));
  });
}

/** The most that GitHub gives at a time. */
const PAGE = 100;

interface Rule {
  readonly type: string;
  readonly prevent_self_review?: boolean;
  readonly reviewers?: readonly { readonly type?: string; readonly reviewer?: { readonly id?: number } }[];
}

function reviewOf(rules: readonly Rule[]): Pick<Environment, 'reviewed' | 'selfReview' | 'reviewers'> {
  const rule = rules.find(({ type }) => type === 'required_reviewers');
  const reviewers = (rule?.reviewers ?? []).flatMap(({ type, reviewer }) =>
    type !== undefined && reviewer?.id !== undefined ? [{ type, id: reviewer.id }] : [],
  );
  return { reviewed: rule !== undefined, selfReview: rule?.prevent_self_review !== true, reviewers };
}
