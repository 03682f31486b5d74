import { expect, test } from '@jest/globals';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { begin, databases, production, type Trial } from './trial.ts';

const HOUR_MS = 3_600_000;

test('a verdict that the databases do not show yet counts: the journal has it', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  trial.world.durations.tagWrite = HOUR_MS;
  const from = trial.clock.now();
  await trial.through('validate');
  expect(trial.clock.now() - from).toBeLessThan(20_000);
  expect(recordOf(trial)['zdd-verdict'] ?? '-').toBe('-');
  trial.world.durations.tagWrite = 5000;
  await trial.through('complete', 'cleanup');
  expect(production(trial)).toMatchObject({ version: '2' });
});

test('once the window is closed the databases have all that was in the journal', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete');
  const journal = Object.entries(journalOf(trial)).filter(([tag]) => LASTING.has(tag));
  expect(journal).toHaveLength(LASTING.size);
  for (const { tags } of databases(trial)) expect(tags).toMatchObject(Object.fromEntries(journal));
});

const LASTING = new Set([
  'zdd-rollback-point',
  'zdd-deploy-begun',
  'zdd-candidate',
  'zdd-verdict',
  'zdd-window-opened-at',
]);

test.each([
  ['the slot refuses its tags', (trial: Trial) => trial, refusing],
  ['the slot has as many tags as Azure takes', withManyTags, (ports: Ports) => ports],
])('where %s the databases take the record, and the window waits for them', async (_what, prepare, around) => {
  const trial = begin({}, { around });
  await trial.through('clone', 'read-only');
  prepare(trial);
  await trial.through('switch', 'deploy', 'validate');
  expect(recordOf(trial)).toMatchObject({ 'zdd-verdict': expect.stringContaining('|passed|') });
  expect(journalOf(trial)['zdd-verdict']).toBeUndefined();
  await trial.through('complete', 'cleanup');
});

test('a journal with a tag that the action never writes stops every phase, which names the slot and the command', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch');
  const journal = journalOf(trial);
  const right = journal['zdd-rollback-point'] ?? '';
  journal['zdd-rollback-point'] = 'yesterday';
  for (const phase of ['status', 'deploy', 'rollback']) {
    const { failure } = await trial.run(phase);
    expect(failure).toMatchObject({
      kind: 'drifted',
      happened:
        'Tag zdd-rollback-point of slot zdd-readonly is "yesterday", which is not an instant such as 2026-01-31T14:05:00Z.',
      next: expect.stringMatching(/--resource-id \S+\/slots\/zdd-readonly --tags 'zdd-rollback-point=</),
    });
  }
  journal['zdd-rollback-point'] = right;
  await trial.through('deploy');
});

test('the journal of another deployment says nothing', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only');
  Object.assign(journalOf(trial), {
    'zdd-deployment': '20200101-aaaaa',
    'zdd-entry': '99',
    'zdd-deploy-begun': 'attempt 7',
  });
  await trial.through('switch', 'deploy', 'validate', 'complete', 'cleanup');
});

function recordOf(trial: Trial): Readonly<Record<string, string>> {
  return databases(trial).find(({ name }) => /-zdd-\d{8}-\w{5}$/.test(name))?.tags ?? {};
}

function journalOf({ world }: Trial): Record<string, string> {
  return slotOf(world, 'web', 'zdd-readonly').tags;
}

function withManyTags(trial: Trial): void {
  for (let number = 0; number < 45; number++) journalOf(trial)[`cost-centre-${number}`] = 'web';
}

/** Not as long as the slot is made. */
function refusing(ports: Ports): Ports {
  const isJournal = ({ method, url, body }: HttpRequest) =>
    method === 'PATCH' &&
    /\/slots\/zdd-readonly\/providers\/Microsoft\.Resources\/tags/i.test(url) &&
    /zdd-entry/.test(String(body));
  return {
    ...ports,
    async send(request, signal) {
      if (!isJournal(request)) return ports.send(request, signal);
      const body = new TextEncoder().encode('{"error":{"code":"Conflict","message":"Not now."}}');
      return { status: 409, headers: { 'content-type': 'application/json' }, body };
    },
  };
}
