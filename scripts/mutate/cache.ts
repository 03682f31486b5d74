import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './files.ts';

const FOLDER = `${root}node_modules/.cache/mutate`;

/** What an earlier run has found out, by a name that changes with what it depends on. Empty the first time. */
export function remembered<T>(name: string): Map<string, T> {
  const path = `${FOLDER}/${name}.json`;
  return new Map<string, T>(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []);
}

export function remember<T>(name: string, found: ReadonlyMap<string, T>): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${name}.json`, JSON.stringify([...found]));
}
