import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { runUserCommand, type UserCommand } from '../../src/context/user-command.ts';
import { Stop } from '../../src/errors.ts';
import type { Ports } from '../../src/ports.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { settings } from '../phases/observed.ts';

const INPUTS = ['setup-command', 'copy-command', 'migrate-command', 'after-start-command', 'hook-command'] as const;

const OIDC = { requestUrl: 'https://token.example/get', requestToken: 'of-the-job' };

/** Every command has a line of its own, and the identity has all that one can have. */
function asked(identity: Partial<Settings['identity']> = {}, commandsSignIn = true): Settings {
  const known = settings({ 'migrate-timeout': '150' });
  const line = (value: string) => [{ name: 'OWN', value }];
  return {
    ...known,
    commandsSignIn,
    hooks: { ...known.hooks, timeout: 20 },
    setupEnv: line('setup-command'),
    copyEnv: line('copy-command'),
    migrateEnv: line('migrate-command'),
    afterStartEnv: line('after-start-command'),
    hookEnv: line('hook-command'),
    identity: { ...known.identity, ...NOBODY, ...identity },
  };
}

const NOBODY = {
  clientId: undefined,
  tenantId: undefined,
  subscriptionId: undefined,
  clientSecret: undefined,
  oidc: undefined,
};
const WHO = { clientId: 'client', tenantId: 'tenant', subscriptionId: 'subscription' };
const SEEN = { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant', AZURE_SUBSCRIPTION_ID: 'subscription' };

/** A runner on which the command takes so long, and ends with this code. */
function runner(takesMs = 0, exitCode = 0) {
  const clock = virtualClock(0);
  const cancelled = new AbortController();
  const [infos, groups, sent]: [string[], string[], unknown[]] = [[], [], []];
  const ran: { readonly command: string; readonly environment: Readonly<Record<string, string>> }[] = [];
  const ports = {
    clock,
    log: {
      ...silentLog,
      info: (text: string) => void infos.push(text),
      group<T>(title: string, body: () => Promise<T>) {
        groups.push(title);
        return body();
      },
    },
    async run(command: string, environment: Readonly<Record<string, string>>, signal?: AbortSignal) {
      ran.push({ command, environment });
      await clock.sleep(takesMs, signal);
      return { exitCode };
    },
    async send(request: unknown, signal?: AbortSignal) {
      signal?.throwIfAborted();
      sent.push(request);
      const body = new TextEncoder().encode(JSON.stringify({ value: 'assertion' }));
      return { status: 200, headers: {}, body };
    },
  } as unknown as Ports;
  const context = { ports, signal: cancelled.signal };
  const run = (known: Settings, input: UserCommand['input'], environment = {}) =>
    runUserCommand(context, known, {
      input,
      command: 'npm run it',
      environment,
      failure: (happened, next) => new Stop('failed', happened, next),
    });
  return { clock, cancelled, infos, groups, sent, ran, run };
}

test.each(INPUTS)('%s sees what the action tells it and its own lines, which win, and no others', async (input) => {
  const { run, ran, groups } = runner();
  await run(asked({}, false), input, { ZDD_PHASE: 'deploy', OWN: 'of the action' });
  expect(ran).toEqual([{ command: 'npm run it', environment: { ZDD_PHASE: 'deploy', OWN: input } }]);
  expect(groups).toEqual([input]);
});

test.each<[string, Partial<Settings['identity']>, object]>([
  ['nothing where nothing is known', {}, {}],
  ['who it is', WHO, SEEN],
  ['a token of its own', { ...WHO, oidc: OIDC }, { ...SEEN, ZDD_ID_TOKEN: 'assertion' }],
  ['the token rather than the secret', { oidc: OIDC, clientSecret: 'secret' }, { ZDD_ID_TOKEN: 'assertion' }],
  ['the secret where there is no token', { clientSecret: 'secret' }, { AZURE_CLIENT_SECRET: 'secret' }],
])('a command that may sign in to Azure gets %s', async (_what, identity, seen) => {
  const { run, ran } = runner();
  await run(asked(identity), 'migrate-command');
  expect(ran[0]?.environment).toEqual({ ...seen, OWN: 'migrate-command' });
});

test('no way in to Azure is given to a command that may not sign in, nor ever to a hook', async () => {
  const all = { ...WHO, oidc: OIDC, clientSecret: 'secret' };
  for (const [input, may] of [
    ['migrate-command', false],
    ['hook-command', true],
  ] as const) {
    const { run, ran, sent } = runner();
    await run(asked(all, may), input);
    expect([ran[0]?.environment, sent]).toEqual([{ OWN: input }, []]);
  }
});

test('a run that was cancelled asks for no token', async () => {
  const { run, cancelled, sent, ran } = runner();
  cancelled.abort(new Error('the run was cancelled'));
  await expect(run(asked({ oidc: OIDC }), 'migrate-command')).rejects.toThrow();
  expect([sent, ran]).toEqual([[], []]);
});

test('a command that fails is told with its exit code', async () => {
  const { run } = runner(0, 3);
  await expect(run(asked(), 'setup-command')).rejects.toMatchObject({
    happened: 'setup-command ended with exit code 3.',
    next: 'Fix the command or the build',
  });
});

test('while a command runs a line a minute says how long it may, and none once it has ended', async () => {
  const { run, infos, clock } = runner(125_000);
  await run(asked(), 'migrate-command');
  expect(clock.now()).toBe(125_000);
  await clock.sleep(500_000);
  expect(infos).toEqual([
    'migrate-command has been running for 1 min 0 s, and may for 2 min 30 s.',
    'migrate-command has been running for 2 min 0 s, and may for 2 min 30 s.',
  ]);
});

test.each([
  ['migrate-command', 150, 'migrate-timeout', '2 min 30 s'],
  ['hook-command', 20, 'hook-timeout', '20 s'],
] as const)(
  '%s is ended after the seconds that its input allows, and the input is named',
  async (input, after, name, text) => {
    const { run, clock } = runner(1_000_000);
    await expect(run(asked({}, false), input)).rejects.toMatchObject({
      happened: `${input} was ended: it ran for longer than ${text} (${name}).`,
      next: `Find out what it waits for, or give it more time with ${name}`,
    });
    expect(clock.now()).toBe(after * 1000);
  },
);

test('a command ends with the run', async () => {
  const { run, clock, cancelled } = runner(1_000_000);
  clock.sleep(5000).then(() => cancelled.abort(new Error('the run was cancelled')));
  await expect(run(asked(), 'migrate-command')).rejects.toThrow('the run was cancelled');
  expect(clock.now()).toBe(5000);
});
