/**
 * What `read-only` puts off for as long as the deployment is open, because an input names it, and `cleanup` puts back: that a slot of
 * the team swaps by itself, and that a setting stays with its slot.
 */
export interface Suspended {
  readonly kind: 'auto-swap' | 'app-setting' | 'connection-string';
  /** Of the slot, or of the setting. */
  readonly name: string;
}

/** The form in which the record has it: without a colon or a semicolon, which part entries. */
export function suspendedEntry({ kind, name }: Suspended): string {
  return `${kind}=${encodeURIComponent(name)}`;
}

/** Undefined when it is none. */
export function suspendedOf(entry: string): Suspended | undefined {
  const [, kind, encoded = ''] = /^(auto-swap|app-setting|connection-string)=([\w.%!~*'()-]+)$/.exec(entry) ?? [];
  if (kind === undefined) return undefined;
  try {
    return { kind: kind as Suspended['kind'], name: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

export function suspendedIn(entries: readonly string[] | undefined): readonly Suspended[] {
  return (entries ?? []).flatMap((entry) => suspendedOf(entry) ?? []);
}
