import { existsSync, readFileSync } from 'node:fs';
import { remember, remembered } from './cache.ts';
import { digest } from './digest.ts';
import { type MeasuredFile, root } from './files.ts';
import { startWorker, type Worker } from './start-worker.ts';

/** What a test did without any mistake. */
export interface Met {
  readonly name: string;
  /** Of a processor. */
  readonly ms: number;
  /** It fails by itself, or when it is run beside the others in one process. */
  readonly fails?: string;
  readonly meets: (id: number) => boolean;
  /** Where it came across any mistake. */
  readonly files: ReadonlySet<string>;
}

/** Of a test as it is kept: by file the mistakes that it came across, counted within the file, and what the file was then. */
interface Kept {
  readonly of: string;
  readonly ms: number;
  readonly fails?: string;
  readonly met: Readonly<Record<string, { readonly of: string; readonly mistakes: readonly number[] }>>;
}

/** No test takes so long. */
const LIMIT_MS = 900_000;

/** Which mistakes each test comes across: what was learnt before is asked again only of test files that changed. */
export async function whatTestsMeet(
  files: readonly MeasuredFile[],
  tests: readonly string[],
  workers: number,
  only: string | undefined,
): Promise<readonly Met[]> {
  const kept = remembered<Kept>('met');
  const digests = new Map(files.map(({ file, source }) => [file, digest(source)]));
  const left = tests.filter((name) => kept.get(name)?.of !== digestOfTest(name));
  if (left.length > 0) console.log(`${left.length} tests are run without a mistake, to learn which ones they meet.`);
  const work = async () => {
    let worker: Worker | undefined;
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      worker = worker?.isAlive() ? worker : await startWorker({ only });
      const answer = await worker
        .run({ test: name }, LIMIT_MS)
        .catch((error: unknown) => ({ ms: LIMIT_MS, wrong: String(error) }));
      const { ms, wrong, asked = [] } = { asked: undefined, ...answer };
      const fails = wrong === undefined ? {} : { fails: wrong };
      kept.set(name, { of: digestOfTest(name), ms, ...fails, met: byFile(files, digests, asked) });
      if (left.length % 100 === 0) remember('met', kept);
    }
    worker?.end();
  };
  await Promise.all(Array.from({ length: Math.min(workers, left.length) }, work));
  remember('met', kept);
  return tests.map((name) => metOf(name, kept.get(name), files, digests));
}

/** In a file that has changed since, a test that came there may meet any mistake. */
function metOf(
  name: string,
  kept: Kept | undefined,
  files: readonly MeasuredFile[],
  digests: ReadonlyMap<string, string>,
): Met {
  const met = new Set<number>();
  for (const { file, first, mutants } of files) {
    const there = kept?.met[file];
    if (there === undefined) continue;
    const isSame = there.of === digests.get(file);
    for (const index of isSame ? there.mistakes : mutants.keys()) met.add(first + index);
  }
  const { ms = 0, fails } = kept ?? {};
  return {
    name,
    ms,
    ...(fails === undefined ? {} : { fails }),
    meets: (id) => met.has(id),
    files: new Set(Object.keys(kept?.met ?? {})),
  };
}

function byFile(
  files: readonly MeasuredFile[],
  digests: ReadonlyMap<string, string>,
  asked: readonly number[],
): Kept['met'] {
  const sorted = asked.toSorted((one, other) => one - other);
  return Object.fromEntries(
    files.flatMap(({ file, first, mutants }) => {
      const mistakes = sorted.flatMap((id) => (id >= first && id < first + mutants.length ? [id - first] : []));
      return mistakes.length === 0 ? [] : [[file, { of: digests.get(file) ?? '', mistakes }]];
    }),
  );
}

function digestOfTest(name: string): string {
  const [file = ''] = name.split(': ');
  const path = `${root}__tests__/${file}`;
  return digest(existsSync(path) ? readFileSync(path, 'utf8') : file);
}
