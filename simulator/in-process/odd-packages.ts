import { zipSync } from 'fflate';

type Files = Readonly<Record<string, Uint8Array>>;

/**
 * Packages as people upload them by mistake, made from the files of a right one. Each is found in public reports:
 * azure-cli#26982 and #26060, projectkudu/kudu#3071, azure-pipelines-tasks#14257, azure-maven-plugins#1282.
 */
export const oddPackages = {
  /** Everything lies in one folder: the folder was zipped and not what is in it. */
  'one top folder': (files) => zip(renamed(files, (path) => `shop/${path}`)),
  /** The artifact of an artifact. */
  'a zip in a zip': (files) => zip({ 'shop.zip': zip(files) }),
  empty: () => zip({}),
  'not a zip': () => new TextEncoder().encode('<!DOCTYPE html><title>Sign in to download</title>'),
  /** Made on Windows by a tool that writes its own separators: on Linux every file lies at the root. */
  backslashes: (files) => zip(renamed(files, (path) => `bin\\${path}`)),
  /** The app's own file is not there, others are. */
  'no start file': () => zip({ 'readme.txt': new TextEncoder().encode('to do'), 'web/index.css': new Uint8Array([1]) }),
} satisfies Record<string, (files: Files) => Uint8Array>;

function zip(files: Files): Uint8Array {
  return zipSync({ ...files }, { mtime: '2020-01-01' });
}

function renamed(files: Files, rename: (path: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [rename(path), bytes]));
}
