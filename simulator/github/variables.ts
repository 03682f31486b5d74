import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './contract.ts';
import { asText } from './expressions.ts';
import { numericId } from './id-token.ts';
import type { JobRuntime } from './job-runtime.ts';
import type { Run } from './run.ts';

/** The `github` context of a job. */
export function githubContext(run: Run, job: string, workspace: string, token: string): Record<string, Json> {
  const [owner = ''] = run.repository.split('/');
  return {
    actor: run.actor,
    actor_id: numericId(run.actor),
    api_url: run.service.url,
    base_ref: '',
    event: run.eventPayload,
    event_name: run.eventName,
    graphql_url: `${run.service.url}/graphql`,
    head_ref: '',
    job,
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_protected: false,
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: run.repository,
    repository_id: numericId(run.repository),
    repository_owner: owner,
    repository_owner_id: numericId(owner),
    retention_days: '90',
    run_attempt: String(run.runAttempt),
    run_id: String(run.runId),
    run_number: '1',
    server_url: 'https://github.com',
    sha: run.sha,
    token,
    triggering_actor: run.actor,
    workflow: run.workflowName,
    workflow_ref: run.workflowRef,
    workflow_sha: run.sha,
    workspace,
  };
}

/** The `runner` context of a job; `debug` when the secret or variable ACTIONS_STEP_DEBUG is `true`. */
export function runnerContext(temp: string, debug: boolean): Record<string, Json> {
  const os = process.platform === 'darwin' ? 'macOS' : process.platform === 'win32' ? 'Windows' : 'Linux';
  const toolCache = join(temp, '..', '_tool');
  return {
    os,
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    name: 'zdd-simulator',
    environment: 'github-hosted',
    temp,
    tool_cache: toolCache,
    ...(debug ? { debug: '1' } : {}),
  };
}

/** `GITHUB_*`, `RUNNER_*`, `CI` and `GITHUB_ACTIONS` as the runner sets them; the token is not among them. */
export function githubVariables({ contexts, temp }: JobRuntime): Record<string, string> {
  const { event, token: _, ...github } = contexts.github as Record<string, Json>;
  const eventFolder = join(temp, '_github_workflow');
  mkdirSync(eventFolder, { recursive: true });
  const eventPath = join(eventFolder, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event));
  return {
    ...upperCase('GITHUB', github),
    GITHUB_EVENT_PATH: eventPath,
    ...upperCase('RUNNER', contexts.runner as Record<string, Json>),
    RUNNER_WORKSPACE: join(temp, '..'),
    GITHUB_ACTIONS: 'true',
    CI: 'true',
  };
}

function upperCase(prefix: string, values: Record<string, Json>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}_${name.toUpperCase()}`, asText(value)]),
  );
}
