/** Headers whose presence and form a client sees. */
const HEADERS = ['location', 'azure-asyncoperation', 'etag', 'retry-after', 'scm-deployment-id', 'content-type'];

/** Their values mean nothing to others. */
const BY_PRESENCE = new Set(['etag', 'scm-deployment-id', 'retry-after']);

interface Answer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** How an answer of the model differs from Azure's: headers by their form, a body by its keys and the types of their values. */
export function differences(azure: Answer, model: Answer, known: Readonly<Record<string, string>> = {}): string[] {
  const found: string[] = [];
  for (const name of HEADERS) {
    const [wanted, had] = [azure.headers[name], model.headers[name]].map(plain);
    const isSame = BY_PRESENCE.has(name) ? (wanted === undefined) === (had === undefined) : wanted === had;
    if (!isSame && known[name] === undefined) {
      found.push(`header ${name}: ${JSON.stringify(wanted)}, not ${JSON.stringify(had)}`);
    }
  }
  const wanted = new Map(types(azure.body));
  const had = new Map(types(model.body));
  for (const path of new Set([...wanted.keys(), ...had.keys()])) {
    const [one = 'absent', other = 'absent'] = [wanted.get(path), had.get(path)];
    if (one !== other && known[path] === undefined) found.push(`${path}: ${one}, not ${other}`);
  }
  return found;
}

/** Addresses without what differs from run to run: host, ids, region, instants, signatures. */
function plain(value: string | undefined): string | undefined {
  return value
    ?.replace(/^https?:\/\/[^/]+/, 'https://<host>')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>')
    .replace(/\/locations\/\w+\//, '/locations/<region>/')
    .replace(/time=[\d-]+_[\d-]+Z/, 'time=<time>')
    .replaceAll(/([?&][tcsh])=[^&]*/g, '$1=<signed>')
    .replace(/\?$/, '');
}

function types(value: unknown, path = ''): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => types(one, `${path}[]`));
  if (typeof value !== 'object' || value === null)
    return path === '' ? [] : [[path, value === null ? 'null' : typeof value]];
  return Object.entries(value).flatMap(([key, one]) => types(one, path === '' ? key : `${path}.${key}`));
}
