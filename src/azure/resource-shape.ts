import { Stop } from '../errors.ts';

interface Resource {
  readonly id: string;
  readonly name: string;
  readonly properties: object;
}

/** What every resource of Azure has. @throws Stop `failed` when an answer is something else, such as the page of a proxy. */
export function resource<T extends Resource>(what: string, wire: T): T {
  const { id, name, properties }: { id?: unknown; name?: unknown; properties?: unknown } = Object(wire);
  if (typeof id === 'string' && typeof name === 'string' && typeof properties === 'object' && properties !== null) {
    return wire;
  }
  throw new Stop('failed', `Azure answered with something that is not ${what}.`, 'Run the phase again.');
}
