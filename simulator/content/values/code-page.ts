import { isUnicode, type SqlType } from './sql-type.ts';

const decoder = new TextDecoder('windows-1252');
/** What code page 1252 has beyond Latin-1, by character. */
const BYTES = new Map<string, number>(
  Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const),
);

/** Text as the bytes of its type: UTF-16, or code page 1252. */
export function encodeText(text: string, type: SqlType): Uint8Array {
  if (isUnicode(type)) return Buffer.from(text, 'utf16le');
  return Uint8Array.from([...text], (letter) => BYTES.get(letter) ?? 0x3f);
}

export function decodeText(bytes: Uint8Array, type: SqlType): string {
  return isUnicode(type) ? Buffer.from(bytes).toString('utf16le') : decoder.decode(bytes);
}

/** What of a text survives in code page 1252: the rest becomes question marks. */
export function toCodePage(text: string): string {
  return [...text].map((letter) => (BYTES.has(letter) ? letter : '?')).join('');
}
