import { tmpdir } from 'node:os';
import type { AzureEnvironment } from '../settings/azure.ts';
import type { GitHubContext } from '../settings/github.ts';
import type { Environment, Reader } from './reader.ts';

/** https://docs.github.com/actions/reference/workflows-and-actions/variables */
export function githubContext(reader: Reader, environment: Environment): GitHubContext {
  const variable = (name: string) => environment[name]?.trim() ?? '';
  return {
    repository: variable('GITHUB_REPOSITORY'),
    runId: variable('GITHUB_RUN_ID'),
    runAttempt: Number(variable('GITHUB_RUN_ATTEMPT')) || 1,
    actor: variable('GITHUB_TRIGGERING_ACTOR') || variable('GITHUB_ACTOR'),
    sha: variable('GITHUB_SHA'),
    pullRequest: Number(/^refs\/pull\/(\d{1,9})\//.exec(variable('GITHUB_REF'))?.[1] ?? 0) || undefined,
    serverUrl: variable('GITHUB_SERVER_URL') || undefined,
    apiUrl: variable('GITHUB_API_URL') || 'https://api.github.com',
    token: reader.text('github-token'),
    workspace: variable('GITHUB_WORKSPACE') || '.',
    temp: variable('RUNNER_TEMP') || tmpdir(),
  };
}

/** `ZDD_CLOCK_RATE`: waits run faster together with a simulator's clock; against Azure that would only cut them short. */
export function clockRate(reader: Reader, environment: Environment, azure: AzureEnvironment): number {
  const text = environment.ZDD_CLOCK_RATE?.trim();
  if (!text) return 1;
  const rate = Number(text);
  if (!(rate >= 1 && rate <= 10_000)) {
    reader.complain(`Variable ZDD_CLOCK_RATE is "${text}". Allowed: a number from 1 to 10000.`);
    return 1;
  }
  if (rate !== 1 && azure.kind !== 'own') {
    reader.complain(
      `Variable ZDD_CLOCK_RATE is "${text}" with input azure-environment "${azure.kind}". Allowed: only together with a simulator.`,
    );
  }
  return rate;
}
