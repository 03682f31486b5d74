/** A path of Azure Resource Manager in parts. */
export interface ArmPath {
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  /** After the last `/providers/`: the namespace; empty below no provider. */
  readonly provider: string;
  /** Types and names in turn, as written. */
  readonly segments: readonly string[];
  /** What comes before the last `/providers/`: what an extension resource hangs on. */
  readonly scope: string;
}

/** Takes a path of Azure Resource Manager apart. Kept, because the same few hundred are asked for a million times in one sweep. */
export function parseArmPath(path: string): ArmPath {
  let found = known.get(path);
  if (found === undefined) {
    found = parse(path);
    known.set(path, found);
  }
  return found;
}

const known = new Map<string, ArmPath>();

function parse(path: string): ArmPath {
  const parts = path.split('/').filter((part) => part !== '');
  const decoded = parts.map((part) => (part.includes('%') ? decodeURIComponent(part) : part));
  const lower = decoded.map((part) => part.toLowerCase());
  const hasSubscription = lower[0] === 'subscriptions';
  const hasGroup = hasSubscription && lower[2] === 'resourcegroups';
  const at = lower.lastIndexOf('providers');
  return {
    subscriptionId: hasSubscription ? decoded[1] : undefined,
    resourceGroup: hasGroup ? decoded[3] : undefined,
    provider: at < 0 ? '' : (decoded[at + 1] ?? ''),
    segments: at < 0 ? decoded.slice(hasGroup ? 4 : 2) : decoded.slice(at + 2),
    scope: `/${decoded.slice(0, at < 0 ? decoded.length : at).join('/')}`,
  };
}

/** The action that Azure checks: `Microsoft.Web/sites/slots/slotsswap/action`. */
export function actionOf(method: string, path: ArmPath): string {
  let actions = named.get(path);
  if (actions === undefined) {
    actions = new Map();
    named.set(path, actions);
  }
  let action = actions.get(method);
  if (action === undefined) {
    action = nameOf(method, path);
    actions.set(method, action);
  }
  return action;
}

const named = new WeakMap<ArmPath, Map<string, string>>();

function nameOf(method: string, path: ArmPath): string {
  const names =
    path.provider === '' ? groupTypes(path) : [path.provider, ...path.segments.filter((_, i) => i % 2 === 0)];
  if (method === 'POST') return `${names.join('/')}/action`;
  return `${names.join('/')}/${method === 'GET' || method === 'HEAD' ? 'read' : method === 'DELETE' ? 'delete' : 'write'}`;
}

function groupTypes(path: ArmPath): string[] {
  return path.resourceGroup === undefined
    ? ['Microsoft.Resources', 'subscriptions', ...path.segments]
    : ['Microsoft.Resources', 'subscriptions', 'resourceGroups', ...path.segments];
}
