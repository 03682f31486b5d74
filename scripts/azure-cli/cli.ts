import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ready } from '../../simulator/adapters/options.ts';
import type { Command } from './day.ts';

/** The Azure CLI with a configuration of its own, pointed at the simulator. */
export interface Cli {
  /** For another program that calls it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs one command; rejects with what it said when it ends otherwise than it must. */
  run(command: Command): Promise<void>;
  signInAs(id: string, secret: string): Promise<void>;
  /** As a program inside an app would, in one of the two versions of App Service's endpoint. */
  signInByIdentity(version: 'app service' | 'cloud shell'): Promise<void>;
}

export async function azureCli(ready: Ready, directory: string, proxy: string): Promise<Cli> {
  const environment = {
    ...process.env,
    AZURE_CONFIG_DIR: join(directory, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    REQUESTS_CA_BUNDLE: ready.caFile,
    HTTPS_PROXY: proxy,
    NO_PROXY: '',
    PYTHONPATH: fileURLToPath(new URL('debian', import.meta.url)),
  };
  const cloud = {
    endpoints: {
      // It puts paths behind it as it is.
      resourceManager: `${ready.resourceManager}/`,
      sqlManagement: `${ready.resourceManager}/`,
      // The ending keeps it from asking login.microsoftonline.com about an authority that it does not know.
      activeDirectory: `${ready.authority}/adfs`,
      microsoftGraphResourceId: `${ready.authority}/graph/`,
      activeDirectoryResourceId: 'https://management.core.windows.net/',
    },
  };
  writeFileSync(join(directory, 'cloud.json'), JSON.stringify(cloud));
  const run = (command: Command, more: Readonly<Record<string, string>> = {}) =>
    carryOut(command, { ...environment, ...more }, directory);
  await run({ az: `cloud register -n Simulated --cloud-config @${join(directory, 'cloud.json')}` });
  await run({ az: 'cloud set -n Simulated' });
  return {
    environment,
    run,
    signInAs: (id, secret) => run({ az: `login --service-principal -u ${id} -p=${secret} --tenant ${ready.tenantId}` }),
    signInByIdentity(version) {
      const inApp = { MSI_SECRET: 'any', APPSETTING_WEBSITE_SITE_NAME: ready.appName };
      const where = { MSI_ENDPOINT: ready.managedIdentity, ...(version === 'app service' && inApp) };
      return run({ az: 'login --identity', shows: /"systemAssignedIdentity"/ }, where);
    },
  };
}

async function carryOut(command: Command, env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  const began = performance.now();
  const { code, output } = await outcomeOf(command, env, cwd);
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${seconds} s  az ${command.az.replace(/-p=\S+/, '-p=***')}\n`);
  const endsRight = command.stopAfter !== undefined || (code !== 0) === (command.fails ?? false);
  if (endsRight && (command.shows?.test(output) ?? true)) return;
  throw new Error(`az ended with ${code}${command.shows ? `, and must show ${command.shows}` : ''}:\n${output}`);
}

function outcomeOf(
  command: Command,
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('az', [...command.az.split(' '), '-o', 'json'], {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const timer = command.stopAfter && setTimeout(() => child.kill(), command.stopAfter * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
