import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type ContentFile, changesUntil, openContentFile, replay } from './content-file.ts';

/** Where a content comes from, as the model says; `undefined` when it began empty. */
export type Origin = (contentId: string) => { readonly contentId: string; readonly at: number } | undefined;

export interface ContentStore {
  /** The content's shared connection, for whatever is not in a transaction. Built from its origin when it is new. */
  open(contentId: string): ContentFile;
  /** Another connection to the same content; the caller closes it. */
  openOwn(contentId: string): ContentFile;
  close(): void;
}

/**
 * Contents as SQLite files in a directory: `{id}.sqlite` is what the database holds, with the log of its changes;
 * `{id}.base.sqlite` what it began with. Base and log give the content as of any instant.
 */
export function openContentStore(directory: string, originOf: Origin): ContentStore {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, ContentFile>();
  const live = (id: string) => join(directory, `${id}.sqlite`);
  const base = (id: string) => join(directory, `${id}.base.sqlite`);

  const open = (id: string): ContentFile => {
    const known = files.get(id);
    if (known !== undefined) return known;
    const origin = originOf(id);
    if (origin !== undefined && !existsSync(live(id))) {
      buildBase(origin.contentId, origin.at, base(id));
      copyFileSync(base(id), `${live(id)}.new`);
      renameSync(`${live(id)}.new`, live(id));
    }
    const file = openContentFile(live(id));
    files.set(id, file);
    return file;
  };

  const buildBase = (id: string, at: number, target: string): void => {
    const changes = changesUntil(open(id), at);
    const unfinished = `${target}.new`;
    if (existsSync(base(id))) copyFileSync(base(id), unfinished);
    const file = openContentFile(unfinished);
    replay(file, changes);
    file.close();
    renameSync(unfinished, target);
  };

  return {
    open,
    openOwn(id) {
      open(id);
      return openContentFile(live(id));
    },
    close() {
      for (const file of files.values()) file.close();
      files.clear();
    },
  };
}
