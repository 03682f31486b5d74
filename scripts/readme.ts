/** Brings everything that repeats action.yml up to date: the tables of README.md and src/inputs/declared.ts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readManifest } from './action-manifest.ts';
import { declaredInputs } from './declared-inputs.ts';
import { withTables } from './readme-tables.ts';

const manifest = readManifest();
const root = new URL('../', import.meta.url);
writeFileSync(new URL('src/inputs/declared.ts', root), declaredInputs(manifest));
const readme = new URL('README.md', root);
if (existsSync(readme)) writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), manifest));
