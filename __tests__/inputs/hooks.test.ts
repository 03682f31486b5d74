import { expect, test } from '@jest/globals';
import { secretsOf } from '../../src/inputs/inputs.ts';
import { complaintAbout, environmentOf, settingsOf } from './environment.ts';

const SLACK = 'https://hooks.slack.com/services/T000/B000/XXXXXXXX';

test('each line says in which form, where, and of what it is told', () => {
  const { hooks } = settingsOf({
    hooks: `# the team\nslack ${SLACK}\n[before switch, window-closed] json https://ops.example.com/zdd?key=0123456789ab`,
    'hook-command': '[failure] ./page.sh',
    'hook-secret': `whsec_${Buffer.alloc(24).toString('base64')}`,
  });
  expect(hooks).toMatchObject({
    webhooks: [
      { form: 'slack', url: SLACK, events: [] },
      {
        form: 'json',
        events: [
          { event: 'before', phase: 'switch' },
          { event: 'window-closed', phase: undefined },
        ],
      },
    ],
    command: './page.sh',
    commandEvents: [{ event: 'failure' }],
    policy: 'warn',
    timeout: 10,
  });
  expect(hooks.secret).toHaveLength(24);
});

test('a command that begins with a test of the shell is one', () => {
  const { hooks } = settingsOf({ 'hook-command': '[ "$ZDD_HOOK_EVENT" = failure ] && ./page.sh' });
  expect(hooks).toMatchObject({ command: '[ "$ZDD_HOOK_EVENT" = failure ] && ./page.sh', commandEvents: [] });
});

test.each([
  ['http://hooks.example.com/a-secret-path', 'addresses that begin with https://'],
  ['https://ada:a-secret-word@hooks.example.com/', 'addresses without a name and password'],
  ['https://localhost/a-secret-path', 'a name of the machine'],
  ['https://chat/a-secret-path', 'a name of the machine'],
  ['https://chat.internal/a-secret-path', 'a name of the machine'],
  ['https://127.0.0.1/a-secret-path', 'an address of the machine'],
  ['https://2130706433/a-secret-path', 'an address of the machine'],
  ['https://0x7f.1/a-secret-path', 'an address of the machine'],
  ['https://10.1.2.3/a-secret-path', 'an address of the machine'],
  ['https://169.254.169.254/metadata/a-secret-path', 'an address of the machine'],
  ['https://168.63.129.16/a-secret-path', 'an address of the machine'],
  ['https://[::1]/a-secret-path', 'an address of the machine'],
  ['https://[::ffff:10.0.0.1]/a-secret-path', 'an address of the machine'],
  ['https://[fd00::1]/a-secret-path', 'an address of the machine'],
  ['no-address', 'addresses that begin with https://'],
])('a hook at %s is refused, and not repeated', (url, why) => {
  const complaint = complaintAbout({ hooks: `json ${SLACK}\njson ${url}` });
  expect(complaint).toContain(why);
  expect(complaint).toContain('line 2');
  expect(complaint).not.toContain('a-secret');
  expect(complaint).not.toContain(SLACK);
});

test.each(['https://hooks.example.com/', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])('%s is taken', (url) => {
  expect(settingsOf({ hooks: `json ${url}` }).hooks.webhooks).toHaveLength(1);
});

test('in a cloud of one’s own, receivers are in the same network', () => {
  const own = { hooks: 'json http://127.0.0.1:8080/', 'azure-environment': 'https://127.0.0.1:4443' };
  expect(settingsOf(own).hooks.webhooks).toHaveLength(1);
});

test.each<[Readonly<Record<string, string>>, string]>([
  [{ hooks: `mail ${SLACK}` }, '"json URL", "slack URL", "teams URL"'],
  [{ hooks: SLACK }, 'line 1 is different'],
  [{ hooks: `[on-fire] json ${SLACK}` }, 'in brackets the events before, after, failure, window-opened, window-closed'],
  [{ hooks: `[before lunch] json ${SLACK}` }, 'each alone or with one phase'],
  [{ 'hook-command': '[failure]' }, 'a command after the events'],
  [{ 'hook-policy': 'ignore' }, 'one of warn, fail'],
  [{ 'hook-timeout': '0' }, 'a whole number from 1 to 300'],
  [{ hooks: `json ${SLACK}`, 'hook-secret': 'of-mine' }, 'whsec_ and the base64'],
  [{ hooks: `json ${SLACK}`, 'hook-secret': 'whsec_c2hvcnQ=' }, 'whsec_ and the base64'],
  [
    { hooks: `slack ${SLACK}`, 'hook-secret': `whsec_${'A'.repeat(32)}` },
    'Input hook-secret is given, and no line of hooks',
  ],
  [{ 'hook-env': 'A=b' }, 'Input hook-env is given and hook-command is not'],
])('%j is refused', (inputs, why) => {
  const complaint = complaintAbout(inputs);
  expect(complaint).toContain(why);
  expect(complaint).not.toContain('of-mine');
});

test('addresses, the secret and the environment of the command are masked, whole and in parts', () => {
  const secrets = secretsOf(
    environmentOf({
      hooks: `[failure] slack ${SLACK}\njson https://ops.example.com/zdd?key=0123456789ab`,
      'hook-secret': 'whsec_AAAA',
      'hook-env': 'TOKEN=Of-The-Pager',
    }),
  );
  expect(secrets).toEqual([
    'whsec_AAAA',
    SLACK,
    '/services/T000/B000/XXXXXXXX',
    'https://ops.example.com/zdd?key=0123456789ab',
    '/zdd?key=0123456789ab',
    'key=0123456789ab',
    'Of-The-Pager',
  ]);
});
