/** Comparison as SQL_Latin1_General_CP1_CI_AS: without case, with accents, without trailing blanks. */

const collator = new Intl.Collator('en-US', { sensitivity: 'accent' });

/** Equal texts have equal folds. */
export function fold(text: string): string {
  return withoutTrailing(text).toLowerCase();
}

export function withoutTrailing(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

/** Order of texts; 0 exactly when their folds are equal. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [fold(left), fold(right)];
  if (a === b) return 0;
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

const patterns = new Map<string, RegExp>();

/** LIKE: `%`, `_`, `[a-f]`, `[^a]`, an escape character. */
export function isLike(text: string, pattern: string, escaping: string | undefined): boolean {
  const key = `${escaping ?? ''}\u0000${pattern}`;
  let expression = patterns.get(key);
  if (expression === undefined) {
    expression = new RegExp(`^${likeSource(pattern, escaping)}$`, 'isu');
    if (patterns.size > 1000) patterns.clear();
    patterns.set(key, expression);
  }
  return expression.test(text);
}

/** The pattern as the source of a regular expression. */
export function likeSource(pattern: string, escaping: string | undefined): string {
  let source = '';
  const letters = [...pattern];
  for (let place = 0; place < letters.length; place += 1) {
    const letter = letters[place] ?? '';
    if (letter === escaping && place + 1 < letters.length) {
      place += 1;
      source += literal(letters[place] ?? '');
    } else if (letter === '%') source += '.*';
    else if (letter === '_') source += '.';
    else if (letter === '[') {
      const end = letters.indexOf(']', letters[place + 1] === '^' ? place + 3 : place + 2);
      if (end < 0) return `${source}(?!)`; // an open bracket matches nothing
      source += characterClass(letters.slice(place + 1, end));
      place = end;
    } else source += literal(letter);
  }
  return source;
}

function characterClass(letters: readonly string[]): string {
  const isNot = letters[0] === '^';
  const inner = letters
    .slice(isNot ? 1 : 0)
    .map((letter, place, all) => (letter === '-' && place > 0 && place < all.length - 1 ? '-' : literal(letter)));
  return `[${isNot ? '^' : ''}${inner.join('')}]`;
}

function literal(letter: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter;
}
