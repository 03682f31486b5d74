import { expect, test } from '@jest/globals';
import { packageFault } from '../../src/preflight/package.ts';
import { observed, slot } from '../phases/observed.ts';

const look = (windows = true, travelling = {}) => {
  const { app } = observed();
  return { app: { ...app, windows }, production: slot('production', { travelling }) };
};

/** What production has at its root, and what a package brings there. */
test.each<[string, string, string]>([
  ['ASP.NET on IIS', 'web.config,Shop.dll', 'web.config,Shop.dll,Shop.deps.json'],
  ['.NET published as one file', 'Shop,appsettings.json', 'Shop,appsettings.json'],
  ['.NET published for Windows', 'Shop.exe,web.config', 'Shop.exe'],
  ['Node with a package.json', 'package.json,server.js', 'package.json,dist/server.js'],
  ['Node with a server only', 'server.js', 'server.mjs'],
  ['Java', 'app.jar', 'app.jar'],
  ['Java in a servlet container', 'shop.war', 'shop.war'],
  ['Python', 'app.py,requirements.txt', 'requirements.txt,shop/app.py'],
  ['Python with a pyproject', 'application.py', 'pyproject.toml,shop/wsgi.py'],
  ['PHP', 'index.php,composer.json', 'index.php'],
  ['a page without a server', 'index.html,style.css', 'index.html'],
  ['Go', 'shop', 'shop'],
  ['Ruby, started by a command', 'boot.rb,Gemfile.lock', 'boot.rb,Gemfile.lock'],
])('the package of an app in %s has a start file', (_, atRoot, files) => {
  expect(packageFault(look(), files.split(','), atRoot.split(','))).toBeUndefined();
});

test.each<[string, string]>([
  ['its sources', 'README.md,src/Shop.cs'],
  ['what its front end builds', 'style.css,assets/app.js'],
  ['its WebJobs alone', 'App_Data/jobs/continuous/stock/run.js'],
  ['its tests', 'coverage.xml,report/index.html'],
])('a package that is %s has none', (_, files) => {
  const fault = packageFault(look(), files.split(','), ['web.config', 'Shop.dll']);
  expect(fault?.found).toMatch(
    /^The package has no start file: at its root there is .*\(web\.config and Shop\.dll\)\.$/,
  );
});

test('where nobody knows what production has, a start file is not asked for', () => {
  expect(packageFault(look(), ['style.css'], undefined)).toBeUndefined();
  expect(packageFault(look(), ['style.css'], [])).toBeUndefined();
});

test('one folder is right where a start command or a path mapping leads into it', () => {
  const files = ['dist/server.js', 'dist/package.json'];
  expect(packageFault(look(), files)?.fix).toBe('Zip what is in the folder: cd dist && zip -r ../package.zip .');
  expect(packageFault(look(true, { appCommandLine: 'node dist/server.js' }), files)).toBeUndefined();
  const virtualApplications = [{ virtualPath: '/', physicalPath: 'site\\wwwroot\\dist' }];
  expect(packageFault(look(true, { virtualApplications }), files)).toBeUndefined();
});

test('backslashes are wrong on Linux only', () => {
  const files = ['web.config', 'bin\\Shop.dll'];
  expect(packageFault(look(true), files, ['web.config'])).toBeUndefined();
  expect(packageFault(look(false), files, ['web.config'])?.found).toMatch(/backslashes.*bin\\Shop\.dll/);
});
