import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { inScratch } from '../../src/system/scratch.ts';
import { withAdditions } from '../../src/system/zip-additions.ts';

/** What it costs to bring a build to both slots. */
export interface BigBuild {
  readonly mib: number;
  readonly files: number;
  /** Resident memory at its peak, Node and every library included. */
  readonly peakMib: number;
  readonly seconds: number;
}

const PROCESS = resolve(import.meta.dirname, 'big-build-process.ts');
const MIB = 1024 ** 2;

/**
 * Copies a build from production, and uploads a package as large, side by side as `read-only` does, in a process of its own over real
 * connections. This process is the SCM that it speaks to.
 */
export function measureBigBuild(mib: number, files: number): Promise<BigBuild> {
  return inScratch(tmpdir(), async (folder) => {
    const zip = join(folder, 'build.zip');
    await makeBuild(folder, zip, mib, files);
    const server = createServer(scm(zip));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const { port } = server.address() as AddressInfo;
      return { mib, files, ...(await measured(port, zip, folder)) };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

/** Many files, stored: nothing of it gets smaller on its way. */
async function makeBuild(folder: string, zip: string, mib: number, files: number): Promise<void> {
  const [first, piece] = [join(folder, 'first.zip'), join(folder, 'piece')];
  await writeFile(first, zipSync({ 'web.config': strToU8('<configuration />') }));
  await writeFile(piece, Buffer.alloc(Math.floor((mib * MIB) / files)));
  const additions = Array.from({ length: files }, (_, index) => ({ name: `wwwroot/${index}.bin`, file: piece }));
  await withAdditions(first, additions, zip);
}

/** As much of Kudu as an upload and a download need. */
function scm(zip: string): RequestListener {
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://scm');
    if (pathname.startsWith('/api/zip/')) {
      createReadStream(zip).pipe(response);
      return;
    }
    let length = 0;
    for await (const chunk of request) length += chunk.length;
    const isWhole = request.method !== 'POST' || length === (await stat(zip)).size;
    response.writeHead(isWhole ? 200 : 400, { 'scm-deployment-id': 'one' });
    response.end(JSON.stringify({ id: 'one', status: 4, complete: true, is_temp: false }));
  };
}

async function measured(port: number, zip: string, temp: string): Promise<Pick<BigBuild, 'peakMib' | 'seconds'>> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROCESS, String(port), zip], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, RUNNER_TEMP: temp },
  });
  let told = '';
  child.stdout.on('data', (bytes: Buffer) => {
    told += bytes.toString();
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`The transfer ended with ${code}.`);
  return { peakMib: Math.round(Number(told) / 1024), seconds: Math.round((performance.now() - startedAt) / 1000) };
}
