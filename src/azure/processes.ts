import type { Arm } from './arm.ts';
import { rawItems, webPages } from './pages.ts';
import { siteParts } from './resource-id.ts';
import { named } from './sites.ts';

/** A process of an app, as SQL Server is told of it by drivers that say so. */
export interface AppProcess {
  readonly hostName: string;
  readonly processId: number;
}

/** The workers that run a slot, and the processes that each of them is seen to run. */
export interface Running {
  readonly instances: number;
  readonly processes: readonly AppProcess[];
}

/**
 * What runs of a slot. On Linux, Kudu sees its own container only: its processes are none that SQL Server knows.
 * https://github.com/projectkudu/kudu/blob/master/Kudu.Contracts/Diagnostics/ProcessInfo.cs
 */
export async function whatRuns(arm: Arm, id: string): Promise<Running> {
  const instances = await instancesOf(arm, id);
  const processes = await Promise.all(instances.map((instance) => processesOn(arm, id, instance)));
  return { instances: instances.length, processes: processes.flat() };
}

async function instancesOf(arm: Arm, id: string): Promise<readonly string[]> {
  const { group, app, slot } = siteParts(id);
  const pages = await webPages(
    arm,
    { what: `list the instances of ${named(id)}`, id, repeat: 'read' },
    ({ webApps }) =>
      slot ? webApps.listInstanceIdentifiersSlot(group, app, slot) : webApps.listInstanceIdentifiers(group, app),
  );
  return rawItems<{ readonly name: string }>(pages).map(({ name }) => name);
}

/** None on an instance that has gone meanwhile, or whose Kudu does not answer. */
async function processesOn(arm: Arm, id: string, instance: string): Promise<readonly AppProcess[]> {
  const { group, app, slot } = siteParts(id);
  const what = `list the processes of ${named(id)}`;
  const pages = await webPages(arm, { what, id, repeat: 'read', accept: [404] }, ({ webApps }) =>
    slot
      ? webApps.listInstanceProcessesSlot(group, app, slot, instance)
      : webApps.listInstanceProcesses(group, app, instance),
  );
  return rawItems<{ readonly properties?: { readonly id?: unknown; readonly machineName?: unknown } }>(pages).flatMap(
    ({ properties: { id: processId, machineName } = {} }) =>
      typeof processId === 'number' && typeof machineName === 'string' ? [{ hostName: machineName, processId }] : [],
  );
}
