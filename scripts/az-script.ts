import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { buildPackages } from '../simulator/sample-app/packages.ts';
import { azureCli } from './azure-cli/cli.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';

/**
 * Runs `bench/az-script.sh` against the simulator, in real time: `npm run az-script`, some eight minutes. Needs `az` and `curl`. It says how
 * long visitors could only read, and how often the script looked: what `simulator/bench/script.ts` computes.
 */
const calls: { readonly method: string; readonly url: string }[] = [];
const simulator = await startSimulator({ hosts: 'names', observe: ({ method, url }) => calls.push({ method, url }) });
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'az-script-'));
try {
  const { v1, v11 } = await buildPackages();
  mkdirSync(join(directory, 'azure'));
  mkdirSync(join(directory, 'bin'));
  writeFileSync(join(directory, 'live.zip'), v1);
  writeFileSync(join(directory, 'new.zip'), v11);
  const sqlcmd = join(directory, 'bin/sqlcmd');
  writeFileSync(sqlcmd, `#!/bin/sh\nexec "${process.execPath}" "${resolve('scripts/azure-cli/sqlcmd.ts')}" "$@"\n`);
  chmodSync(sqlcmd, 0o755);
  const { ready } = simulator;
  const cli = await azureCli(ready, directory, proxy.url);
  await cli.signInAs(ready.operatorId, ready.operatorSecret);
  const connection = `Server=tcp:${ready.sqlHost},${ready.sqlPort};Database={database};User ID=${ready.sqlUser};Password=${ready.sqlPassword};Encrypt=True;TrustServerCertificate=True`;
  calls.length = 0;
  const code = await bash({
    ...cli.environment,
    PATH: `${join(directory, 'bin')}:${process.env.PATH ?? ''}`,
    CURL_CA_BUNDLE: ready.caFile,
    GROUP: ready.resourceGroup,
    APP: ready.appName,
    SERVER: ready.sqlServer,
    DATABASE: ready.database,
    LIVE_PACKAGE: join(directory, 'live.zip'),
    NEW_PACKAGE: join(directory, 'new.zip'),
    CONNECTION_NAME: 'Shop',
    CONNECTION: connection,
    READONLY_SETTING: 'SHOP_READ_ONLY=true',
    HEALTH_PATH: '/health',
    RUNNER_IP: '127.0.0.1',
    SQLCMDUSER: ready.sqlUser,
    SQLCMDPASSWORD: ready.sqlPassword,
    SQL_PORT: String(ready.sqlPort),
  });
  const looks = calls.filter(({ method, url }) => method === 'GET' && !/operation|asyncoperation|\.scm\./i.test(url));
  process.stdout.write(`ended with ${code}; looked ${looks.length} times beside polling\n`);
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
  process.exitCode = code ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}

function bash(env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn('bash', [resolve('bench/az-script.sh')], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
}
