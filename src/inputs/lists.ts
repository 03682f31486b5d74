import type { KeyValue } from '../settings/settings.ts';
import { Wrong } from './reader.ts';

/** Parsers of values with several entries. */

/** Entries one a line or separated by commas, each parsed; none twice, whatever the case of its letters. */
export function listOf(parse: (entry: string) => string): (value: string) => readonly string[] {
  return (value) => {
    if (/^\[[\s\S]*\]$/.test(value))
      throw new Wrong('entries one a line or separated by commas, without [ ] and quotes');
    const entries = value
      .split(/[\n,]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    if (entries.length === 0) throw new Wrong('at least one entry');
    const parsed = entries.map(parse);
    const twice = firstRepeated(parsed);
    if (twice !== undefined) throw new Wrong(`each entry once; "${twice}" stands there twice`);
    return parsed;
  };
}

/**
 * `KEY=VALUE` lines. The value is everything after the first `=`, white space at both ends removed. Empty lines and
 * lines that begin with `#` are passed over. App Service compares names without regard to case.
 */
export function keyValues(value: string): readonly KeyValue[] {
  const found = meaningfulLines(value).map(({ text, number }) => {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0)).trim();
    if (!/^[A-Za-z0-9._:-]+$/.test(name)) {
      throw new Wrong(`one KEY=VALUE a line, the key of letters, digits and . _ : - only; line ${number} is different`);
    }
    const setting = { name, value: text.slice(at + 1).trim() };
    if (isQuoted(setting.value)) {
      throw new Wrong(`values without quotes around them, which would become a part of the value; see line ${number}`);
    }
    return setting;
  });
  refuseRepeated(found);
  return found;
}

/** `KEY=VALUE` lines for the environment of a command; names that begin with `ZDD_` are the action's own. */
export function variables(value: string): readonly KeyValue[] {
  const found = keyValues(value);
  const wrong = found.find(({ name }) => !/^(?!ZDD_)[A-Za-z_][A-Za-z0-9_]*$/i.test(name));
  if (wrong)
    throw new Wrong(`names of letters, digits and _ that do not begin with ZDD_; "${wrong.name}" is different`);
  return found;
}

/** In files of other tools quotes are taken off, and word processors turn them into others. */
function isQuoted(value: string): boolean {
  return /^(?:"[^"]*"|'[^']*'|[“”„][^“”]*[“”]|[‘’‚][^‘’]*[‘’])$/.test(value);
}

/** `Name: value` lines, as in HTTP. */
export function headers(value: string): readonly KeyValue[] {
  const found = meaningfulLines(value).map(({ text, number }) => {
    const parts = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):\s*(\S.*)$/.exec(text);
    if (!parts?.[1] || !parts[2]) throw new Wrong(`one header "Name: value" a line; line ${number} is different`);
    return { name: parts[1], value: parts[2] };
  });
  refuseRepeated(found);
  return found;
}

export function meaningfulLines(value: string): readonly { readonly text: string; readonly number: number }[] {
  return value
    .split('\n')
    .map((text, index) => ({ text: text.trim(), number: index + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
}

function refuseRepeated(entries: readonly KeyValue[]): void {
  const twice = firstRepeated(entries.map((entry) => entry.name));
  if (twice !== undefined) throw new Wrong(`each name once (case does not matter); "${twice}" stands there twice`);
}

function firstRepeated(names: readonly string[]): string | undefined {
  const lower = names.map((name) => name.toLowerCase());
  return names.find((_name, index) => lower.indexOf(lower[index] ?? '') !== index);
}
