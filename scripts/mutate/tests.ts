import { readdirSync } from 'node:fs';
import { getState, resetState, type State } from 'jest-circus';
import { forgetShared } from '../../__tests__/in-process/shared.ts';
import { root } from './files.ts';
import { WORLDS } from './nearness.ts';

type Block = State['rootDescribeBlock'];
type Entry = Block['tests'][number];

/** A test as it stands in its file, ready to be run as often as wanted. */
export interface LoadedTest {
  /** `<file>: <names of its groups and its own>` */
  readonly name: string;
  /** Rejects as the test does. */
  readonly run: () => Promise<void>;
}

/** Tests that say something of the sources, and start no process of their own. */
const ABOUT_SOURCES =
  /^(apply|connection-strings|context|deployment|fuzz|in-process|inputs|observe|phases|preflight|settings|steps|summary|swap|teams|zoo)\/|^(post|run-phase|wait)\.test\.ts$/;

/** @param only of one file, without its ending, or `units`: all but those that play in worlds */
export async function loadTests(only?: string): Promise<readonly LoadedTest[]> {
  const files = readdirSync(`${root}__tests__`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && ABOUT_SOURCES.test(name))
    .filter((name) => only === undefined || (only === 'units' ? !WORLDS.test(name) : name === `${only}.test.ts`))
    .sort();
  const tests: LoadedTest[] = [];
  for (const file of files) {
    resetState();
    await import(`file://${root}__tests__/${file}`);
    const block = getState().rootDescribeBlock;
    const begun = new Set<Block>();
    for (const { path, entry } of entriesOf(block, []))
      tests.push({
        name: `${file}: ${[...path.slice(1), entry].map(({ name }) => name).join(' ')}`,
        run: () => run(path, entry, begun),
      });
    ends.push(() => hooks([block], 'afterAll'));
  }
  return tests;
}

const ends: (() => Promise<void>)[] = [];

/** Cleans up after all tests: files on the disk may be shared among them, so nothing is cleaned up before. */
export async function endTests(): Promise<void> {
  for (const end of ends) await end().catch(() => undefined);
}

function entriesOf(block: Block, above: readonly Block[]): readonly { path: readonly Block[]; entry: Entry }[] {
  const path = [...above, block];
  return block.children.flatMap((child) =>
    child.type === 'describeBlock' ? entriesOf(child, path) : [{ path, entry: child }],
  );
}

async function run(path: readonly Block[], { fn }: Entry, begun: Set<Block>): Promise<void> {
  // The mistake may be another one than when it was played.
  forgetShared();
  for (const block of path) {
    if (begun.has(block)) continue;
    begun.add(block);
    await hooks([block], 'beforeAll');
  }
  await hooks(path, 'beforeEach');
  try {
    await called(fn);
  } finally {
    await hooks(path.toReversed(), 'afterEach');
  }
}

async function hooks(path: readonly Block[], type: Block['hooks'][number]['type']): Promise<void> {
  for (const block of path) for (const hook of block.hooks) if (hook.type === type) await called(hook.fn);
}

async function called(fn: Entry['fn']): Promise<void> {
  await Reflect.apply(fn, undefined, []);
}
