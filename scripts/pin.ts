import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** The workflows that users call; each calls the action. */
const REUSABLE = ['.github/workflows/zero-downtime.yml', '.github/workflows/zero-downtime-rollback.yml'];

/** `uses: owner/name@ref # comment` of the action itself. */
const USES = /(\buses: )([\w.-]+\/zdd-action)@(\S+)( #.*)?$/gm;

/** What a workflow calls the action by. */
export interface Pin {
  readonly repository: string;
  readonly ref: string;
}

export function pinsIn(text: string): readonly Pin[] {
  return [...text.matchAll(USES)].map(([, , repository = '', ref = '']) => ({ repository, ref }));
}

/** The workflow with every call of the action at one commit, which nobody can move as they can a tag. */
export function pinned(text: string, { repository, ref }: Pin, version: string): string {
  return text.replace(USES, (_all, uses: string) => `${uses}${repository}@${ref} # ${version}`);
}

/**
 * `npm run pin -- v1.2.3 [owner/zdd-action]` before a release: whoever pins a reusable workflow by its commit then runs exactly
 * that action. A commit cannot name itself, so the workflows name the one before it, which has the same action.
 */
function pin(version: string, repository: string | undefined): void {
  if (!/^v\d+\.\d+\.\d+$/.test(version)) throw new Error(`"${version}" is no full version, such as v1.2.3.`);
  if (git('status', '--porcelain') !== '') throw new Error('Commit first: the workflows are pinned to HEAD.');
  const ref = git('rev-parse', 'HEAD');
  for (const path of REUSABLE) {
    const text = readFileSync(path, 'utf8');
    const [now] = pinsIn(text);
    if (now === undefined) throw new Error(`${path} does not call the action.`);
    writeFileSync(path, pinned(text, { repository: repository ?? now.repository, ref }, version));
  }
}

/** `npm run pin -- --check owner/zdd-action`: what the release workflow asks of the commit that it releases. */
function check(repository: string | undefined): void {
  for (const path of REUSABLE) {
    for (const pin of pinsIn(readFileSync(path, 'utf8'))) {
      const called = `${path} calls ${pin.repository}@${pin.ref}`;
      if (!/^[0-9a-f]{40}$/.test(pin.ref))
        throw new Error(`${called}, which is no commit: run "npm run pin -- v1.2.3".`);
      if (repository !== undefined && pin.repository !== repository)
        throw new Error(`${called}, and this is ${repository}: run "npm run pin -- v1.2.3 ${repository}".`);
      git('merge-base', '--is-ancestor', pin.ref, 'HEAD');
      if (git('diff', '--name-only', pin.ref, 'HEAD', '--', 'action.yml', 'dist') !== '')
        throw new Error(`${called}, whose action is not the one of this commit: run "npm run pin -- v1.2.3" again.`);
    }
  }
}

function git(...parameters: readonly string[]): string {
  return execFileSync('git', parameters, { encoding: 'utf8' }).trim();
}

if (import.meta.main) {
  const [first = '', repository] = process.argv.slice(2);
  if (first === '--check') check(repository);
  else pin(first, repository);
}
