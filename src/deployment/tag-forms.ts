import { plain } from '../settings/plain.ts';
import { NONE } from './our-tags.ts';

/** How a value of one type stands in the text of a tag. */
export interface Form<T> {
  readonly write: (value: T) => string;
  /** Undefined when the text is no such value. */
  readonly read: (text: string) => T | undefined;
  /** What the text may be, as people read it, such as `claim or held`. */
  readonly allowed: string;
}

/** Longest value of a tag that Azure takes. */
export const TAG_LENGTH = 256;

export const text: Form<string> = { write: String, read: (value) => value, allowed: 'any text' };

/** What a person or a program calls itself. */
export const words: Form<string> = {
  write: (value) => plain(value, TAG_LENGTH),
  read: (value) => plain(value, TAG_LENGTH),
  allowed: 'any text',
};

/** A name that may become part of a path: `allowed` says of what. */
export function nameOf(allowed: string, isName: (value: string) => boolean): Form<string> {
  return { write: String, read: (value) => (isName(value) ? value : undefined), allowed };
}

export const name: Form<string> = { write: String, read: (value) => value || undefined, allowed: 'a name' };

/** As Azure or SQL said it: it is read as it was written, to the last decimal. */
export const instant: Form<string> = {
  write: String,
  read: (value) => (/^\d/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined),
  allowed: 'an instant such as 2026-01-31T14:05:00Z',
};

export const count: Form<number> = {
  write: String,
  read: (value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined),
  allowed: 'a whole number',
};

export function oneOf<T extends string>(...values: readonly T[]): Form<T> {
  return {
    write: String,
    read: (value) => values.find((each) => each === value),
    allowed: values.join(' or '),
  };
}

/** Several values in one tag, `|` between them: none of them may hold one. */
export function parts<T extends object>(forms: { readonly [P in keyof T]-?: Form<T[P]> }): Form<T> {
  const names: readonly (keyof T)[] = keysOf(forms);
  return {
    write: (value) => names.map((part) => forms[part].write(value[part])).join('|'),
    read: (value) => {
      const texts = value.split('|');
      const whole: Partial<T> = {};
      for (const [index, part] of names.entries()) whole[part] = forms[part].read(texts[index] ?? '');
      return texts.length === names.length && isWhole(whole, names) ? whole : undefined;
    },
    allowed: names.map((part) => `<${forms[part].allowed}>`).join('|'),
  };
}

export type Tags = Readonly<Record<string, string>>;

/** Each field with the tag that holds it. */
export type Fields<T> = { readonly [F in keyof T]-?: readonly [tag: string, form: Form<NonNullable<T[F]>>] };

/** A tag of ours that says what the action never writes. */
export interface BadTag {
  readonly tag: string;
  /** Undefined when there is no such tag. */
  readonly value: string | undefined;
  readonly allowed: string;
}

/** What was read, or the tags that do not fit: then nothing may be decided on the others either. */
export type Parsed<T> = { readonly read: T } | { readonly bad: readonly BadTag[] };

/** Tags for the fields given; undefined values clear a field. */
export function writeTags<T>(fields: Fields<T>, values: Partial<T>): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const field in fields) {
    if (!(field in values)) continue;
    const [tag, form] = fields[field];
    const value = values[field] ?? null;
    tags[tag] = value === null ? NONE : form.write(value);
  }
  return tags;
}

/** What the tags hold, each field read by its form. Bad is what does not fit its form, and a `needed` field without a tag. */
export function readTags<T, N extends keyof T>(
  fields: Fields<T>,
  needed: readonly N[],
  tags: Tags,
): Parsed<Partial<T> & Pick<T, N>> {
  const mustBe: readonly (keyof T)[] = needed;
  const values: Partial<T> = {};
  const bad: BadTag[] = [];
  for (const field in fields) {
    const [tag, form] = fields[field];
    const value = tags[tag];
    const isNone = value === undefined || value === NONE;
    const known = isNone ? undefined : form.read(value);
    if (known !== undefined) values[field] = known;
    else if (!isNone || mustBe.includes(field)) bad.push({ tag, value, allowed: form.allowed });
  }
  return bad.length === 0 && isWhole(values, needed) ? { read: values } : { bad };
}

function isWhole<T, N extends keyof T>(values: Partial<T>, names: readonly N[]): values is Partial<T> & Pick<T, N> {
  return names.every((each) => values[each] !== undefined);
}

function keysOf<T extends object>(of: T): (keyof T)[] {
  const keys: (keyof T)[] = [];
  for (const key in of) keys.push(key);
  return keys;
}
