import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asVariant } from '../adapters/debug-endpoint.ts';
import type { SimulatorOptions } from '../adapters/options.ts';
import { buildPackages } from '../sample-app/packages.ts';
import { GITHUB_ISSUER, workflowKeys } from './github-repository.ts';
import type { ShopAzure } from './shop-azure.ts';
import type { Answer, Question } from './simulator-process.ts';

/** Opens a shop in the simulated Azure, which trusts the workflow's own token. */
export async function openLocalShop(options: {
  readonly timeScale: number;
  readonly variant: string | undefined;
  readonly forgetful: boolean;
}) {
  const simulator = startProcess();
  const [packages, keys] = await Promise.all([buildPackages(), workflowKeys()]).catch((error: unknown) => {
    simulator.kill();
    throw error;
  });
  const azure = await openAzure(simulator, {
    timeScale: options.timeScale,
    variants: options.variant === undefined ? [] : [asVariant(options.variant)],
    package: packages.v1,
    seedSql: await readFile(join(import.meta.dirname, '../sample-app/seed.sql'), 'utf8'),
    appSettings: options.forgetful ? { SHOP_FORGETFUL: 'true' } : {},
    federated: keys.federated,
    issuers: { [GITHUB_ISSUER]: keys.keySet },
  });
  return { azure, keys };
}

/** The simulator's process: it loads its files while the packages are built, and then waits for what it is to be. */
function startProcess(): ChildProcess {
  return fork(join(import.meta.dirname, 'simulator-process.ts'), {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
}

/** Opens the simulated Azure beside this process. Rejects with the simulator's own words when it cannot start. */
async function openAzure(child: ChildProcess, options: SimulatorOptions): Promise<ShopAzure> {
  const gone = once(child, 'exit');
  const started = await ask(child, { start: options });
  if (started.kind !== 'ready') throw new Error('The simulator answered something else than that it is ready.');
  const { ready } = started;
  return {
    shop: { ...ready, deployer: ready.clientId },
    async look() {
      const looked = await ask(child, 'look');
      if (looked.kind !== 'looked') throw new Error('The simulator did not say what is left.');
      return looked;
    },
    async stop() {
      if (child.connected) child.send('stop' satisfies Question);
      await gone;
    },
  };
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const controller = new AbortController();
  try {
    const answered = once(child, 'message', { signal: controller.signal });
    const ended = once(child, 'exit', { signal: controller.signal }).then(() => {
      throw new Error('The simulator ended; its last words are above.');
    });
    child.send(question);
    const [answer] = (await Promise.race([answered, ended])) as [Answer];
    if (answer.kind === 'failed') throw new Error(`The simulator failed: ${answer.why}`);
    return answer;
  } finally {
    controller.abort();
  }
}
