import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { licensesOf } from '../../scripts/licenses.ts';
import { pinned, pinsIn } from '../../scripts/pin.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const REUSABLE = ['zero-downtime.yml', 'zero-downtime-rollback.yml'];
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'zdd-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A repository of somebody's own, with what a release is made of. */
function repository(name: string) {
  const at = join(folder, name);
  mkdirSync(join(at, 'dist'), { recursive: true });
  cpSync(join(ROOT, '.github'), join(at, '.github'), { recursive: true });
  writeFileSync(join(at, 'action.yml'), 'name: action\n');
  writeFileSync(join(at, 'dist/index.js'), 'one\n');
  const git = (...parameters: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters], {
      cwd: at,
      encoding: 'utf8',
    }).trim();
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'x');
    return git('rev-parse', 'HEAD');
  };
  const pin = (...parameters: readonly string[]) => {
    const script = join(ROOT, 'scripts/pin.ts');
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...parameters], {
      cwd: at,
      stdio: 'pipe',
    });
  };
  git('init', '--quiet');
  return { at, commit, pin };
}

test('a release calls the action at the commit before it, in the repository that it is of', () => {
  const { at, commit, pin } = repository('pinned');
  const head = commit();
  pin('v1.2.3', 'me/zdd-action');
  for (const file of REUSABLE) {
    const pins = pinsIn(readFileSync(join(at, '.github/workflows', file), 'utf8'));
    expect(pins.length).toBeGreaterThan(4);
    expect(new Set(pins.map(({ repository: of, ref }) => `${of}@${ref}`))).toEqual(new Set([`me/zdd-action@${head}`]));
  }
  commit();
  expect(() => pin('--check', 'me/zdd-action')).not.toThrow();
});

describe('what must not be released', () => {
  test('a workflow that calls a tag', () => {
    const { commit, pin } = repository('tag');
    commit();
    expect(() => pin('--check', 'org/zdd-action')).toThrow('which is no commit');
  });

  test('a workflow that calls the action of somebody else', () => {
    const { commit, pin } = repository('fork');
    commit();
    pin('v1.2.3');
    commit();
    expect(() => pin('--check', 'me/zdd-action')).toThrow('and this is me/zdd-action');
  });

  test.each(['dist/index.js', 'action.yml'])('a workflow that calls an action with another %s', (changed) => {
    const { at, commit, pin } = repository(changed.replace('/', '-'));
    commit();
    pin('v1.2.3', 'me/zdd-action');
    writeFileSync(join(at, changed), 'two\n');
    commit();
    expect(() => pin('--check', 'me/zdd-action')).toThrow('whose action is not the one of this commit');
  });

  test('what is pinned to something that was not committed', () => {
    const { at, commit, pin } = repository('dirty');
    commit();
    writeFileSync(join(at, 'dist/index.js'), 'two\n');
    expect(() => pin('v1.2.3')).toThrow('Commit first');
  });
});

test('pinning again replaces the pin and its comment, and nothing else', () => {
  const text = textOf('.github/workflows/zero-downtime.yml');
  const once = pinned(text, { repository: 'me/zdd-action', ref: 'a'.repeat(40) }, 'v1.0.0');
  const twice = pinned(once, { repository: 'me/zdd-action', ref: 'b'.repeat(40) }, 'v1.0.1');
  expect(twice).toBe(once.replaceAll('a'.repeat(40), 'b'.repeat(40)).replaceAll('v1.0.0', 'v1.0.1'));
  expect(parse(twice).jobs.prepare.steps.map(({ uses }: { uses?: string }) => uses)).toContain(
    `me/zdd-action@${'b'.repeat(40)}`,
  );
});

test('who writes to the repository runs no code of a package, and waits for a reviewer', () => {
  const { jobs } = parse(textOf('.github/workflows/release.yml'));
  for (const [name, { permissions = {}, environment, steps = [] }] of Object.entries<Job>(jobs)) {
    if (permissions.contents !== 'write') continue;
    expect([name, environment]).toEqual([name, 'release']);
    expect(steps.filter(({ run }) => /\b(npm|npx|node)\b/.test(run ?? ''))).toEqual([]);
  }
  expect(jobs.verify.permissions ?? {}).not.toHaveProperty('contents', 'write');
  const verified: string[] = jobs.verify.steps.flatMap(({ run }: { run?: string }) => run ?? []);
  expect(verified).toEqual(
    expect.arrayContaining(['npm ci', 'npm run check-dist', 'npm run pin -- --check "$GITHUB_REPOSITORY"']),
  );
});

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps?: readonly { readonly run?: string }[];
}

describe('the lock file', () => {
  const { packages } = JSON.parse(textOf('package-lock.json'));
  const all = Object.entries<{ integrity?: string; resolved?: string; hasInstallScript?: boolean }>(packages).filter(
    ([path]) => path !== '',
  );

  test('has a hash for every package, of every platform, all from the registry', () => {
    expect(all.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    const elsewhere = all.filter(([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'));
    expect(elsewhere).toEqual([]);
  });

  test('has no script that would run at install time', () => {
    expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const scripts = all.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    // The first two only look whether their binary is there: it is a package of its own. Of the last only the grammar is read, as WebAssembly.
    expect(scripts).toEqual(['node_modules/@parcel/watcher', 'node_modules/esbuild', 'node_modules/tree-sitter-bicep']);
  });
});

describe('the licences beside the bundle', () => {
  const of = (root: string, ...names: readonly string[]) =>
    licensesOf({ modules: [{ name: 'x', modules: names.map((name) => ({ name })) }] }, root);
  const root = mkdtempSync(join(tmpdir(), 'zdd-licences-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('are those of the packages in it, each once, copies by what they are copies of', () => {
    for (const [folder, license] of [
      ['node_modules/yaml', 'ISC'],
      ['node_modules/tedious', 'MIT'],
      ['lib/node_modules/tedious', 'MIT'],
      ['lib/node_modules/tedious/node_modules/@azure/identity', 'MIT'],
      ['node_modules/@azure/core-auth', 'MIT'],
    ] as const) {
      const at = join(root, folder);
      mkdirSync(at, { recursive: true });
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder)?.[1];
      writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
      writeFileSync(join(at, 'LICENSE'), `Permission to use, copy, modify ${name}`);
    }
    const text = of(
      root,
      './node_modules/yaml/dist/index.js',
      'external node-commonjs "fs"',
      './lib/node_modules/tedious/lib/connection.js',
      './lib/node_modules/tedious/node_modules/@azure/identity/index.js',
      './node_modules/@azure/core-auth/dist/esm/index.js + 3 modules',
      './lib/main.js',
    );
    const headings = [...text.matchAll(/^(@?[\w/-]+) \d+\.\d+\.\d+ \((.*)\)$/gm)].map(
      ([, name, license]) => `${name} ${license}`,
    );
    expect(headings).toEqual(['@azure/core-auth MIT', 'tedious MIT', 'yaml ISC']);
    expect(text).toContain('Permission to use, copy, modify');
  });
});
