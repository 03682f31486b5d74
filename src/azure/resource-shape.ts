import { Stop } from '../errors.ts';

interface Resource {
  readonly id: string;
  readonly name: string;
  readonly properties: object;
}

/**
 * What every resource of Azure has, in a form that can become a part of a path: the id goes into the next request.
 * @param also properties without which nothing can be decided: two that are both missing would be the same.
 * @throws Stop `failed` when an answer is something else, such as the page of a proxy.
 */
export function resource<T extends Resource>(what: string, wire: T, also: readonly string[] = []): T {
  const { id, name, properties }: { id?: unknown; name?: unknown; properties?: unknown } = Object(wire);
  const facts: Readonly<Record<string, unknown>> = Object(properties);
  const isWhole = typeof properties === 'object' && properties !== null && also.every((each) => isText(facts[each]));
  if (isText(id) && ID.test(id) && isText(name) && isWhole) return wire;
  throw strange(what);
}

/**
 * The id of another resource that an answer names, which goes into a request as well; null where it names none.
 * @throws Stop `failed` when it could lead elsewhere.
 */
export function idOf(what: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (isText(value) && ID.test(value)) return value;
  throw strange(`the id of ${what}`);
}

/** Segments that are no dots alone, without what ends or escapes a path; a `#` is escaped where a path is made of it. */
const ID = /^(?:\/(?!\.{1,2}(?:\/|$))[^/?%\\\p{Cc}]+)+$/iu;

function strange(what: string): Stop {
  return new Stop('failed', `Azure answered with something that is not ${what}.`, 'Run the phase again.');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
