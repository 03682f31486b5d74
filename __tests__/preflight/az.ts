import { EPOCH } from '../../simulator/model/create-world.ts';
import { request } from '../../simulator/model/model.ts';
import type { World } from '../../simulator/model/world.ts';

/** Who reads the fix and types it: may do everything. */
const OWNER = 'the-owner';

/**
 * Does to the simulator what the printed commands of the Azure CLI do to Azure, with the requests that the CLI makes of them; several are
 * parted by `&&`. Only the commands that preflight prints are known: another one throws. What is in brackets behind them explains.
 */
export function runAz(world: World, line: string): void {
  world.principals[OWNER] = {
    clientId: OWNER,
    objectId: OWNER,
    name: OWNER,
    federated: [],
    roles: [{ scope: '/', actions: ['*'], notActions: [] }],
  };
  for (const command of line.replace(/ \([^()]*\)\.?$/, '').split(' && ')) carryOut(world, command);
}

interface Command {
  readonly world: World;
  /** Every value of an option, by its name without the dashes. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly option: (name: string) => string;
  /** The app, or the slot that `--slot` names. */
  readonly app: () => string;
  readonly database: () => string;
}

function carryOut(world: World, command: string): void {
  const [az, ...words] = wordsOf(command);
  const from = words.findIndex((word) => word.startsWith('--'));
  const name = (from < 0 ? words : words.slice(0, from)).join(' ');
  const known = COMMANDS[name];
  if (az !== 'az' || known === undefined) throw new Error(`Nobody knows what this does: ${command}`);
  const given: Record<string, string[]> = {};
  let last: string[] = [];
  for (const word of words.slice(from)) {
    if (word.startsWith('--')) {
      last = [];
      given[word.slice(2)] = last;
    } else last.push(word);
  }
  const heeded = new Set<string>();
  const options = new Proxy(given, {
    get(target, wanted) {
      heeded.add(String(wanted));
      return target[String(wanted)];
    },
  });
  const option = (wanted: string) => {
    const value = options[wanted]?.[0];
    if (value === undefined) throw new Error(`${command} lacks --${wanted}.`);
    return value;
  };
  const group = () => `/subscriptions/${world.subscriptionId}/resourceGroups/${option('resource-group')}/providers`;
  const app = () => {
    const slot = options.slot === undefined ? '' : `/slots/${option('slot')}`;
    return `${group()}/Microsoft.Web/sites/${option('name')}${slot}`;
  };
  const database = () => `${group()}/Microsoft.Sql/servers/${option('server')}/databases/${option('name')}`;
  known({ world, options, option, app, database });
  // An option that changes nothing here is one that nobody has tried.
  const lost = Object.keys(given).filter((each) => !heeded.has(each));
  if (lost.length > 0) throw new Error(`Nobody knows what --${lost.join(', --')} does in: ${command}`);
}

const COMMANDS: Readonly<Record<string, (command: Command) => void>> = {
  'tag update': ({ world, options, option }) => {
    const tags = Object.fromEntries((options.tags ?? []).map(pair));
    ask(world, 'PATCH', `${option('resource-id')}/providers/Microsoft.Resources/tags/default`, {
      operation: option('operation'),
      properties: { tags },
    });
  },
  'lock delete': ({ world, options }) => {
    for (const id of options.ids ?? []) ask(world, 'DELETE', id);
  },
  rest: ({ world, options, option }) => {
    const body: unknown = options.body === undefined ? undefined : JSON.parse(option('body'));
    ask(world, option('method').toUpperCase(), option('url'), body);
  },
  'webapp start': ({ world, app }) => ask(world, 'POST', `${app()}/start`),
  'webapp stop': ({ world, app }) => ask(world, 'POST', `${app()}/stop`),
  'webapp update': ({ world, options, app }) => {
    const properties = Object.fromEntries((options.set ?? []).map(pair).map(([key, value]) => [key, typed(value)]));
    ask(world, 'PATCH', app(), { properties });
  },
  'webapp config set': ({ world, option, app }) => {
    ask(world, 'PATCH', `${app()}/config/web`, { properties: { alwaysOn: typed(option('always-on')) } });
  },
  'webapp config appsettings set': ({ world, options, app }) => {
    const { properties }: { properties: object } = ask(world, 'POST', `${app()}/config/appsettings/list`);
    const given = Object.fromEntries((options.settings ?? []).map(pair));
    ask(world, 'PUT', `${app()}/config/appsettings`, { properties: { ...properties, ...given } });
  },
  'webapp config storage-account add': ({ world, option, app }) => {
    const { properties }: { properties: object } = ask(world, 'POST', `${app()}/config/azurestorageaccounts/list`);
    const mount = {
      type: option('storage-type'),
      accountName: option('account-name'),
      shareName: option('share-name'),
      mountPath: option('mount-path'),
    };
    ask(world, 'PUT', `${app()}/config/azurestorageaccounts`, {
      properties: { ...properties, [option('custom-id')]: mount },
    });
  },
  'webapp config access-restriction add': ({ world, options, option, app }) => {
    const list = options['scm-site']?.[0] === 'true' ? 'scmIpSecurityRestrictions' : 'ipSecurityRestrictions';
    const web: { properties: Record<string, readonly object[] | undefined> } = ask(world, 'GET', `${app()}/config/web`);
    const rule = {
      name: option('rule-name'),
      action: option('action'),
      priority: Number(option('priority')),
      ipAddress: option('ip-address'),
    };
    ask(world, 'PATCH', `${app()}/config/web`, { properties: { [list]: [rule, ...(web.properties[list] ?? [])] } });
  },
  'webapp deployment slot create': ({ world, app }) => {
    const site: { location: string } = ask(world, 'GET', app().replace(/\/slots\/.*/, ''));
    ask(world, 'PUT', app(), { location: site.location });
  },
  'webapp deployment slot auto-swap': ({ world, options, app }) => {
    const autoSwapSlotName = options.disable === undefined ? (options['auto-swap-slot']?.[0] ?? 'production') : '';
    ask(world, 'PATCH', `${app()}/config/web`, { properties: { autoSwapSlotName } });
  },
  'webapp deployment slot swap': ({ world, option, app }) => {
    if (option('action') !== 'reset') throw new Error('Only a swap that waits is called off.');
    ask(world, 'POST', `${app()}/resetSlotConfig`);
  },
  'webapp traffic-routing clear': ({ world, app }) => {
    ask(world, 'PATCH', `${app()}/config/web`, { properties: { experiments: { rampUpRules: [] } } });
  },
  'webapp identity assign': ({ world, options, app }) => {
    const ids = (options.identities ?? []).map((id) => [id, {}]);
    ask(world, 'PATCH', app(), {
      identity:
        ids.length === 0
          ? { type: 'SystemAssigned' }
          : { type: 'UserAssigned', userAssignedIdentities: Object.fromEntries(ids) },
    });
  },
  'webapp vnet-integration add': ({ world, option, app }) => {
    const subnetResourceId = `${option('vnet')}/subnets/${option('subnet')}`;
    ask(world, 'PUT', `${app()}/networkConfig/virtualNetwork`, { properties: { subnetResourceId } });
  },
  'webapp auth update': ({ world, option, app }) => {
    ask(world, 'PUT', `${app()}/config/authsettings`, { properties: { enabled: typed(option('enabled')) } });
  },
  'sql db rename': ({ world, option, database }) => {
    ask(world, 'POST', `${database()}/move`, { id: database().replace(/[^/]+$/, option('new-name')) });
  },
  'sql server firewall-rule delete': ({ world, option }) => {
    const server = `/subscriptions/${world.subscriptionId}/resourceGroups/${option('resource-group')}/providers/Microsoft.Sql/servers/${option('server')}`;
    ask(world, 'DELETE', `${server}/firewallRules/${option('name')}`);
  },
  'sql db str-policy set': ({ world, option, database }) => {
    const retentionDays = Number(option('retention-days'));
    ask(world, 'PUT', `${database()}/backupShortTermRetentionPolicies/default`, { properties: { retentionDays } });
  },
};

/** One word after the other, as a POSIX shell reads them. */
function wordsOf(command: string): readonly string[] {
  const words = command.trim().match(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, one = '', two = '') => one + two));
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function typed(text: string): string | boolean {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function ask<T>(world: World, method: string, path: string, body?: unknown): T {
  const url = new URL(path, 'https://management.azure.com');
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', versionOf(path));
  const sent = body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) };
  const headers = { 'content-type': 'application/json' };
  const answer = request(world, { method, url: url.href, headers, from: '192.0.2.7', clientId: OWNER, ...sent }, EPOCH);
  const text = new TextDecoder().decode(answer.body);
  if (answer.status >= 400) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return JSON.parse(text === '' ? 'null' : text);
}

function versionOf(path: string): string {
  if (/Microsoft\.Resources\/tags/.test(path)) return '2021-04-01';
  if (/Microsoft\.Authorization\/locks/.test(path)) return '2020-05-01';
  return /Microsoft\.Sql/.test(path) ? '2023-08-01' : '2024-11-01';
}
