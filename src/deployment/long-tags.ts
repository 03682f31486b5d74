import { NONE } from './our-tags.ts';
import { TAG_LENGTH, type Tags } from './tag-forms.ts';

/** Ends a text: what a longer one has left in further tags is not read, since tags are merged and seldom taken away. */
const END = ';';

/** A list in as many tags as it takes, the first named `tag`; `undefined` clears it. No entry may hold a colon or a semicolon. */
export function listTags(tag: string, entries: readonly string[] | undefined): Record<string, string> {
  if (entries === undefined) return { [tag]: NONE };
  const text = `${entries.join(':')}${END}`;
  const lines = Array.from({ length: Math.ceil(text.length / TAG_LENGTH) }, (_, index) =>
    text.slice(index * TAG_LENGTH, (index + 1) * TAG_LENGTH),
  );
  return Object.fromEntries(lines.map((line, index) => [numbered(tag, index), line]));
}

/** The list; undefined when there is none, null when it has no end. */
export function listIn(tag: string, tags: Tags): readonly string[] | undefined | null {
  if ((tags[tag] ?? NONE) === NONE) return undefined;
  let text = '';
  for (let index = 0; !text.includes(END); index++) {
    const line = tags[numbered(tag, index)];
    if (line === undefined) return null;
    text += line;
  }
  return text
    .slice(0, text.indexOf(END))
    .split(':')
    .filter((entry) => entry !== '');
}

function numbered(tag: string, index: number): string {
  return index === 0 ? tag : `${tag}-${index + 1}`;
}
