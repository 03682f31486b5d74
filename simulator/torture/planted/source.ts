import { readFileSync } from 'node:fs';
import type { Edit } from './mistake.ts';

/** How often the text that a mistake replaces occurs in its file; anything but once is a mistake that lost its place. */
export function timesFound({ file, find }: Edit): number {
  return readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8').split(find).length - 1;
}
