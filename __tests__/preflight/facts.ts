import { actionDefaults } from '../../simulator/in-process/action-defaults.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { readSettings } from '../../src/inputs/inputs.ts';
import type { Settings } from '../../src/settings/settings.ts';

/** Settings as one gets them from the fewest inputs. */
export function settings(changes: Partial<Settings> = {}): Settings {
  const inputs = { ...actionDefaults(), phase: 'preflight', 'resource-group': 'rg', 'app-name': 'web' };
  const environment = {
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_REPOSITORY: 'org/shop',
    GITHUB_WORKSPACE: '/',
  };
  return { ...readSettings(environment, () => true), ...changes };
}

/** What a look at a small shop brings, as far as checks read it. */
export function facts(
  changes: { readonly windows?: boolean; readonly tier?: string; readonly production?: Partial<Slot> } = {},
): Observed {
  const original = {
    name: 'shop',
    sku: { name: 'x', tier: changes.tier ?? 'Standard' },
    elasticPoolId: null,
    tags: {},
  };
  const observed = {
    now: '2026-01-31T14:10:00Z',
    app: { name: 'web', resourceGroup: 'rg', id: '/sites/web', windows: changes.windows ?? true },
    production: { name: 'production', appSettings: {}, connectionStrings: {}, travelling: {}, ...changes.production },
    readonlySlot: null,
    stagingSlot: null,
    servers: [
      {
        id: '/subscriptions/s/resourceGroups/data/providers/Microsoft.Sql/servers/sql',
        name: 'sql',
        host: 'sql',
        names: ['sql'],
      },
    ],
    databases: [{ name: 'shop', original, underName: original }],
    record: null,
    deploymentId: '20260131-k7m2x',
  };
  // What else a look contains makes no difference to these checks.
  return observed as unknown as Observed;
}
