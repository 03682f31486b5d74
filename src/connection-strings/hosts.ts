import { canonicalHost } from '../azure/server-names.ts';

/** Zones of other engines, whose names look alike. https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private */
const OTHER_ENGINES = {
  PostgreSQL: /\.postgres\.(?:database|cosmos)\./,
  MySQL: /\.(?:mysql|mariadb)\.database\./,
} as const;

export type EngineName = keyof typeof OTHER_ENGINES;

/** A host in the zone of Azure's PostgreSQL or MySQL (`pg.postgres.database.azure.com`). */
export function isOfEngine(engine: EngineName, host: string): boolean {
  return OTHER_ENGINES[engine].test(host);
}

/** A host in the zone of Azure SQL: `database.windows.net`, or that of another cloud. */
export function isAzureSql(host: string): boolean {
  if (Object.values(OTHER_ENGINES).some((zone) => zone.test(host))) return false;
  return /^[^.]+\.(?:.+\.)?database\.[^.]+\.[^.]+$/.test(host);
}

/** Whole host names in a text, which may be JSON, encoded for a URL, or Base64. Bare names are left out: any word is one. */
export function wholeHostsIn(text: string): readonly string[] {
  const words = readings(text).flatMap((each) => each.match(/[a-z0-9][a-z0-9.-]*/gi) ?? []);
  return [...new Set(words.filter(hasDot).map(canonicalHost))].filter(hasDot);
}

function hasDot(word: string): boolean {
  return word.includes('.');
}

/** The text, and what it may stand for. */
export function readings(text: string): readonly string[] {
  return [text, ...(text.includes('%') ? [urlDecoded(text)] : []), ...(isBase64(text) ? [base64Decoded(text)] : [])];
}

function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Shorter than the shortest connection string it is something else. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]{24,}={0,2}$/.test(text.trim());
}

function base64Decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
