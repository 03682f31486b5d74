/** The parts of a qualified name, without their brackets. */
export function splitParts(name: string): string[] {
  return [...name.matchAll(/\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]+)|(?<=\.)(?=\.)/g)].map(
    ([, bracketed, quoted, bare]) =>
      bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? bare?.trim() ?? '',
  );
}
