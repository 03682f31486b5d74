import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import type { Settings } from '../settings/settings.ts';
import { customRulesOf, type Environment, listEnvironments } from './github-environments.ts';
import { listed, passed, warning } from './verdicts.ts';

/** Whether somebody is asked at all. An environment that does not exist is made without reviewers and lets everybody pass. */
export async function checkApproval({
  context,
  settings,
}: Pick<Scene, 'context' | 'settings'>): Promise<readonly Check[]> {
  const { ports, signal } = context;
  const seen = await see(signal, () => listEnvironments(ports.send, settings.github, signal));
  const environments = seen.value ?? null;
  if (environments === null || environments.some(({ reviewed }) => reviewed)) return approval(settings, environments);
  const asked = environments.slice(0, MOST).map(async ({ name }) => {
    const apps = await see(signal, () => customRulesOf(ports.send, settings.github, signal, name));
    return (apps.value ?? []).map((app) => `${name} (${app})`);
  });
  return approval(settings, environments, (await Promise.all(asked)).flat());
}

/** One an open pull request is usual: those are younger, and listed behind. */
const MOST = 20;

/** Pure: null leaves the line out, because nothing can be told. https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments */
export function approval(
  { github }: Settings,
  environments: readonly Environment[] | null,
  byApps: readonly string[] = [],
): readonly Check[] {
  const name = 'approval';
  if (environments === null) return [];
  const reviewed = environments.filter((each) => each.reviewed);
  if (reviewed.length > 0) {
    const alone = reviewed.filter(({ selfReview }) => selfReview).map((each) => each.name);
    const said = alone.length > 0 ? ` Whoever starts a run may approve it in ${listed(alone)}.` : '';
    return [passed(name, `Reviewers are required for ${listed(reviewed.map((each) => each.name))}.${said}`)];
  }
  if (byApps.length > 0) return [passed(name, `A custom protection rule decides for ${listed(byApps)}.`)];
  return [
    warning(
      name,
      `No environment of ${github.repository} has required reviewers: nobody would be asked before visitors move.`,
      `gh api --method PUT repos/${github.repository}/environments/production -F prevent_self_review=true -F "reviewers[][type]=User" -F "reviewers[][id]=$(gh api users/<reviewer> --jq .id)"`,
    ),
  ];
}
