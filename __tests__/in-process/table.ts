import type { World } from '../../simulator/model/world.ts';
import type { RunCommand } from '../../src/ports.ts';
import type { Parts } from './zoo.ts';

/** A table from whose row an app reads its strings, and a runner on which `az storage entity insert` writes one; whatever else runs there succeeds. */
export function table(rows: Record<string, Readonly<Record<string, string>>>) {
  let world: World | undefined;
  const called: { readonly command: string; readonly environment: Readonly<Record<string, string>> }[] = [];
  const run: RunCommand = async (command, environment) => {
    called.push({ command, environment });
    const [, entity] = /^az storage entity insert .*--entity (.*)$/.exec(command) ?? [];
    if (entity === undefined) return { exitCode: 0 };
    const { PartitionKey = '', RowKey: _, ...strings } = fieldsOf(entity, environment);
    if (world) world.stores = { ...world.stores, [PartitionKey]: strings };
    return { exitCode: 0 };
  };
  const arrange = (parts: Parts) => {
    world = parts.world;
    world.stores = structuredClone(rows);
  };
  return { arrange, run, called };
}

/** `NAME=VALUE` words, quoted or not, with variables as a shell fills them in. */
function fieldsOf(words: string, environment: Readonly<Record<string, string>>): Record<string, string> {
  const filled = words.replace(/\$(\w+)/g, (_, name: string) => environment[name] ?? '');
  const fields = [...filled.matchAll(/"([^="]+)=([^"]*)"|([^\s=]+)=(\S*)/g)];
  return Object.fromEntries(fields.map(([, name, value, bare, word]) => [name ?? bare ?? '', value ?? word ?? '']));
}
