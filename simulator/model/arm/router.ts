import type { Answer } from './answer.ts';

/**
 * One modelled request: its methods, its path, and what answers it. In a path `{site}` is a name that the handler is given,
 * `{path*}` one with slashes in it, and what stands in brackets may be left out.
 */
export type Route<Call> = readonly [methods: string, path: string, handler: (call: Call) => Answer];

/** What a table knows about a request. */
export interface Found<Call> {
  readonly handler: (call: Call) => Answer;
  /** As the caller wrote them. */
  readonly names: Readonly<Record<string, string>>;
}

/** Looks requests up in a table; undefined for what is not modelled. Paths are compared without regard to case. */
export function router<Call>(table: readonly Route<Call>[]): (method: string, path: string) => Found<Call> | undefined {
  const rows = table.map(([methods, path, handler]) => ({
    methods: methods.split(' '),
    pattern: patternOf(path),
    handler,
  }));
  return (method, path) => {
    for (const { methods, pattern, handler } of rows) {
      if (!methods.includes(method)) continue;
      const match = pattern.exec(path);
      if (match !== null) return { handler, names: decoded(match.groups ?? {}) };
    }
    return undefined;
  };
}

function patternOf(path: string): RegExp {
  const pattern = path
    .replaceAll('.', '\\.')
    .replaceAll('[', '(?:')
    .replaceAll(']', ')?')
    .replaceAll(/\{(\w+)\*\}/g, '(?<$1>.+)')
    .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^${pattern}/?$`, 'i');
}

function decoded(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [name, text] of Object.entries(groups)) if (text !== undefined) names[name] = decodeURIComponent(text);
  return names;
}
