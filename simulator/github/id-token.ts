import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { exportJWK, type JSONWebKeySet, SignJWT } from 'jose';
import type { Issuer } from './contract.ts';

/** Seconds that an ID token of GitHub is valid. */
const LIFETIME = 300;

/** What an ID token says about the job that asked for it. */
export interface JobIdentity {
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
  readonly eventName: string;
  readonly actor: string;
  readonly workflow: string;
  /** The workflow that was triggered, and the one whose file holds the job: `owner/name/path@ref`. */
  readonly workflowRef: string;
  readonly jobWorkflowRef: string;
  readonly runId: number;
  readonly runAttempt: number;
  readonly environment: string | undefined;
  readonly immutableSubjects: boolean;
}

/** An issuer with a new key. It takes a tenth of a second to make, and few runs ask for a token: it is made when it is needed. */
export function createIssuer(url: string): Issuer {
  let key: KeyObject | undefined;
  return {
    url,
    keyId: randomUUID(),
    get privateKey() {
      key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      return key;
    },
  };
}

/** The public keys, as the issuer's `jwks_uri` serves them. */
export async function keySet(issuer: Issuer): Promise<JSONWebKeySet> {
  const { n, e, kty } = await exportJWK(issuer.privateKey);
  return { keys: [{ kty, n, e, kid: issuer.keyId, use: 'sig', alg: 'RS256' }] as JSONWebKeySet['keys'] };
}

/** The issuer's `/.well-known/openid-configuration`. */
export function discovery(issuer: Issuer): Record<string, unknown> {
  return {
    issuer: issuer.url,
    jwks_uri: `${issuer.url}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

/** A signed token for one audience. `now` in milliseconds since the epoch. */
export function signIdToken(issuer: Issuer, job: JobIdentity, audience: string, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT(claimsOf(job))
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: issuer.keyId })
    .setJti(randomUUID())
    .setIssuer(issuer.url)
    .setSubject(subjectOf(job))
    .setAudience(audience)
    .setNotBefore(seconds - 600)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + LIFETIME)
    .sign(issuer.privateKey as KeyObject);
}

/**
 * The `sub` claim: of the environment when the job names one, otherwise of the pull request or the ref.
 * https://docs.github.com/actions/reference/security/oidc
 */
function subjectOf(job: JobIdentity): string {
  const [owner = '', name = ''] = job.repository.split('/');
  const repository = job.immutableSubjects
    ? `${owner}@${numericId(owner)}/${name}@${numericId(job.repository)}`
    : job.repository;
  if (job.environment !== undefined) return `repo:${repository}:environment:${encodeURIComponent(job.environment)}`;
  if (job.eventName.startsWith('pull_request')) return `repo:${repository}:pull_request`;
  return `repo:${repository}:ref:${job.ref}`;
}

/** A stable number for a name, in place of GitHub's ids. */
export function numericId(name: string): string {
  let id = 7;
  for (const character of name) id = (id * 31 + (character.codePointAt(0) ?? 0)) % 900_000_000;
  return String(id + 100_000_000);
}

function claimsOf(job: JobIdentity): Record<string, string> {
  const [owner = ''] = job.repository.split('/');
  return {
    ref: job.ref,
    sha: job.sha,
    repository: job.repository,
    repository_owner: owner,
    repository_owner_id: numericId(owner),
    repository_id: numericId(job.repository),
    repository_visibility: 'private',
    run_id: String(job.runId),
    run_number: '1',
    run_attempt: String(job.runAttempt),
    actor: job.actor,
    actor_id: numericId(job.actor),
    workflow: job.workflow,
    head_ref: '',
    base_ref: '',
    event_name: job.eventName,
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    workflow_ref: job.workflowRef,
    workflow_sha: job.sha,
    job_workflow_ref: job.jobWorkflowRef,
    job_workflow_sha: job.sha,
    runner_environment: 'github-hosted',
    ...(job.environment === undefined ? {} : { environment: job.environment }),
  };
}
