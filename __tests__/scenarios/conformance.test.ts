import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/adapters/simulator.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** As the demo's: a minute in which a database is to become quiet is a second for real processes. */
const TIME_SCALE = 50;

const output = mkdtempSync(join(tmpdir(), 'zdd-conformance-'));
const open: Simulator[] = [];
afterAll(async () => {
  for (const azure of open) await azure.stop();
  rmSync(output, { recursive: true, force: true });
});

test('with the simulator in the place of Azure, the command asks, plays a deployment with visitors, and leaves nothing', async () => {
  const azure = await startSimulator({ timeScale: TIME_SCALE, empty: true });
  open.push(azure);
  const { code, said } = await conformance(azure, '--scenario', 'happy');
  const report = readFileSync(join(output, 'report.md'), 'utf8');
  // How fast answers come is a question of the machine that runs this, and no test's.
  const broken = (report.match(/^\| ✗ .*$/gm) ?? []).filter((line) => !line.includes('stood still'));
  expect({ broken, said: broken.length === 0 ? '' : said }).toEqual({ broken: [], said: '' });
  expect(report).not.toMatch(/otherwise \||not asked \|/);
  expect(code).toBe(report.includes('| ✗ |') ? 1 : 0);
  expect(report).toContain('| ✓ | In the end version 2.0.0 serves, read-write, on the original database. |');
  expect(report).toContain('| ✓ | Nothing of the deployment is left. |');
  expect(report).toMatch(/^\| complete \| \d+ \| green \|$/m);
  expect(azure.unmodelled).toEqual([]);
  expect(azure.read(({ resourceGroups, web, sql }) => [resourceGroups, web.sites, sql.servers])).toEqual([{}, {}, {}]);
}, 240_000);

/** `npm run conformance`, as the subscription's owner runs it. */
async function conformance({ ready }: Simulator, ...more: readonly string[]) {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(ROOT, 'simulator/conformance/main.ts'),
      ...['--subscription', ready.subscriptionId, '--location', 'westeurope', '--output', output, '--yes'],
      ...['--resource-manager', ready.resourceManager, '--sql-port', String(ready.sqlPort)],
      ...['--time-scale', String(TIME_SCALE), ...more],
    ],
    {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HOME: output,
        AZURE_CLIENT_ID: ready.operatorId,
        AZURE_CLIENT_SECRET: ready.operatorSecret,
        AZURE_TENANT_ID: ready.tenantId,
        AZURE_AUTHORITY_HOST: ready.authority,
        NODE_EXTRA_CA_CERTS: ready.caFile,
      },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((ended) => child.once('close', ended));
  return { code, said };
}
