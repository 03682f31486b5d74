/** Brings everything that repeats action.yml and the permissions up to date: README.md, docs/inputs.md, docs/security.md, scripts/set-up and its Bicep module, docs/who-it-serves.md and src/inputs/declared.ts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readManifest } from './action-manifest.ts';
import { declaredInputs } from './declared-inputs.ts';
import { withBeginning, withBicepActions, withRoles, withScriptRoles, withTables } from './readme-tables.ts';
import { whoItServes } from './who-it-serves.ts';

const manifest = readManifest();
const root = new URL('../', import.meta.url);
writeFileSync(new URL('src/inputs/declared.ts', root), declaredInputs(manifest));
const readme = new URL('README.md', root);
if (existsSync(readme)) writeFileSync(readme, withBeginning(readFileSync(readme, 'utf8'), manifest));
const inputs = new URL('docs/inputs.md', root);
writeFileSync(inputs, withTables(readFileSync(inputs, 'utf8'), manifest));
const security = new URL('docs/security.md', root);
writeFileSync(security, withRoles(readFileSync(security, 'utf8')));
const setUp = new URL('scripts/set-up', root);
writeFileSync(setUp, withScriptRoles(readFileSync(setUp, 'utf8')));
const module = new URL('scripts/set-up.bicep', root);
writeFileSync(module, withBicepActions(readFileSync(module, 'utf8')));
writeFileSync(new URL('docs/who-it-serves.md', root), whoItServes());
