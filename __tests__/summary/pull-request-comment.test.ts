import { expect, test } from '@jest/globals';
import { startService } from '../../simulator/github/service.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import type { Clock, Send } from '../../src/ports.ts';
import { commentOnPullRequest } from '../../src/summary/pull-request-comment.ts';
import type { RunReport } from '../../src/summary/summary.ts';
import { realClock } from '../../src/system/clock.ts';
import { send } from '../../src/system/http.ts';
import { settingsOf } from '../inputs/environment.ts';

const report: RunReport = {
  headline: '🟢 Visitors are on the live build.',
  app: 'shop',
  phases: [{ phase: 'clone', outcome: 'planned', tookMs: 1, steps: ['Copy database shop.'] }],
  result: undefined,
  whereabouts: [],
  notes: [],
  warnings: [],
  failure: undefined,
  ways: [],
  links: { places: [] },
  sight: undefined,
};

test('a pull request gets one comment, and every further run writes it anew, whatever others say below', async () => {
  const { comments, lines } = await commented(async (comment, service) => {
    for (let at = 0; at < 150; at++)
      service.comments.push({
        id: at + 1,
        issue: 7,
        user: { login: 'ann', type: 'User' },
        body: '<!-- zdd-action rg/shop --> me too',
      });
    await comment(report);
    await comment({ ...report, headline: '🟢 Second.' });
  });
  const own = comments.filter(({ user }) => user.type === 'Bot');
  expect(own.map(({ issue, body }) => [issue, body.split('\n').slice(0, 2)])).toEqual([
    [7, ['<!-- zdd-action rg/shop -->', '## 🟢 Second.']],
  ]);
  expect(comments).toHaveLength(151);
  expect(lines).toEqual([]);
});

test('secrets are masked, and what is too long is cut', async () => {
  const { comments } = await commented((comment) =>
    comment({
      ...report,
      headline: '🟢 hidden-4711',
      notes: Array.from({ length: 2000 }, () => 'A long note of the run, one of many.'),
    }),
  );
  expect(comments[0]?.body).not.toContain('hidden-4711');
  expect(comments[0]?.body.length).toBeLessThan(65_536);
  expect(comments[0]?.body).toMatch(/The rest stands on the page of the run\.$/);
});

test('a token that may not, none at all, another event, and a GitHub that is not there leave it out and say so', async () => {
  const refused = await commented((comment) => comment(report), { may: 'read' });
  const without = await commented((comment) => comment(report), { github: { token: undefined } });
  const pushed = await commented((comment) => comment(report), { github: { pullRequest: undefined } });
  const gone = await commented((comment) => comment(report), { github: { apiUrl: 'http://127.0.0.1:9' } });
  const unasked = await commented((comment) => comment(report), { asked: false });
  const all = [refused, without, pushed, gone, unasked];
  expect(all.map(({ comments }) => comments)).toEqual([[], [], [], [], []]);
  expect(all.map(({ lines }) => lines.join())).toEqual([
    expect.stringContaining('pull-requests: write'),
    expect.stringContaining('no token'),
    'No comment was written: this run is of no pull request.',
    expect.stringContaining('could not be commented'),
    '',
  ]);
});

test('the page goes to the pull request whose number is given, whatever the run is of', async () => {
  const given = settingsOf({ 'comment-on-pull-request': '42' }).commentOnPullRequest;
  const { comments } = await commented((comment) => comment(report), {
    asked: given,
    github: { pullRequest: undefined },
  });
  expect(comments.map(({ issue }) => issue)).toEqual([42]);
  expect(() => settingsOf({ 'comment-on-pull-request': '#42' })).toThrow(
    'Input comment-on-pull-request is "#42". Allowed: true, false, or the number of a pull request.',
  );
  // As a workflow passes it on where there is none.
  expect(settingsOf({ 'comment-on-pull-request': '' }).commentOnPullRequest).toBe(false);
});

test('a GitHub that hangs is waited for no longer than anybody else who is told: visitors may wait for the end', async () => {
  const clock = virtualClock(0);
  const hanging: Send = async (_request, signal) => {
    await clock.sleep(3_600_000, signal);
    throw new Error('nothing waits so long');
  };
  const { lines } = await commented((comment) => comment(report), { clock, send: hanging });
  expect(lines).toEqual(['The pull request could not be commented: no answer within 10000 ms (hook-timeout)']);
  expect(clock.now()).toBe(10_000);
});

test('the pull request is that of the ref', () => {
  expect(settingsOf({}, { GITHUB_REF: 'refs/pull/42/merge' }).github.pullRequest).toBe(42);
  expect(settingsOf({}, { GITHUB_REF: 'refs/heads/pull/42' }).github.pullRequest).toBeUndefined();
});

type Service = Awaited<ReturnType<typeof startService>>;

async function commented(
  act: (comment: (one: RunReport) => Promise<void>, service: Service) => Promise<void>,
  {
    may = 'write' as 'read' | 'write',
    asked = true as boolean | number,
    github = {},
    clock = realClock(1, 'own') as Clock,
    send: over = send as Send,
  } = {},
) {
  const service = await startService({ now: Date.now, approvals: [], unmodelled: () => undefined });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  try {
    const job = { repository: 'org/shop', ref: 'refs/pull/7/merge', runId: 1, runAttempt: 1, job: 'plan' };
    const { token } = service.admit(job as unknown as Parameters<typeof service.admit>[0], { 'pull-requests': may });
    const of = settingsOf();
    const settings = {
      ...of,
      resourceGroup: 'rg',
      appName: 'shop',
      commentOnPullRequest: asked,
      github: { ...of.github, repository: 'org/shop', apiUrl: service.url, token, pullRequest: 7, ...github },
    };
    const ports = { send: over, clock, log: { ...silentLog, info: say, warning: say } };
    const masked = (text: string) => text.replaceAll('hidden-4711', '***');
    await act((one) => commentOnPullRequest(one, settings, ports, masked, new AbortController().signal), service);
    return { comments: service.comments, lines };
  } finally {
    await service.close();
  }
}
