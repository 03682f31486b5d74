import type { Manifest } from './action-manifest.ts';

/** The source text of src/inputs/declared.ts: the names and defaults of action.yml, typed. */
export function declaredInputs(manifest: Manifest): string {
  const lines = Object.entries(manifest.inputs).map(([name, { default: value = '' }]) => {
    const literal = value.includes('${{') ? '' : value;
    return `  ${/^[a-z]+$/.test(name) ? name : `'${name}'`}: '${literal}',`;
  });
  return `/** Written by \`npm run readme\` from action.yml: each input with its default. Defaults that GitHub computes are empty here. */
export const inputDefaults = {
${lines.join('\n')}
} as const;

export type InputName = keyof typeof inputDefaults;
`;
}
