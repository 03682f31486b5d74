import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The inputs' defaults as the runner would pass them: from action.yml, where alone they stand. Expressions are empty. */
export function actionDefaults(): Readonly<Record<string, string>> {
  const file = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8');
  const { inputs }: { inputs: Record<string, { default?: unknown }> } = parse(file);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value = '' }]) => {
      const text = String(value);
      return [name, text.startsWith('${{') ? '' : text];
    }),
  );
}
