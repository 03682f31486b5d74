import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Manifest {
  readonly description: string;
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post: string };
}

export interface InputDeclaration {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** What action.yml declares: the one source of every name, default and description. */
export function readManifest(): Manifest {
  return parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8')) as Manifest;
}
