import { expect, test } from '@jest/globals';
import { oddPackages } from '../../../../simulator/in-process/odd-packages.ts';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { callerOn, SCM } from './caller.ts';

/** How Kudu ends the deployment (4: success, 3: failed), and what visitors get at `/` then. */
test.each<[keyof typeof oddPackages, boolean, number, number]>([
  ['one top folder', false, 4, 403],
  ['a zip in a zip', false, 4, 403],
  ['empty', false, 4, 200],
  ['not a zip', false, 3, 200],
  ['backslashes', true, 4, 403],
  ['backslashes', false, 4, 403],
  ['no start file', false, 4, 403],
])('Kudu takes %s for a package (Linux: %s), and no app comes of it', (name, linux, ended, shown) => {
  const caller = callerOn({ linux });
  const zip = oddPackages[name](buildFiles({ name: 'shop', version: '2' }));
  caller.send('POST', `${SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(60_000);
  const latest = JSON.parse(caller.send('GET', `${SCM}/api/deployments/latest`).text);
  const page = caller.send('GET', 'https://web.azurewebsites.net/');
  expect([latest.status, page.status]).toEqual([ended, shown]);
  expect(page.text).not.toContain('"version":"2"');
});
