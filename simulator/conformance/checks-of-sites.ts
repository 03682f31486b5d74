import type { Azure, Json } from './azure.ts';
import type { Check } from './check.ts';
import { follow, part, said } from './follow.ts';

export const STAGING = 'staging';

/** What a slot does that exists, and that an app runs in: they swap it, write to it and stop it. */
export const checksOfSites: readonly Check[] = [
  {
    name: 'both-settings-by-one-patch',
    question: 'Does one PATCH of config/web keep app settings and connection strings?',
    relied: 'open',
    async ask(azure, { site }) {
      const slot = `${site}/slots/${STAGING}`;
      const appSettings = [{ name: 'ONE_SETTING', value: 'kept' }];
      const connectionStrings = [{ name: 'OneString', connectionString: 'Server=none', type: 'SQLAzure' }];
      const written = await azure.ask('PATCH', `${slot}/config/web`, {
        properties: { appSettings, connectionStrings },
      });
      const settings = await azure.ask('POST', `${slot}/config/appsettings/list`);
      const strings = await azure.ask('POST', `${slot}/config/connectionstrings/list`);
      const kept = [...Object.keys(part(settings.body)), ...Object.keys(part(strings.body))];
      return `${said(written)}; kept: ${kept.filter((name) => /^One/i.test(name)).join(', ') || 'nothing'}`;
    },
  },
  {
    name: 'sticky-names-restart',
    question: 'Does a write of slotConfigNames restart production?',
    relied: 'open',
    async ask(azure, { site }) {
      const { body } = await azure.ask('GET', site);
      // A process of Windows begins with the first visit.
      await azure.until(
        () => azure.visit(`https://${part(body).defaultHostName}/`),
        ({ status }) => status > 0 && status < 500,
      );
      const before = await workersOf(azure, site);
      const appSettingNames = ['ONE_SETTING'];
      await azure.ask('PUT', `${site}/config/slotConfigNames`, { properties: { appSettingNames } });
      const written = azure.now();
      const isAnother = (after: readonly string[]) => after.length > 0 && before.some((one) => !after.includes(one));
      const after = await azure.until(
        () => workersOf(azure, site),
        (seen) => isAnother(seen) || azure.now() - written > LONGEST_RESTART_MS,
      );
      return before.length === 0 ? 'no process is seen' : isAnother(after) ? 'yes' : 'no';
    },
  },
  {
    name: 'operation-id-in-a-swap',
    question: 'What does inProgressOperationId of production show during a swap?',
    relied: 'open',
    async ask(azure, { site }) {
      const begun = await beginSwap(azure, site);
      const { body } = await azure.ask('GET', site);
      const ended = await follow(azure, begun);
      const id = part(body).inProgressOperationId ?? undefined;
      return `${id === undefined ? 'nothing' : 'an id'}; swap ${said(ended)}`;
    },
  },
  {
    name: 'state-in-a-swap',
    question: 'Is a stopped slot swapped, and is production stopped then?',
    relied: 'open',
    async ask(azure, { site }) {
      const slot = `${site}/slots/${STAGING}`;
      await azure.ask('POST', `${slot}/stop`);
      const ended = await follow(azure, await beginSwap(azure, site));
      const states = [part((await azure.ask('GET', site)).body).state, part((await azure.ask('GET', slot)).body).state];
      for (const each of [site, slot]) await azure.ask('POST', `${each}/start`);
      return `swap ${said(ended)}; production ${states[0]}, ${STAGING} ${states[1]}`;
    },
  },
  {
    name: 'warm-up-with-https-only',
    question: 'Does HTTPS Only redirect the request that warms a slot up, where a swap takes no redirect for warm?',
    relied: 'open',
    async ask(azure, { site }) {
      const slot = `${site}/slots/${STAGING}`;
      await azure.ask('PATCH', slot, { properties: { httpsOnly: true } });
      const properties = { WEBSITE_SWAP_WARMUP_PING_PATH: '/', WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,403,404' };
      await azure.ask('PUT', `${slot}/config/appsettings`, { properties });
      return `swap ${said(await follow(azure, await beginSwap(azure, site)))}`;
    },
  },
];

/** A plan is made larger last: it costs more from then on. */
export const checkOfPlan: Check = {
  name: 'visitors-in-a-scale-up',
  question: 'For how long do visitors hear nothing good while a plan is scaled up?',
  relied: 'open',
  async ask(azure, { site }) {
    const { body } = await azure.ask('GET', site);
    const id = String(part(body).serverFarmId);
    const { body: plan } = await azure.ask('GET', id);
    const { location, kind, properties } = plan;
    const { reserved } = properties as Json;
    const sku = { name: 'S2', tier: 'Standard', capacity: 1 };
    const scaled = await azure.ask('PUT', id, { location, kind, properties: { reserved }, sku });
    const statuses: number[] = [];
    await azure.until(
      () => azure.visit(`https://${part(body).defaultHostName}/`),
      ({ status }) => {
        statuses.push(status);
        return statuses.length === VISITS;
      },
    );
    const bad = statuses.filter((status) => status === 0 || status >= 500);
    return `${said(scaled)}; ${bad.length} of ${statuses.length} visits were bad, one every five seconds`;
  },
};

const LONGEST_RESTART_MS = 120_000;
const VISITS = 60;

/** The swap that the action sends. */
export function beginSwap(azure: Azure, site: string) {
  return azure.ask('POST', `${site}/slots/${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
}

/** The processes of IIS at the first worker of a site, by their ids; none while it is asked in vain. */
async function workersOf(azure: Azure, site: string): Promise<readonly string[]> {
  const { body } = await azure.ask('GET', `${site}/instances`);
  const [instance] = listed(body);
  if (instance === undefined) return [];
  const processes = await azure.ask('GET', `${site}/instances/${instance.name}/processes`);
  return listed(processes.body)
    .filter((one) => part(one).name === 'w3wp')
    .map((one) => `${instance.name}/${part(one).id}`);
}

function listed({ value }: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
