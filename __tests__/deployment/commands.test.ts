import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  assignRole,
  azDatabase,
  azDeleteRule,
  azWebApp,
  groupOf,
  groupScope,
  shell,
} from '../../src/deployment/commands.ts';
import { observed, settings } from '../phases/observed.ts';

const app = { resourceGroup: 'shop rg', name: 'shop' };

test.each(['production', 'Production', undefined])(
  'a command for production names no slot, however it is spelled: %s',
  (slot) => {
    expect(azWebApp(app, 'stop', slot)).toBe("az webapp stop --resource-group 'shop rg' --name shop");
  },
);

test('a command for a slot names it', () => {
  expect(azWebApp(app, 'stop', 'zdd-staging')).toMatch(/ --slot zdd-staging$/);
});

test('what lies on another server is told with that server, by its own name there', () => {
  const [first] = observed().servers;
  const far = { ...first, name: 'far', id: '/subscriptions/s/resourceGroups/away/providers/Microsoft.Sql/servers/far' };
  const part = { servers: [first, far] } as const;
  expect(azDatabase(part, 'delete', 'far/shop')).toContain('--resource-group away --server far --name shop');
  expect(azDatabase(part, 'delete', 'shop')).toContain('--server shop-sql --name shop');
  expect(azDeleteRule(part, 'far/zdd-1')).toContain('--server far --name zdd-1');
});

test.each([
  ['plain-1.x', 'plain-1.x'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['<key>', "'<key>'"],
  ['$(rm)', "'$(rm)'"],
  ['', "''"],
])('%s is one word for a shell', (word, quoted) => {
  expect(shell(word)).toBe(quoted);
});

test('the group of a resource, as its name and as a scope, in whatever case Azure spells it', () => {
  const id = '/subscriptions/s/resourcegroups/rg/PROVIDERS/Microsoft.Web/sites/shop';
  expect(groupOf(id)).toBe('rg');
  expect(groupScope(id)).toBe('/subscriptions/s/resourcegroups/rg');
  expect(groupOf('/subscriptions/s')).toBe('');
});

test('a shell reads each word of a command as it was meant, whatever is in it', () => {
  const word = fc.stringMatching(/^[ -~\n]+$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shell).join(' ')}`], { encoding: 'utf8' });
      expect(read.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 30 },
  );
});

test('a role is given to the identity of the run, or to whom people put there when nobody knows it', () => {
  const to = (clientId: string | undefined) => {
    const known = settings();
    return assignRole({ ...known, identity: { ...known.identity, clientId } }, '/subscriptions/s', 'Reader');
  };
  expect(to('1-2-3')).toBe('az role assignment create --assignee 1-2-3 --role Reader --scope /subscriptions/s');
  expect(to(undefined)).toContain("--assignee '<client id>' --role");
});
