import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { PackageFile } from '../deployment/build.ts';
import { Stop } from '../errors.ts';

/** The zip file of the new build, known by its content; null where no phase that needs it runs and none was downloaded. */
export async function packageFile(path: string): Promise<PackageFile | null> {
  const file = await open(path).catch((error: unknown) => {
    if (code(error) === 'ENOENT') return null;
    throw unreadable(path, error);
  });
  if (file === null) return null;
  try {
    await refuseTooLarge(path, file);
    const hash = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false })) hash.update(chunk);
    return { kind: 'package', path, sha256: hash.digest('hex') };
  } catch (error) {
    throw error instanceof Stop ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** https://learn.microsoft.com/azure/app-service/deploy-zip */
const LARGEST = 2048 * 1024 * 1024;

async function refuseTooLarge(path: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size < LARGEST) return;
  throw new Stop(
    'bad-input',
    `Input package is "${path}", a file of ${(size / 1024 ** 3).toFixed(1)} GiB. Allowed: less than 2 GiB, the most that App Service takes.`,
    'Leave out of the package what the app does not need to run, such as media, symbols or node_modules of the build.',
  );
}

function unreadable(path: string, error: unknown): Stop {
  return new Stop(
    'bad-input',
    `Input package is "${path}", which cannot be read (${code(error)}). Allowed: a zip file that the runner may read.`,
    'Look at the step that made or downloaded it.',
    { cause: error },
  );
}

function code(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
