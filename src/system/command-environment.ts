/**
 * What the user's command sees of our environment: what a `run:` step sees, without what belongs to the action. A migration
 * is the code of many people, and has no need of our inputs, of our identity, or of tokens that write artifacts and caches.
 * https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function commandEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && !OURS.test(name)) kept[name] = value;
  return kept;
}

/** Case does not matter: on Windows it does not in names of variables. */
const OURS = new RegExp(
  [
    // Inputs and state of the action, and of what it is told by its environment.
    '^(INPUT|STATE|ZDD)_',
    // The runner's services: identity, artifacts, caches.
    '^ACTIONS_',
    // Files in which a step says something to the runner: these are read as the action's.
    '^GITHUB_(STATE|OUTPUT|ENV|PATH|STEP_SUMMARY|TOKEN)$',
    '^GH_TOKEN$',
    // Ways to sign in. https://learn.microsoft.com/javascript/api/@azure/identity/environmentcredential
    '^AZURE_(CLIENT_SECRET|CLIENT_CERTIFICATE_.*|PASSWORD|FEDERATED_TOKEN.*|CREDENTIALS)$',
    '^(IDENTITY|MSI)_(ENDPOINT|HEADER|SECRET)$',
    '^ARM_CLIENT_SECRET$',
    // Azure DevOps: the token of the job, and what AzureCLI@2 adds with addSpnToEnvironment.
    '^SYSTEM_ACCESSTOKEN$',
    '^(idToken|servicePrincipalKey)$',
  ].join('|'),
  'i',
);
