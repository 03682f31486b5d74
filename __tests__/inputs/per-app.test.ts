import { expect, test } from '@jest/globals';
import { companionSettings } from '../../src/deployment/companions.ts';
import { Stop } from '../../src/errors.ts';
import { secretsOf } from '../../src/inputs/inputs.ts';
import { settingsOf } from './environment.ts';

const APPS = {
  'resource-group': 'rg',
  'app-name': 'shop',
  'other-apps': 'admin = read-only\nback/jobs = read-only\nmailer = stop',
};

test('lines of all apps and of one: what is said of one wins there, and nowhere else', () => {
  const settings = settingsOf({
    ...APPS,
    'readonly-settings': 'READ_ONLY=1\n[admin] read_only=yes\n[admin] EDITORS=off\n[shop] CART=off',
    'clone-connection-settings': '[back/jobs] Jobs=Server=s;Database={{clone-database}}',
    'app-settings': 'FEATURE=on\n[admin] FEATURE=off',
    'health-path': '/health\n[RG/Admin] /editors/health',
    'smoke-paths': '/a,/b\n[admin] /login',
  });
  const names = (key: string) => {
    const { readonlySettings, appSettings, cloneConnectionSettings, healthPath, smokePaths } =
      key === '' ? settings : companionSettings(settings, key);
    const lines = [readonlySettings, appSettings, cloneConnectionSettings].map((all) =>
      all.map(({ name, value }) => `${name}=${value}`).join(' '),
    );
    return [...lines, healthPath, smokePaths.join(' ')];
  };
  expect(names('')).toEqual(['READ_ONLY=1 CART=off', 'FEATURE=on', '', '/health', '/a /b']);
  expect(names('rg/admin')).toEqual(['read_only=yes EDITORS=off', 'FEATURE=off', '', '/editors/health', '/login']);
  expect(names('back/jobs')).toEqual(['READ_ONLY=1', '', 'Jobs=Server=s;Database={{clone-database}}', '/health', '']);
});

test.each([
  [{ 'readonly-settings': '[admni] A=1' }, '[admni] is none of them'],
  [{ 'readonly-settings': '[mailer] A=1' }, 'rg/shop, rg/admin, back/jobs; [mailer] is none of them'],
  [{ 'readonly-settings': 'A=1\n[admin] no line' }, 'line 2 is different'],
  [{ 'health-path': '/a\n/b' }, 'Input health-path'],
  [{ 'health-path': '[admin] /a?b=1' }, 'a path without a query'],
  [{ 'clone-connection-settings': '[admin] C={{clone-databse}}' }, 'clone-databse'],
])('%j is refused', (given, said) => {
  const read = () => settingsOf({ ...APPS, ...given });
  expect(read).toThrow(Stop);
  expect(read).toThrow(said);
});

test('the same secret setting of two apps is masked twice', () => {
  const masked = secretsOf({ 'INPUT_APP-SETTINGS': '[a] Api__Secret=Hidden-1\n[b] Api__Secret=Hidden-2' });
  expect(masked).toEqual(expect.arrayContaining(['Hidden-1', 'Hidden-2']));
});
