import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';

/** `npm run check-dist`: users run the committed `dist`, so it must be exactly what the source builds. Ends with 1 otherwise. */
const fresh = mkdtempSync(join(tmpdir(), 'zdd-dist-'));
try {
  build(fresh);
  const names = [...new Set([...readdirSync('dist'), ...readdirSync(fresh)])].sort();
  const different = names.filter((name) => contentOf('dist', name) !== contentOf(fresh, name));
  if (different.length > 0) {
    console.error(`dist is not what the source builds: ${different.join(', ')}. Run "npm run build" and commit dist.`);
    process.exitCode = 1;
  } else console.log(`dist is what the source builds (${names.length} files).`);
} finally {
  rmSync(fresh, { recursive: true });
}

function contentOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'latin1');
  } catch {
    return 'absent';
  }
}
