import { expect, test } from '@jest/globals';
import { linksOf, runLink } from '../../src/summary/links.ts';
import { link } from '../../src/summary/markdown.ts';
import { nextAfter, nextAfterFailure } from '../../src/summary/next.ts';
import { settings } from '../phases/observed.ts';
import { afterDeploy } from './observed.ts';

const github = {
  ...settings().github,
  serverUrl: 'https://github.com',
  repository: 'org/shop',
  runId: '77',
};
const links = linksOf(github, afterDeploy());
const result = {
  deploymentId: '20260131-k7m2x',
  state: 'validated',
  changed: true,
  nextPhases: ['complete', 'validate', 'deploy', 'rollback'],
  cloneDatabases: {},
} as const;

test('after a verdict reviewers are sent to the run that waits for them, and the phase can be copied', () => {
  const page = nextAfter({ result, links, ran: ['validate'] });
  expect(page).toContain('*Review deployments* in [this run](https://github.com/org/shop/actions/runs/77)');
  expect(page).toContain('```yaml\nphase: complete\ndeployment-id: 20260131-k7m2x\n```');
  expect(page).toContain('[its log](https://shop-zdd-staging.scm.azurewebsites.net/api/logstream)');
});

test('outside GitHub there is no button, and no link to a run', () => {
  const outside = linksOf({ ...github, serverUrl: undefined }, afterDeploy());
  expect(nextAfter({ result, links: outside, ran: ['validate'] })).not.toMatch(/Review deployments|actions/);
});

test('each way of an advice can be copied, a rollback with a scope that it can take', () => {
  const advice = 'Run "rollback" with rollback-scope: code-and-database; or run "rollback" with ignore-schema: true.';
  const ways = [
    [{ phase: 'rollback', inputs: { 'rollback-scope': 'code-and-database' } }],
    [{ phase: 'rollback', inputs: { 'ignore-schema': 'true' } }],
  ] as const;
  const page = nextAfterFailure(advice, ways, { result, links, ran: ['rollback'] });
  expect(page).toContain('deployment-id: 20260131-k7m2x\nrollback-scope: code-and-database\n```');
  expect(page).toContain('rollback-scope: code\nignore-schema: true\n```');
});

test('a link is one only where the address is, and holds nothing that would end it', () => {
  expect(link('a', 'javascript:alert(1)')).toBe('a');
  expect(link('a]b', 'https://x.example/(a) b')).toBe('[a\\]b](https://x.example/%28a%29%20b)');
  expect(runLink('org/shop/17/2', github)).toBe(
    '[org/shop/17/2](https://github.com/org/shop/actions/runs/17/attempts/2)',
  );
  expect(runLink('by-hand/host/20260131/1', github)).toBe('by-hand/host/20260131/1');
});
