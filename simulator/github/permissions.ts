import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { type Permissions, StartupFailure } from './contract.ts';
import { evaluate } from './expressions.ts';

const LEVELS = ['none', 'read', 'write'] as const;
type Level = (typeof LEVELS)[number];

/** Every permission that `read-all` and `write-all` mean, as far as the simulated API asks for one. */
const ALL = ['actions', 'contents', 'deployments', 'id-token', 'issues', 'packages', 'pull-requests', 'statuses'];

/** What the job's token may do: its own `permissions`, else the workflow's, else the repository's default. */
export function permissionsOf(
  job: TemplateToken | undefined,
  workflow: TemplateToken | undefined,
  otherwise: Permissions,
): Permissions {
  const token = job ?? workflow;
  if (token === undefined) return otherwise;
  const stated = evaluate(token, { contexts: {} });
  if (stated === 'read-all') return Object.fromEntries(ALL.map((name) => [name, 'read']));
  if (stated === 'write-all') return Object.fromEntries(ALL.map((name) => [name, 'write']));
  return Object.fromEntries(Object.entries(stated ?? {}).map(([name, level]) => [name, levelOf(level)]));
}

/**
 * A called workflow may ask for at most what the calling job was granted.
 * @throws StartupFailure; GitHub fails the same way and says nothing about why.
 */
export function refuseExcess(asked: Permissions, granted: Permissions, where: string): void {
  for (const [name, level] of Object.entries(asked)) {
    const limit = granted[name] ?? 'none';
    if (LEVELS.indexOf(level) > LEVELS.indexOf(limit)) {
      throw new StartupFailure(`${where} asks for "${name}: ${level}", but the calling job grants "${limit}".`);
    }
  }
}

export function mayRead(permissions: Permissions, name: string): boolean {
  return (permissions[name] ?? 'none') !== 'none';
}

export function mayWrite(permissions: Permissions, name: string): boolean {
  return permissions[name] === 'write';
}

function levelOf(value: unknown): Level {
  return LEVELS.find((level) => level === value) ?? 'none';
}
