import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { hangingCommand } from '../../simulator/in-process/hanging-command.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { withReceivers } from '../../simulator/in-process/with-receivers.ts';
import { type Manner, type Receiver, receiver } from '../../simulator/model/receiver.ts';
import { Stop } from '../../src/errors.ts';
import { hooksOf } from '../../src/hooks/hooks.ts';
import type { Message } from '../../src/hooks/message.ts';
import type { RunCommand } from '../../src/ports.ts';
import { withMasks } from '../../src/system/masks.ts';
import { begin, type Inputs, PASSWORD, packageOf, production, type Trial } from '../in-process/trial.ts';
import { settingsOf } from '../inputs/environment.ts';

const URL = 'https://hooks.example.com/zdd/1234567890';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const WHOLE = 'clone,read-only,switch,deploy,validate,complete,cleanup';

/** A deployment whose runs are told to a receiver. */
function told(manner: Manner, form = 'json'): { trial: Trial; to: Receiver; inputs: Inputs } {
  const to = receiver(URL, manner);
  return { trial: begin({}, { around: withReceivers(to) }), to, inputs: { hooks: `${form} ${URL}` } };
}

function messages({ taken }: Receiver): readonly Message[] {
  return taken.map(({ body }) => JSON.parse(body));
}

function events(to: Receiver): readonly string[] {
  return messages(to).map(({ event, phase }) => (phase === undefined ? event : `${event} ${phase}`));
}

/** How long visitors could only read, in seconds. */
async function windowOf(trial: Trial, inputs: Inputs): Promise<number> {
  const { failure, result } = await trial.run('clone,read-only,switch,deploy,validate,complete', inputs);
  if (failure) throw new Error(failure.happened);
  return result?.readOnlySeconds ?? Number.NaN;
}

test('every phase is told when it begins and when it is done, and the window when it opens and closes', async () => {
  const { trial, to, inputs } = told('takes it');
  expect((await trial.run(WHOLE, inputs)).failure).toBeUndefined();
  expect(events(to)).toEqual(
    WHOLE.split(',').flatMap((phase) => [
      `before ${phase}`,
      ...(phase === 'switch' ? ['window-opened switch'] : []),
      ...(phase === 'complete' ? ['window-closed complete'] : []),
      `after ${phase}`,
    ]),
  );
  const closed = messages(to).find(({ event }) => event === 'window-closed');
  expect(closed).toMatchObject({
    app: 'web',
    state: 'completed',
    mode: 'read-only',
    productionUrl: 'https://web.azurewebsites.net',
    run: { repository: 'org/shop', id: '1', actor: 'ada', url: 'https://github.com/org/shop/actions/runs/1' },
  });
  expect(closed?.readOnlySeconds).toBeGreaterThan(30);
});

test('whoever holds the secret can tell that a message is ours, by a library of others', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.run('clone', { ...inputs, 'hook-secret': SECRET });
  const [first] = to.taken;
  // The library looks at its own clock, and the model has another.
  const sent = Number(first?.headers['webhook-timestamp']) * 1000;
  expect(Math.abs(sent - trial.clock.now())).toBeLessThan(3_600_000);
  const now = Date.now;
  Date.now = () => sent;
  try {
    const library = new Webhook(SECRET);
    expect(library.verify(first?.body ?? '', first?.headers ?? {})).toMatchObject({ event: 'before', phase: 'clone' });
    const forged = (first?.body ?? '').replace('"clone"', '"cleanup"');
    expect(() => library.verify(forged, first?.headers ?? {})).toThrow('No matching signature');
  } finally {
    Date.now = now;
  }
});

test('without a secret nothing is signed, and what goes to a chat never is', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.run('clone', inputs);
  expect(to.taken[0]?.headers).not.toHaveProperty('webhook-signature');
  const chat = told('takes it', 'slack');
  await chat.trial.run('clone', {
    hooks: `slack ${URL}\njson https://other.example.com/`,
    'hook-secret': SECRET,
    'hook-policy': 'warn',
  });
  expect(Object.keys(chat.to.taken[0]?.headers ?? {})).toEqual(['content-type', 'user-agent']);
});

test('a failure is told with what happened and what to do next', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.through('clone', 'read-only', 'switch');
  const { failure } = await trial.run('deploy,validate', {
    ...inputs,
    package: packageOf('dead'),
    'health-timeout': '60',
  });
  expect(failure).toBeDefined();
  expect(events(to)).toEqual(['before deploy', 'failure deploy']);
  expect(messages(to)[1]).toMatchObject({
    outcome: 'failed',
    failure: { happened: failure?.happened },
    state: 'read-only',
  });
});

test('only what a line asks for is told', async () => {
  const { trial, to } = told('takes it');
  await trial.run(WHOLE, { hooks: `[before switch, window-closed] json ${URL}` });
  expect(events(to)).toEqual(['before switch', 'window-closed complete']);
});

test.each<[Manner, RegExp]>([
  ['refuses', /hook 1 \(json\) answered 500/],
  ['redirects', /answered 302, a redirect, which is not followed/],
])('a receiver that %s changes nothing and makes visitors wait for nothing', async (manner, why) => {
  const alone = await windowOf(begin(), {});
  const { trial, inputs } = told(manner);
  expect(await windowOf(trial, inputs)).toBeLessThanOrEqual(alone + 1);
  expect(trial.lines.filter((line) => line.startsWith('Not everybody was told of')).length).toBeGreaterThan(10);
  expect(trial.lines.find((line) => line.startsWith('Not everybody was told of'))).toMatch(why);
  expect(production(trial)).toMatchObject({ version: '2', writes: 201 });
});

/** How much longer the run takes with these inputs, in seconds: visitors wait for its end, where another job goes on. */
async function longer(told: Trial, alone: Trial, phases: string, inputs: Inputs): Promise<number> {
  const took = async (trial: Trial, more: Inputs) => {
    const from = trial.clock.now();
    const { failure } = await trial.run(phases, more);
    if (failure) throw new Error(failure.happened);
    return trial.clock.now() - from;
  };
  return ((await took(told, inputs)) - (await took(alone, {}))) / 1000;
}

const RUNS = ['clone', 'read-only', 'switch,deploy,validate', 'complete', 'cleanup'];

test.each<Manner>(['hangs', 'is slow', 'refuses'])(
  'one who %s lets no run last longer than one hook-timeout in all, and who hangs is asked once a run',
  async (manner) => {
    const { trial, to, inputs } = told(manner);
    const alone = begin();
    for (const phases of RUNS) {
      const [asked, lines] = [to.asked(), trial.lines.length];
      expect([phases, (await longer(trial, alone, phases, inputs)) <= 11]).toEqual([phases, true]);
      const warned = trial.lines.slice(lines).filter((line) => line.startsWith('Not everybody was told of'));
      if (manner === 'hangs') expect([to.asked() - asked, warned.length]).toEqual([1, 1]);
      if (manner === 'hangs') expect(warned[0]).toContain('It is left out until the end of this run');
    }
  },
);

test('a command that hangs is waited for once in a run, and no more', async () => {
  const begun: string[] = [];
  const run: RunCommand = async (command, environment, signal) => {
    if (command !== './tell.sh') return { exitCode: 0 };
    begun.push(`${environment.ZDD_HOOK_EVENT} ${environment.ZDD_HOOK_PHASE}`);
    return hangingCommand(() => trial.clock)(command, environment, signal);
  };
  const trial = begin({}, { run });
  const alone = begin();
  for (const each of [trial, alone]) await each.through('clone', 'read-only');
  expect(await longer(trial, alone, 'switch,deploy,validate', { 'hook-command': './tell.sh' })).toBeLessThanOrEqual(11);
  expect(begun).toEqual(['before switch']);
});

test('a failure is told to one who was left out, too', async () => {
  const { trial, to, inputs } = told('hangs');
  await trial.through('clone', 'read-only', 'switch');
  await trial.run('deploy', { ...inputs, package: packageOf('dead'), 'health-timeout': '60' });
  expect(to.asked()).toBe(2);
});

test('with hook-policy fail one who was left out where nothing may hang on him is a gate again', async () => {
  const { trial, inputs } = told('hangs');
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const back = { ...inputs, 'hook-policy': 'fail', 'rollback-scope': 'code-and-database' };
  const { failure, phases } = await trial.run('rollback,validate', back);
  expect(phases.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual(['rollback done', 'validate failed']);
  expect(failure?.happened).toMatch(/^Not everybody could be told that validate begins, and hook-policy is fail/);
});

test('a slow receiver is told in order, and one that restarts is told in the end', async () => {
  for (const manner of ['is slow', 'restarts'] as const) {
    const { trial, to, inputs } = told(manner);
    await trial.run('clone,read-only', inputs);
    expect(events(to)).toEqual(['before clone', 'after clone', 'before read-only', 'after read-only']);
  }
});

test('a redirect is not followed, and neither it nor a refusal that lasts is asked for ever', async () => {
  const redirects = told('redirects');
  await redirects.trial.run('status', redirects.inputs);
  expect(redirects.to.asked()).toBe(2);
  const refuses = told('refuses');
  await refuses.trial.run('status', refuses.inputs);
  expect(refuses.to.asked()).toBe(6);
});

test('with hook-policy fail nothing is begun that nobody could be told of', async () => {
  const { trial, inputs } = told('refuses');
  const { failure, result } = await trial.run('clone', { ...inputs, 'hook-policy': 'fail' });
  expect(failure?.happened).toBe(
    'Not everybody could be told that clone begins, and hook-policy is fail: hook 1 (json) answered 500.',
  );
  expect(result).toBeUndefined();
  expect((await trial.run('status')).result?.state).toBe('none');
  // As the advice says.
  expect((await trial.run('clone', { ...inputs, 'hook-policy': 'warn' })).result?.state).toBe('cloned');
});

test('with hook-policy fail a phase that is done stays done, and the run stops there and says so', async () => {
  const { trial } = told('refuses');
  const hooks = { hooks: `[after clone] json ${URL}`, 'hook-policy': 'fail' };
  const { failure, result, phases } = await trial.run('clone,read-only', hooks);
  expect(failure?.happened).toMatch(/^Not everybody could be told that clone is done/);
  expect(failure?.next).toContain('then run "read-only"');
  expect(result?.state).toBe('cloned');
  expect(phases.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual(['clone failed']);
});

test('the way back hangs on nobody: rollback goes on with hook-policy fail', async () => {
  const { trial, inputs } = told('hangs');
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const { failure, result } = await trial.run('rollback', {
    ...inputs,
    'hook-policy': 'fail',
    'rollback-scope': 'code-and-database',
  });
  expect(failure).toBeUndefined();
  expect(result?.state).toBe('rolled-back');
});

test('whoever runs a phase again after a run was killed is told of the window under the same id', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.through('clone', 'read-only');
  await trial.run('switch', inputs);
  await trial.run('switch', inputs);
  const ids = messages(to).filter(({ event }) => event === 'window-opened');
  expect(ids.map(({ id }) => id)).toEqual([ids[0]?.id, ids[0]?.id]);
  expect(new Set(messages(to).map(({ id }) => id)).size).toBe(messages(to).length - 1);
});

test('visitors who are brought back at once are told of as well', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.through('clone', 'read-only', 'switch');
  await trial.run('rollback', inputs);
  expect(events(to)).toEqual(['before rollback', 'window-closed rollback', 'after rollback']);
});

test('only the internet is told: the port is asked to refuse what leads elsewhere', async () => {
  const to = receiver(URL, 'takes it');
  const guardedOnly: boolean[] = [];
  const trial = begin(
    {},
    {
      around: (ports) => {
        const all = withReceivers(to)(ports);
        const send: typeof all.send = (request, signal) => {
          if (request.url === URL) guardedOnly.push(request.publicOnly === true);
          return all.send(request, signal);
        };
        return { ...all, send };
      },
    },
  );
  await trial.run('status', { hooks: `json ${URL}` });
  expect(guardedOnly).toEqual([true, true]);
});

test('a dry run tells nobody', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.run('clone', { ...inputs, 'dry-run': 'true' });
  expect(to.asked()).toBe(0);
});

test('no secret is told, and nobody is told where', async () => {
  const { trial, to, inputs } = told('takes it');
  const secret = 'Of-The-Candidate-99';
  await trial.run('clone,read-only,switch', { ...inputs, 'app-settings': `Api__Key=${secret}`, 'hook-secret': SECRET });
  const all = JSON.stringify(to.taken);
  for (const each of [PASSWORD, secret, SECRET, URL]) expect(all).not.toContain(each);
  expect(trial.lines.join('\n')).not.toContain(URL);
});

test('a secret that is one of our own words changes no word that receivers go by', async () => {
  const { trial, to, inputs } = told('takes it');
  await trial.run('clone', { ...inputs, 'hook-env': 'KIND=before\nFIELD=headline', 'hook-command': '[failure] x' });
  expect(events(to)).toEqual(['before clone', 'after clone']);
  expect(messages(to)[1]).toHaveProperty('headline');
});

const nothing = async () => {
  throw new Error('nobody else is asked');
};

test.each(['json', 'slack', 'teams'])('what is cut for %s leaves no beginning of a secret', async (form) => {
  const secret = 'Of-The-Candidate-4711-and-much-more';
  const { log, masked } = withMasks(silentLog);
  log.secret(secret);
  const to = receiver(URL, 'takes it');
  const clock = virtualClock(0);
  const settings = settingsOf({ hooks: `${form} ${URL}` });
  const ports = withReceivers(to)({ clock, log, run: nothing, send: nothing, sql: { connect: nothing } });
  const hooks = hooksOf({ settings, ports, masked, signal: new AbortController().signal });
  // Somewhere among these it is cut, whatever stands before it.
  for (const length of [2880, 2900, 2920, 2940, 2960, 2980, 3980])
    await hooks.brokeDown(new Stop('failed', `${'x'.repeat(length)} ${secret}`, 'Correct it.'));
  await hooks.ended();
  expect(to.taken).toHaveLength(7);
  for (const { body } of to.taken) expect(body).not.toMatch(/Of-The/);
});

test('the command gets no way to sign in to Azure, whatever other commands get', async () => {
  const secret = 'Of-The-Client-4711';
  const seen: Record<string, Readonly<Record<string, string>>> = {};
  const run: RunCommand = async (command, environment) => {
    seen[command] = environment;
    return { exitCode: 0 };
  };
  const trial = begin({}, { run, environment: { AZURE_CLIENT_SECRET: secret } });
  await trial.run('preflight', {
    ...{ 'setup-command': './set-up.sh', 'migrate-command': './migrate.sh', 'commands-sign-in': 'true' },
    'hook-command': './tell.sh',
  });
  expect(Object.keys(seen['./tell.sh'] ?? {})).toContain('ZDD_HOOK_BODY');
  expect(JSON.stringify(seen['./tell.sh'])).not.toContain(secret);
  expect(seen['./set-up.sh']).toMatchObject({ AZURE_CLIENT_SECRET: secret });
});

test('the chats get what they show: a line, what to do next, buttons', async () => {
  const slack = told('takes it', 'slack');
  await slack.trial.through('clone', 'read-only', 'switch');
  await slack.trial.run('deploy', { ...slack.inputs, package: packageOf('dead'), 'health-timeout': '60' });
  const [begins, failed] = slack.to.taken.map(({ body }) => JSON.parse(body));
  expect(begins.text).toBe('web: phase deploy begins.');
  expect(failed.blocks[0].text.type).toBe('plain_text');
  expect(failed.blocks[0].text.text).toMatch(
    /^web: phase deploy failed after \d+ (s|min)\.\n🟡 Visitors are on .*\nWhat happened: .*\nWhat to do next: /u,
  );
  expect(failed.blocks[1].elements[0]).toMatchObject({
    type: 'button',
    url: 'https://github.com/org/shop/actions/runs/1',
  });
  const teams = told('takes it', 'teams');
  await teams.trial.through('clone', 'read-only');
  await teams.trial.run('switch', { ...teams.inputs, hooks: `[window-opened] teams ${URL}` });
  const { attachments } = JSON.parse(teams.to.taken[0]?.body ?? '');
  expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(attachments[0].content.body.map(({ inlines }: { inlines: { text: string }[] }) => inlines[0]?.text)).toEqual([
    'web: the read-only window is open.',
    'Visitors and editors can read, and not write. Please wait with changes until it is over.',
  ]);
});

test('the command is told the same, in the environment of the other commands', async () => {
  const ran: Record<string, string>[] = [];
  const run: RunCommand = async (command, environment) => {
    ran.push({ command, ...environment });
    return { exitCode: 0 };
  };
  const trial = begin({}, { run });
  await trial.run('clone,read-only', { 'hook-command': '[after clone] ./tell.sh', 'hook-env': 'TO=editors' });
  expect(ran).toHaveLength(1);
  expect(ran[0]).toMatchObject({
    command: './tell.sh',
    ZDD_HOOK_EVENT: 'after',
    ZDD_HOOK_PHASE: 'clone',
    TO: 'editors',
  });
  expect(JSON.parse(ran[0]?.ZDD_HOOK_BODY ?? '')).toMatchObject({ event: 'after', phase: 'clone', state: 'cloned' });
});

test('a command that hangs is ended, and one that fails is a warning or stops the run', async () => {
  const hanging: RunCommand = (_command, _environment, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const slow = begin({}, { run: hanging });
  expect((await slow.run('clone', { 'hook-command': './tell.sh' })).result?.state).toBe('cloned');
  expect(slow.lines.join('\n')).toContain('hook-command was ended: it ran for longer than 10 s (hook-timeout)');
  const failing = begin({}, { run: async () => ({ exitCode: 3 }) });
  const { failure } = await failing.run('clone', { 'hook-command': './tell.sh', 'hook-policy': 'fail' });
  expect(failure?.happened).toContain('hook-command ended with exit code 3');
});

test('a run that is cancelled says so, and says nothing else', async () => {
  const to = receiver(URL, 'takes it');
  const controller = new AbortController();
  const around = withReceivers(to);
  const trial = begin(
    {},
    {
      around: (ports) => {
        const all = around(ports);
        return {
          ...all,
          send: (request, signal) => {
            if (request.method === 'PUT') controller.abort(new Error('cancelled'));
            return all.send(request, signal);
          },
        };
      },
      signal: controller.signal,
    },
  );
  await trial.run('clone,read-only', { hooks: `json ${URL}` });
  expect(events(to)).toEqual(['before clone', 'failure clone']);
});
