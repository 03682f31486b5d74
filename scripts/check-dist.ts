import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';

/** Every job of every user downloads and reads it. */
const MOST_BYTES = 4_000_000;

/** `npm run check-dist`: users run the committed `dist`, so it must be exactly what the source builds. and no larger than a job should wait for. Ends with 1 otherwise. */
const fresh = mkdtempSync(join(tmpdir(), 'zdd-dist-'));
try {
  build(fresh);
  const names = [...new Set([...readdirSync('dist'), ...readdirSync(fresh)])].sort();
  const different = names.filter((name) => contentOf('dist', name) !== contentOf(fresh, name));
  if (different.length > 0) {
    console.error(`dist is not what the source builds: ${different.join(', ')}. Run "npm run build" and commit dist.`);
    process.exitCode = 1;
  } else if (bytesOf(fresh) > MOST_BYTES) {
    console.error(`dist has ${bytesOf(fresh)} bytes, more than ${MOST_BYTES}: see what was added, and docs/adr/0013.`);
    process.exitCode = 1;
  } else console.log(`dist is what the source builds (${names.length} files, ${bytesOf(fresh)} bytes).`);
} finally {
  rmSync(fresh, { recursive: true });
}

function bytesOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function contentOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'latin1');
  } catch {
    return 'absent';
  }
}
