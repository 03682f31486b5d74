import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a text to a new folder, so that no two runs share a file, and says where it is. Only its owner may read it. */
export function keptIn(folder: string, name: string, content: string): string {
  const path = join(mkdtempSync(join(folder, 'zdd-')), name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}
