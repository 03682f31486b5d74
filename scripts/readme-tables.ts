import { INPUT_PERMISSIONS, PERMISSIONS } from '../src/preflight/permissions-needed.ts';
import { phaseNames } from '../src/settings/phases.ts';
import type { Manifest } from './action-manifest.ts';
import { deployer, observer, preparer, type Role } from './roles.ts';

/** docs/security.md with the other roles, and with what each phase may do. */
export function withRoles(page: string): string {
  const roles = between(between(page, 'preparer', asJson(preparer)), 'observer', asJson(observer));
  return between(between(roles, 'phases', phaseTable()), 'input-permissions', inputPermissionTable());
}

/** scripts/set-up with the roles that it defines. */
export function withScriptRoles(script: string): string {
  const put = (text: string, name: string, role: Role) =>
    text.replace(
      new RegExp(`(# ${name}:begin\\n)[\\s\\S]*?(# ${name}:end\\n)`),
      (_all, begin: string, end: string) => `${begin}${JSON.stringify(role, null, 2)}\n${end}`,
    );
  return put(put(script, 'role', deployer), 'preparer', preparer);
}

/** scripts/set-up.bicep with the actions of the deployer. */
export function withBicepActions(module: string): string {
  const lines = deployer.Actions.map((action) => `          '${action}'\n`).join('');
  return module.replace(
    /(\/\/ role:begin[^\n]*\n)[\s\S]*?( *\/\/ role:end\n)/,
    (_all, begin: string, end: string) => begin + lines + end,
  );
}

/** What is needed for an input alone. */
function inputPermissionTable(): string {
  const rows = INPUT_PERMISSIONS.map(
    ({ input, action, phases, lets }) => `| \`${input}\` | \`${short(action)}\` | ${phases.join(', ')} | ${lets} |`,
  );
  return ['| Input | Action | In | Whoever has it can |', '|---|---|---|---|', ...rows].join('\n');
}

/** What the phases may do in Azure, beyond what every one of them reads. */
function phaseTable(): string {
  const common = PERMISSIONS.filter(({ phases }) => phases.length === phaseNames.length).map(({ action }) => action);
  const rows = phaseNames.map((name) => {
    const own = PERMISSIONS.filter(({ phases, action }) => phases.includes(name) && !common.includes(action));
    return `| \`${name}\` | ${[...new Set(own.map(({ action }) => `\`${short(action)}\``))].join(', ') || 'nothing more'} |`;
  });
  const all = `| every phase | ${[...new Set(common.map((action) => `\`${short(action)}\``))].join(', ')} |`;
  return ['| Phase | Actions |', '|---|---|', all, ...rows].join('\n');
}

function short(action: string): string {
  return action.replace('Microsoft.', '');
}

/** docs/inputs.md with its tables as action.yml has them. A missing marker is an error. */
export function withTables(page: string, manifest: Manifest): string {
  return between(between(page, 'inputs', inputTable(manifest)), 'outputs', outputTable(manifest));
}

/** The README with the inputs that most need, and the role that the phases need. */
export function withBeginning(readme: string, manifest: Manifest): string {
  return between(between(readme, 'few-inputs', fewInputs(manifest)), 'role', asJson(deployer));
}

const FEW = [
  ...['phase', 'resource-group', 'app-name', 'package', 'profile', 'readonly-settings', 'read-only-probes'],
  ...['health-path', 'smoke-paths', 'migrate-command'],
];

/** The first sentence says what it is. */
function fewInputs({ inputs }: Manifest): string {
  const rows = FEW.map((name) => {
    const [first = ''] = cell(inputs[name]?.description ?? '').split(/(?<=\.) (?=[A-Z])/);
    if (first === '') throw new Error(`action.yml says nothing of ${name}.`);
    return `| \`${name}\` | ${first} |`;
  });
  return ['| Input | Meaning |', '|---|---|', ...rows].join('\n');
}

function asJson(role: Role): string {
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
    throw new Error(`The page lacks the markers <!-- ${name}:begin --> and <!-- ${name}:end -->.`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}${content}\n${end}`);
}
