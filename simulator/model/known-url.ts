/** Kept, because the same few hundred are asked for a million times in one sweep. Nobody changes what is given. */
export function urlOf(text: string): URL {
  const known = urls.get(text);
  if (known !== undefined) return known;
  // Visitors number theirs.
  if (urls.size >= MOST) urls.clear();
  const url = new URL(text);
  urls.set(text, url);
  return url;
}

const urls = new Map<string, URL>();
const MOST = 5000;
