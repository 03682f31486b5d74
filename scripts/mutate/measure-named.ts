import { NAMED } from './named.ts';
import { startWorker } from './start-worker.ts';

/** Plants those that somebody thought of, and runs the tests that must notice each. True when all were noticed. */
export async function measureNamed(tell: (line: string) => void): Promise<boolean> {
  let missed = 0;
  for (const { name, by } of NAMED) {
    const wrong = await noticed(name, by);
    if (wrong === undefined) missed++;
    tell(`${name}  <-  ${wrong ?? `NOTHING in ${by}`}`);
  }
  tell(`${NAMED.length - missed} of ${NAMED.length} noticed.`);
  return missed === 0;
}

/** The first test that fails, and how. Rejects when one of them fails without the mistake as well. */
async function noticed(named: string, only: string): Promise<string | undefined> {
  const worker = await startWorker({ named, only });
  try {
    for (const test of worker.tests) {
      const { wrong } = await worker.run({ test }, LIMIT_MS);
      if (wrong === undefined) continue;
      await provePasses(only, test);
      return `${test}: ${wrong}`.slice(0, 200);
    }
    return undefined;
  } finally {
    worker.end();
  }
}

async function provePasses(only: string, test: string): Promise<void> {
  const worker = await startWorker({ only });
  const { wrong } = await worker.run({ test }, LIMIT_MS);
  worker.end();
  if (wrong !== undefined) throw new Error(`It fails without any mistake: ${test}: ${wrong}`);
}

const LIMIT_MS = 300_000;
