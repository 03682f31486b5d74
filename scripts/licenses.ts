import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A part of what ncc's `--stats-out` writes. */
interface Stats {
  readonly modules?: readonly (Stats & { readonly name?: string })[];
}

/**
 * The notices that the licences of all bundled packages ask for, each with its text: from the modules that are in the bundle,
 * because ncc's own list leaves out the packages of its first chunk.
 * @param root where the modules' names begin.
 * @throws Error for a package without a text.
 */
export function licensesOf(stats: Stats, root = '.'): string {
  const folders = [...new Set(modulesIn(stats).flatMap((module) => packageFolder(root, module)))].sort();
  return `${folders.map((folder) => notice(join(root, folder))).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function modulesIn({ modules = [] }: Stats): readonly string[] {
  return modules.flatMap((each) => [...(each.name === undefined ? [] : [each.name]), ...modulesIn(each)]);
}

/** `…/node_modules/a/node_modules/@b/c/d.js` is of the package in `node_modules/a/node_modules/@b/c`. */
function packageFolder(root: string, module: string): readonly string[] {
  const [, folder] = /(?:^|[\s!])\.?\/?((?:lib\/)?(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+)/.exec(module) ?? [];
  if (folder === undefined || !existsSync(join(root, folder, 'package.json'))) return [];
  // A copy below lib is what it is a copy of; an empty one in the place of something unused is nobody's.
  const original = folder.replace(/^lib\//, '');
  return existsSync(join(root, original, 'package.json')) ? [original] : [];
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort();
  if (files.length === 0 || !license)
    throw new Error(`${folder} is bundled and has no licence text: look it up, or leave it out.`);
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}`;
}
