import { expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/ports.ts';
import type { Trial } from '../in-process/trial.ts';
import { deploy, open } from '../in-process/zoo.ts';

const GIVEN = {
  'setup-command': 'npm ci',
  'migrate-command': 'npm run migrate',
  'after-start-command': 'npm run push',
  'setup-env': 'NPM_TOKEN=of-the-registry',
  'migrate-env': 'ADMIN=Server=sql;User ID=admin;Password=Of-The-Admin-1',
  'after-start-env': 'PUSH_KEY=of-the-push',
};

interface Called {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Commands that succeed unless `fails` says otherwise, and what they were called with. */
function commands(fails: (command: string) => boolean = () => false): { called: Called[]; run: RunCommand } {
  const called: Called[] = [];
  return {
    called,
    run: async (command, environment) => {
      called.push({ command, environment });
      return { exitCode: fails(command) ? 3 : 0 };
    },
  };
}

test('the commands run in their turn, each with its own environment and no other', async () => {
  const { called, run } = commands();
  const { ended, visitors } = await deploy({ run, inputs: GIVEN });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(called.map(({ command }) => command)).toEqual([
    'npm ci',
    'npm ci',
    'npm ci',
    'npm run migrate',
    'npm run push',
  ]);
  const [setup, , , migrate, push] = called.map(({ environment }) => environment);
  expect(setup).toEqual({ NPM_TOKEN: 'of-the-registry' });
  expect(migrate).toMatchObject({ ZDD_DATABASE: 'shop', ADMIN: 'Server=sql;User ID=admin;Password=Of-The-Admin-1' });
  expect(push).toMatchObject({
    ZDD_CANDIDATE_URL: 'https://web-zdd-staging.azurewebsites.net',
    ZDD_DATABASE: 'shop',
    PUSH_KEY: 'of-the-push',
  });
  expect([migrate?.NPM_TOKEN, migrate?.ZDD_CANDIDATE_URL, push?.ADMIN]).toEqual([undefined, undefined, undefined]);
});

test('a tool that is missing is found by preflight', async () => {
  const { run } = commands((command) => command === 'npm ci');
  const { ended } = await deploy({ run, inputs: GIVEN });
  expect(ended).toMatch(/^refused by preflight: failed setup-command: setup-command ended with exit code 3\./);
});

test('a tool that is missing on the runner of the window is found before visitors are moved', async () => {
  let missing = false;
  const { called, run } = commands((command) => missing && command === 'npm ci');
  const trial = open({ run });
  await trial.through(['preflight', GIVEN], ['clone', GIVEN], ['read-only', GIVEN]);
  missing = true;
  const { failure } = await trial.run('switch', GIVEN);
  expect(failure?.happened).toMatch(/setup-command ended with exit code 3/);
  expect([reads(trial), called.length]).toEqual(['read-write', 2]);
});

test('what fails after the start leaves the visitors on the copy: a rollback of the code alone is refused, the same again continues', async () => {
  let broken = true;
  const { called, run } = commands((command) => broken && command === 'npm run push');
  const trial = open({ run });
  await trial.through(['clone', GIVEN], ['read-only', GIVEN], ['switch', GIVEN]);
  const { failure } = await trial.run('deploy', GIVEN);
  expect(failure).toMatchObject({
    happened: expect.stringMatching(/^after-start-command ended with exit code 3\. .*nobody is on them/),
    next: expect.stringMatching(/code-and-database/),
  });
  const { failure: refused } = await trial.run('rollback', { ...GIVEN, 'rollback-scope': 'code' });
  expect(refused?.happened).toMatch(/after-start-command has begun and has not succeeded/);
  broken = false;
  await trial.through(['deploy', GIVEN], ['validate', GIVEN], ['complete', GIVEN], ['cleanup', GIVEN]);
  expect(called.filter(({ command }) => command === 'npm run migrate')).toHaveLength(1);
});

test('commands sign in as the run does only when they are told to', async () => {
  const secret = 'Of-The-Client-4711';
  for (const [told, expected] of [
    ['false', undefined],
    ['true', secret],
  ]) {
    const { called, run } = commands();
    const trial = open({ run, environment: { AZURE_CLIENT_SECRET: secret } });
    await trial.through(['preflight', { ...GIVEN, 'commands-sign-in': told ?? '' }]);
    expect(called[0]?.environment.AZURE_CLIENT_SECRET).toBe(expected);
  }
});

test.each([
  ['names of the action', { ...GIVEN, 'migrate-env': 'ZDD_DATABASE=other' }, /do not begin with ZDD_; "ZDD_DATABASE"/],
  [
    'an environment of nothing',
    { 'after-start-env': 'A=b' },
    /after-start-env is given and after-start-command is not/,
  ],
  ['a sign-in without anything to sign in with', { 'commands-sign-in': 'true' }, /commands-sign-in is "true"/],
])('%s: refused at once', async (_, inputs, words) => {
  await expect(open().run('preflight', inputs)).rejects.toThrow(words);
});

/** Whether visitors write to the original. */
function reads({ world }: Trial): string {
  const [server] = Object.values(world.sql.servers);
  return server?.databases.shop?.isReadOnly ? 'read-only' : 'read-write';
}
