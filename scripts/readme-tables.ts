import { roleActions } from '../src/preflight/permissions-needed.ts';
import type { Manifest } from './action-manifest.ts';

/** The README with its tables of inputs and outputs as action.yml has them, and the role that the phases need. A missing marker is an error. */
export function withTables(readme: string, manifest: Manifest): string {
  const tables = between(between(readme, 'inputs', inputTable(manifest)), 'outputs', outputTable(manifest));
  return between(tables, 'role', customRole());
}

/** https://learn.microsoft.com/azure/role-based-access-control/custom-roles */
function customRole(): string {
  const role = {
    Name: 'Zero-downtime deployer',
    IsCustom: true,
    Description: 'What zdd-action needs, and nothing more.',
    AssignableScopes: ['/subscriptions/<subscription>'],
    Actions: roleActions(),
  };
  return ['```json', JSON.stringify(role, null, 2), '```'].join('\n');
}

function inputTable(manifest: Manifest): string {
  const rows = Object.entries(manifest.inputs).map(([name, input]) => {
    const start = input.required ? 'required' : input.default ? `\`${input.default}\`` : '';
    return `| \`${name}\` | ${start} | ${cell(input.description)} |`;
  });
  return ['| Input | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}

function outputTable(manifest: Manifest): string {
  const rows = Object.entries(manifest.outputs).map(
    ([name, output]) => `| \`${name}\` | ${cell(output.description)} |`,
  );
  return ['| Output | Meaning |', '|---|---|', ...rows].join('\n');
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function between(text: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${name}:begin[^>]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!pattern.test(text))
    throw new Error(`README.md lacks the markers <!-- ${name}:begin --> and <!-- ${name}:end -->.`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}${content}\n${end}`);
}
