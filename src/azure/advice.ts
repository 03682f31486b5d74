import type { AzureSaid } from '../errors.ts';
import { busyWith, databaseIsBusy, isLocked } from './conflicts.ts';

/** The code of a request that access restrictions of App Service kept out; the message names the address. */
export const ACCESS_RESTRICTED = 'AccessRestricted';

/** What an answer of this kind means: whether it stays until somebody acts, and what that is. */
interface Meaning {
  /** By its code, by words in its message, or by the whole of it. */
  readonly code?: RegExp;
  readonly words?: RegExp;
  readonly fits?: (said: AzureSaid) => boolean;
  readonly lasts: boolean;
  readonly advice: string;
}

const AGAIN = ', then run the phase again.';

/**
 * From the innermost code and text, and only where these say nothing from the status: a 403 may be a policy, and a 409 may stay.
 * The first that fits counts.
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
 */
const MEANINGS: readonly Meaning[] = [
  {
    fits: isLocked,
    lasts: true,
    advice: `A lock forbids it. Delete the lock (az lock list shows its id, az lock delete --ids <id> deletes it)${AGAIN}`,
  },
  {
    code: /^(ReadOnly)?DisabledSubscription$/,
    words: /\bsubscription\b.{0,80}\bdisabled\b/i,
    lasts: true,
    advice: `The subscription is disabled, and Azure changes nothing in it. Whoever pays for it must enable it again (portal: Subscriptions)${AGAIN}`,
  },
  {
    code: /^RequestDisallowedBy(Policy|Azure)$/,
    lasts: true,
    advice: `A policy of the subscription forbids it; the message names it, and no permission helps. Ask its owner for an exemption (az policy exemption create), or for what the policy wants to be set${AGAIN}`,
  },
  {
    words: /not enough space on the disk|no space left on device|disk quota exceeded/i,
    lasts: true,
    advice: `The disk of the App Service plan is full. Delete what is not needed (az webapp log, old deployments under site/deployments), or move to a larger plan${AGAIN}`,
  },
  {
    code: /Quota|^(ProvisioningDisabled|RegionDoesNotAllowProvisioning|SkuNotAvailable|NotAvailableForSubscription)$/,
    words: /\bquota\b/i,
    lasts: true,
    advice: `A limit of the subscription, server, pool or region is reached. Make room or ask for a higher limit (portal: Quotas)${AGAIN}`,
  },
  {
    code: /InReplicationRelationship$|^DuplicateGeoDrRelation$/,
    lasts: true,
    advice: `The database is geo-replicated. Delete the link (az sql db replica delete-link), or take the database out of its failover group${AGAIN}`,
  },
  {
    code: /^LinkedAuthorizationFailed$/,
    lasts: true,
    advice: `The identity may do this here, but not on the other resource that the message names. Grant the action there${AGAIN}`,
  },
  {
    fits: ({ code }) => code === ACCESS_RESTRICTED,
    lasts: true,
    advice: `Let that address in (az webapp config access-restriction add; for SCM with --scm-site true), or use a runner in the network that is let in (runs-on)${AGAIN}`,
  },
  {
    fits: ({ status }) => status === 401,
    lasts: true,
    advice: `Check that the identity that signed in belongs to the tenant of the subscription${AGAIN}`,
  },
  {
    fits: ({ status }) => status === 403,
    lasts: true,
    advice: `Give the identity the missing permission (preflight lists them all)${AGAIN}`,
  },
  { fits: ({ status }) => status === 404, lasts: true, advice: `Check the names in the inputs${AGAIN}` },
  {
    fits: (said) => busyWith(said) !== undefined || databaseIsBusy(said),
    lasts: false,
    advice: `Wait until that operation has ended${AGAIN}`,
  },
  {
    fits: ({ status }) => status >= 400 && status < 500 && !PASSING.has(status),
    lasts: true,
    advice: `Azure will answer the same again: change what it names${AGAIN}`,
  },
];

/** Asked again later, these may be answered otherwise. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 412, 429]);

/** What to do after this answer: a sentence. */
export function adviceFor(said: AzureSaid): string {
  return meaningOf(said)?.advice ?? 'Run the phase again; it continues where this run stopped.';
}

/** Asked again, Azure will say the same until somebody changes something. */
export function staysRefused(said: AzureSaid | undefined): boolean {
  return said !== undefined && meaningOf(said)?.lasts === true;
}

function meaningOf(said: AzureSaid): Meaning | undefined {
  return MEANINGS.find(
    ({ code, words, fits }) =>
      code?.test(said.code) === true || words?.test(said.message) === true || fits?.(said) === true,
  );
}
