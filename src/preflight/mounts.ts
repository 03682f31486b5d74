import { getStorageMounts } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, notLookedAt } from './verdicts.ts';

const NAME = 'mounted storage';

type Mounts = Readonly<Record<string, unknown>>;

/** A slot that the action makes gets production's mounts with it, and one that is there is left as it is: it must have them. */
export async function checkMounts({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const read = (id: string) => see(context.signal, () => getStorageMounts(context.arm, id));
  const [production, readonly, staging] = await Promise.all([
    read(observed.production.id),
    observed.readonlySlot && read(observed.readonlySlot.id),
    observed.stagingSlot && read(observed.stagingSlot.id),
  ]);
  return mounts(settings, observed, { production, readonly, staging });
}

/** Pure; null for a slot that does not exist yet. */
function mounts(
  settings: Settings,
  observed: AppLook,
  seen: {
    readonly production: Seen<Mounts>;
    readonly readonly: Seen<Mounts> | null;
    readonly staging: Seen<Mounts> | null;
  },
): readonly Check[] {
  if (seen.production.why !== undefined) return [notLookedAt(NAME, seen.production.why)];
  const live = Object.entries(seen.production.value);
  if (live.length === 0) return allFine(NAME, 'Production mounts none.', []);
  const slots = [
    { name: settings.readonlySlot, mounts: seen.readonly },
    { name: settings.stagingSlot, mounts: seen.staging },
  ];
  const made = slots.filter((slot) => slot.mounts === null && live.every(isWhole)).map(({ name }) => name);
  const offenders = slots.flatMap(({ name, mounts: its }): Check[] => {
    if (made.includes(name)) return [];
    if (its?.why !== undefined) return [notLookedAt(NAME, its.why)];
    const lacking = live.filter(([mount, value]) => sameMount(its?.value[mount], value) === false);
    if (lacking.length === 0) return [];
    const adds = lacking.map(([mount, value]) => add(observed, name, mount, value));
    const create = its
      ? []
      : [
          azWebApp(observed.app, 'deployment slot create', name),
          `az tag update --operation Merge --resource-id ${shell(`${observed.app.id}/slots/${name}`)} --tags zdd-slot=yes`,
        ];
    return [
      failed(
        NAME,
        `Slot ${name} lacks ${listed(lacking.map(([mount]) => mount))}, which production mounts: after a swap its build would miss the files.`,
        [...create, ...adds].join(' && '),
      ),
    ];
  });
  const names = listed(live.map(([mount]) => mount));
  return allFine(
    NAME,
    made.length === 0 ? `${names} are mounted in every slot.` : `${names}: ${listed(made)} will be made with them.`,
    offenders,
  );
}

/** Azure tells its key, or the mount names a setting that has it. */
function isWhole([, mount]: [string, unknown]): boolean {
  const { accessKey }: { readonly accessKey?: unknown } = Object(mount);
  return typeof accessKey === 'string' && accessKey !== '';
}

interface Mount {
  readonly type?: string;
  readonly accountName?: string;
  readonly shareName?: string;
  readonly mountPath?: string;
}

function sameMount(one: unknown, other: unknown): boolean {
  const [a, b]: [Mount, Mount] = [Object(one), Object(other)];
  return a.accountName === b.accountName && a.shareName === b.shareName && a.mountPath === b.mountPath;
}

function add({ app }: AppLook, slot: string, mount: string, value: unknown): string {
  const { type = 'AzureFiles', accountName = '', shareName = '', mountPath = '' }: Mount = Object(value);
  const what = `--custom-id ${shell(mount)} --storage-type ${type} --account-name ${shell(accountName)} --share-name ${shell(shareName)}`;
  return `${azWebApp(app, 'config storage-account add', slot)} ${what} --mount-path ${shell(mountPath)} --access-key "$(az storage account keys list --account-name ${shell(accountName)} --query [0].value --output tsv)"`;
}
