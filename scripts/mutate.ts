import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from 'commander';
import { type Mutant, mutantsOf } from './mutate/mutants.ts';

// Plants mistakes into the decisions, one at a time, and sees whether the tests notice. Nothing of this checkout is written.

/** What decides; the gateways are for the sweep. */
const DECISIONS = ['deployment', 'observe', 'phases', 'steps', 'swap'];

/** Tests in the order in which they are asked: the first that fails has noticed. The last are texts of plans, which anybody would update. */
const TESTS: readonly (readonly [by: string, patterns: readonly string[]])[] = [
  [
    'decisions',
    ['__tests__/deployment', '__tests__/steps', '__tests__/swap', '__tests__/phases/(refusals|other-apps)'],
  ],
  ['laws', ['__tests__/phases/(walks|reachable)']],
  ['whole deployments', ['__tests__/in-process', '__tests__/zoo']],
  ['texts of plans alone', ['__tests__/phases']],
];

program
  .name('npm run mutate --')
  .description('Plants mistakes into the decisions in src, one at a time, and tells which the tests do not notice.')
  .option('--every <n>', 'of so many mistakes one', '60')
  .option('--from <n>', 'the first of them', '0')
  .option('--only <pattern>', 'only in files below src/ that match this regular expression', '')
  .option('--by <tests>', `only by these tests, comma-separated: ${TESTS.map(([by]) => by).join(', ')}`)
  .option('--list', 'plant nothing: say what would be planted')
  .parse();

const options = program.opts<{ every: string; from: string; only: string; by?: string; list?: true }>();

const asked = TESTS.filter(([by]) => options.by?.split(',').includes(by) ?? true);
const root = new URL('..', import.meta.url).pathname;
const files = DECISIONS.flatMap((folder) =>
  readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
).filter((name) => name.endsWith('.ts') && new RegExp(options.only).test(name));
const all = files.sort().flatMap((file) => mutantsOf(file, readFileSync(join(root, 'src', file), 'utf8')));
const chosen = all.filter((_, index) => index % Number(options.every) === Number(options.from) % Number(options.every));

if (options.list) for (const mutant of chosen) console.log(words(mutant));
else process.exitCode = (await measure()) ? 0 : 1;

/** @returns true when every mistake was noticed by more than the text of a plan. */
async function measure(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'zdd-mutants-'));
  try {
    for (const name of readdirSync(root).filter((each) => !/^(node_modules|dist|\.git|demo-report)$/.test(each)))
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [by, patterns] of asked)
      if (!(await passes(folder, patterns)))
        throw new Error(`The tests of ${by} fail without any mistake: mend them first.`);
    const noticed: string[] = [];
    for (const mutant of chosen) {
      const by = await noticedBy(folder, mutant);
      noticed.push(by ?? 'nothing');
      console.log(`${(by ?? 'NOTHING').padEnd(22)} ${words(mutant)}`);
    }
    const good = noticed.filter((by) => by !== 'nothing' && by !== 'texts of plans alone').length;
    console.log(
      `${good} of ${noticed.length} noticed (of ${all.length} in all): ${Math.round((100 * good) / noticed.length)} %.`,
    );
    return good === noticed.length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function noticedBy(folder: string, { file, start, end, replacement }: Mutant): Promise<string | undefined> {
  const path = join(folder, 'src', file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, source.slice(0, start) + replacement + source.slice(end));
  try {
    for (const [by, patterns] of asked) if (!(await passes(folder, patterns))) return by;
    return undefined;
  } finally {
    writeFileSync(path, source);
  }
}

function passes(folder: string, patterns: readonly string[]): Promise<boolean> {
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--bail', '--silent', ...patterns];
  const node = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', ...jest];
  return new Promise((resolve) => {
    execFile(process.execPath, node, { cwd: folder, timeout: 900_000, maxBuffer: 2 ** 26 }, (error) =>
      resolve(error === null),
    );
  });
}

function words({ file, line, what }: Mutant): string {
  return `src/${file}:${line} ${what}`;
}
