import { messageOf, Stop } from '../errors.ts';
import type { Send } from '../ports.ts';
import type { AzureEnvironment } from '../settings/azure.ts';

/** Where an Azure cloud answers and what its tokens are for. */
export interface Cloud {
  readonly name: 'public' | 'government' | 'china' | 'own';
  /** Base URL of Azure Resource Manager, without a slash at the end. */
  readonly resourceManager: string;
  /** Base URL of Microsoft Entra ID, without a slash at the end. */
  readonly authority: string;
  readonly armScope: string;
  readonly sqlScope: string;
  /** What hosts of Key Vaults end with, such as `vault.azure.net`; their tokens are for it. */
  readonly vaultSuffix: string;
  /** What hosts of storage accounts end with, such as `core.windows.net`. */
  readonly storageSuffix: string;
}

/** https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure, https://learn.microsoft.com/azure/china/resources-developer-guide */
const CLOUDS: Readonly<Record<'public' | 'government' | 'china', Cloud>> = {
  public: {
    name: 'public',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    armScope: 'https://management.azure.com/.default',
    sqlScope: 'https://database.windows.net/.default',
    vaultSuffix: 'vault.azure.net',
    storageSuffix: 'core.windows.net',
  },
  government: {
    name: 'government',
    resourceManager: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    armScope: 'https://management.usgovcloudapi.net/.default',
    sqlScope: 'https://database.usgovcloudapi.net/.default',
    vaultSuffix: 'vault.usgovcloudapi.net',
    storageSuffix: 'core.usgovcloudapi.net',
  },
  china: {
    name: 'china',
    resourceManager: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    sqlScope: 'https://database.chinacloudapi.cn/.default',
    vaultSuffix: 'vault.azure.cn',
    storageSuffix: 'core.chinacloudapi.cn',
  },
};

/** The cloud that was asked for. A resource manager of one's own is asked for its authority at `/metadata/endpoints`. */
export async function cloudOf(environment: AzureEnvironment, send: Send, signal?: AbortSignal): Promise<Cloud> {
  if (environment.kind !== 'own') return CLOUDS[environment.kind];
  return ownCloud(new URL(environment.resourceManager).origin, send, signal);
}

/**
 * The cloud that answers at a host: its resource manager, also those of single regions. By the host alone, so that nothing that
 * is meant for a simulator can be asked of Azure itself.
 */
export function cloudAt(host: string): keyof typeof CLOUDS | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const clouds = ['public', 'government', 'china'] as const;
  return clouds.find((cloud) => `.${name}`.endsWith(`.${new URL(CLOUDS[cloud].resourceManager).host}`));
}

/** What `/metadata/endpoints?api-version=2022-09-01` answers (a single object, or a list with one entry per cloud). */
interface Metadata {
  readonly authentication?: { readonly loginEndpoint?: string; readonly audiences?: readonly string[] };
  readonly resourceManager?: string;
  readonly suffixes?: { readonly sqlServerHostname?: string; readonly keyVaultDns?: string; readonly storage?: string };
}

async function ownCloud(resourceManager: string, send: Send, signal?: AbortSignal): Promise<Cloud> {
  const url = `${resourceManager}/metadata/endpoints?api-version=2022-09-01`;
  const metadata = await readMetadata(url, send, signal);
  const authority = metadata.authentication?.loginEndpoint;
  if (authority === undefined || !URL.canParse(authority) || new URL(authority).protocol !== 'https:') {
    throw unusable(url, `its authentication.loginEndpoint is ${JSON.stringify(authority)}`);
  }
  const audience = metadata.authentication?.audiences?.[0] ?? resourceManager;
  return {
    name: 'own',
    resourceManager,
    authority: authority.replace(/\/+$/, ''),
    armScope: `${audience.replace(/\/+$/, '')}/.default`,
    sqlScope: sqlScope(metadata.suffixes?.sqlServerHostname),
    vaultSuffix: metadata.suffixes?.keyVaultDns?.replace(/^\./, '') || 'vault.azure.net',
    storageSuffix: metadata.suffixes?.storage?.replace(/^\./, '') || 'core.windows.net',
  };
}

/** The audience of SQL tokens is `https://` + the suffix of server names; without one, that of the public cloud. */
function sqlScope(suffix: string | undefined): string {
  return `https://${(suffix ?? '').replace(/^\./, '') || 'database.windows.net'}/.default`;
}

async function readMetadata(url: string, send: Send, signal?: AbortSignal): Promise<Metadata> {
  try {
    const answer = await send(
      { method: 'GET', url, headers: { accept: 'application/json' }, timeoutMs: 30_000 },
      signal,
    );
    if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
    const body: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    const first: unknown = Array.isArray(body) ? body[0] : body;
    if (typeof first !== 'object' || first === null) throw new Error('it answered something else');
    return first;
  } catch (cause) {
    throw unusable(url, messageOf(cause), cause);
  }
}

function unusable(url: string, why: string, cause?: unknown): Stop {
  return new Stop(
    'bad-input',
    `The resource manager's description at ${url} cannot be used: ${why}.`,
    'Check input azure-environment.',
    {
      cause,
    },
  );
}
