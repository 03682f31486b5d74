/** `<resource group>/<app>`, lower case: how records name an app, and how plans and people tell apps apart. */
export function appKey({ resourceGroup, name }: { readonly resourceGroup: string; readonly name: string }): string {
  return `${resourceGroup}/${name}`.toLowerCase();
}

/** The parts of such a key. */
export function appOfKey(key: string): { readonly resourceGroup: string; readonly name: string } {
  const [resourceGroup = '', name = ''] = key.split('/');
  return { resourceGroup, name };
}
