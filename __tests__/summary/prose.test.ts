import { expect, test } from '@jest/globals';
import { commandsIn, prose } from '../../src/summary/prose.ts';

const ID = '11111111-2222-3333-4444-555555555555';

test.each<[string, string, string[], string[]]>([
  [
    'a command in brackets',
    'Look at its log (az webapp log tail --name web --slot zdd-staging). Then run "deploy"; or run "rollback".',
    ['az webapp log tail --name web --slot zdd-staging'],
    [],
  ],
  [
    'commands that a sentence goes on after',
    'Delete the lock (az lock list shows its id, az lock delete --ids <id> deletes it), then run "cleanup" again.',
    ['az lock list', 'az lock delete --ids <id>'],
    [],
  ],
  [
    'one before a semicolon',
    'Run: az webapp traffic-routing clear --name web; visitors are pinned.',
    ['az webapp traffic-routing clear --name web'],
    [],
  ],
  [
    'quoted values, and several of one option',
    "Write it: az tag update --operation Merge --tags zdd-a=1 zdd-b='x y' and run the phase again.",
    ["az tag update --operation Merge --tags zdd-a=1 zdd-b='x y'"],
    [],
  ],
  [
    'SQL, in two places',
    'Run in shop: ALTER ROLE db_owner ADD MEMBER [<identity>]; in pools also: ALTER SERVER ROLE ##MS_X## ADD MEMBER [<login>].',
    [],
    ['ALTER ROLE db_owner ADD MEMBER [<identity>];', 'ALTER SERVER ROLE ##MS_X## ADD MEMBER [<login>]'],
  ],
  ['none', 'User x may not ALTER database shop, and az is not there.', [], []],
])('commands in a sentence are found: %s', (_what, sentence, sh, sql) => {
  expect(commandsIn(sentence)).toEqual({ sh, sql });
  for (const command of [...sh, ...sql]) expect(prose(sentence)).toContain(`\`${command}\``);
});

test('a command survives that GitHub blots the id of the subscription out', () => {
  expect(commandsIn(`az lock delete --ids /subscriptions/${ID}/resourceGroups/rg/x`).sh).toEqual([
    'az lock delete --ids /subscriptions/$(az account show --query id --output tsv)/resourceGroups/rg/x',
  ]);
  expect(commandsIn(`az rest --method patch --url 'https://m/subscriptions/${ID}/x?api-version=1'`).sh).toEqual([
    "az rest --method patch --url 'https://m/subscriptions/{subscriptionId}/x?api-version=1'",
  ]);
});

test('what is no command is text, and nothing of it Markdown', () => {
  expect(prose('A_b <img> [x](https://x) az webapp log')).toBe('A\\_b &lt;img&gt; \\[x\\](https://x) `az webapp log`');
});
