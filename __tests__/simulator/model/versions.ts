/** A version in which clients ask for what a path names; each provider has its own. */
export function versionFor(path: string): string {
  const [, provider = ''] = /.*\/providers\/([^/?]+)/i.exec(path) ?? [];
  return VERSIONS[provider.toLowerCase()] ?? '2021-04-01';
}

const VERSIONS: Readonly<Record<string, string>> = {
  'microsoft.web': '2024-11-01',
  'microsoft.sql': '2021-05-01-preview',
  'microsoft.storage': '2023-05-01',
  'microsoft.authorization': '2022-04-01',
};
