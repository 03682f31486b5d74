import { type AzureSaid, Stop } from '../errors.ts';
import type { FileBody } from '../ports.ts';
import { ACCESS_RESTRICTED, staysRefused } from './advice.ts';
import type { Arm, AzureAnswer, AzureRequest } from './arm.ts';
import { azureSaid } from './failure.ts';
import { read } from './requests.ts';

/** Packages are large and SCM is slow. */
const TRANSFER_MS = 900_000;
/** Of a build or a file of it: App Service takes no larger one. */
const TRANSFER_BYTES = 2 * 1024 ** 3;

/**
 * Everything under a directory as SCM sees it, as a zip, into a file of ours. `directory` is relative to the home directory, such as
 * `site/wwwroot`. On Linux with run-from-package SCM does not see the mounted package: read it from `data/SitePackages` instead.
 * https://github.com/projectkudu/kudu/wiki/REST-API#zip
 */
export async function downloadZip(arm: Arm, scmHost: string, directory: string, into: string): Promise<void> {
  const at = `/api/zip/${escaped(directory)}/`;
  await scm(arm, scmHost, `download ${directory} from ${scmHost}`, 'GET', at, {
    timeoutMs: TRANSFER_MS,
    mostBytes: TRANSFER_BYTES,
    into,
  });
}

/** A file below the home directory, into one of ours. @returns false when there is none. */
export async function downloadFile(arm: Arm, scmHost: string, path: string, into: string): Promise<boolean> {
  const answer = await scm(arm, scmHost, `read ${path} from ${scmHost}`, 'GET', `/api/vfs/${escaped(path)}`, {
    accept: [404],
    timeoutMs: TRANSFER_MS,
    mostBytes: TRANSFER_BYTES,
    into,
  });
  return answer.status !== 404;
}

const PACKAGES = 'data/SitePackages';

/**
 * The name of the package file that the slot runs from (WEBSITE_RUN_FROM_PACKAGE=1), which lies in `data/SitePackages`; null when
 * none is named. It is the content of a file, so it is taken for a name only when it leads to nowhere else.
 * https://learn.microsoft.com/azure/app-service/deploy-run-package
 */
export async function packageName(arm: Arm, scmHost: string): Promise<string | null> {
  const path = `${PACKAGES}/packagename.txt`;
  const what = `read ${path} from ${scmHost}`;
  const answer = await scm(arm, scmHost, what, 'GET', `/api/vfs/${path}`, { accept: [404] });
  if (answer.status === 404) return null;
  const name = new TextDecoder().decode(answer.bytes).trim();
  if (/^(?!\.{1,2}$)[^/\\\p{Cc}]{1,255}$/u.test(name)) return name;
  throw new Stop(
    'failed',
    `packagename.txt on ${scmHost} does not name a file of data/SitePackages.`,
    'Deploy production once more in the way it always is, or give the zip file of the running build with input current-package.',
  );
}

/** The package file of that name, into one of ours. @returns false when it is not there. */
export function downloadPackage(arm: Arm, scmHost: string, name: string, into: string): Promise<boolean> {
  return downloadFile(arm, scmHost, `${PACKAGES}/${name}`, into);
}

/** Writes a file below the home directory, whatever was there. */
export async function writeFile(arm: Arm, scmHost: string, path: string, file: FileBody): Promise<void> {
  await scm(arm, scmHost, `write ${path} on ${scmHost}`, 'PUT', `/api/vfs/${escaped(path)}`, {
    file,
    headers: { 'content-type': 'application/octet-stream', 'if-match': '*' },
    timeoutMs: TRANSFER_MS,
  });
}

export interface ScmEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size: number;
  /** When it was last written, ISO 8601. */
  readonly modified: string;
}

/** What is in a directory; null when it does not exist. */
export async function listDirectory(arm: Arm, scmHost: string, path: string): Promise<readonly ScmEntry[] | null> {
  const at = `/api/vfs/${escaped(path)}/`;
  const answer = await scm(arm, scmHost, `list ${path} on ${scmHost}`, 'GET', at, { accept: [404] });
  if (answer.status === 404) return null;
  return read<readonly { name: string; mime?: string; size?: number; mtime?: string }[]>(answer).map(
    ({ name, mime, size, mtime }) => ({
      name,
      isDirectory: mime === 'inode/directory',
      size: size ?? 0,
      modified: mtime ?? '',
    }),
  );
}

/** The id of the last deployment that SCM knows, and when it ended; null when it knows none. */
export async function latestDeployment(arm: Arm, scmHost: string): Promise<readonly [id: string, end: string] | null> {
  const what = `ask ${scmHost} for the last deployment`;
  const answer = await scm(arm, scmHost, what, 'GET', '/api/deployments/latest', { accept: [404] });
  if (answer.status === 404) return null;
  const { id, end_time: end } = read<{ id?: string; end_time?: string | null }>(answer);
  return [id ?? '', end ?? ''];
}

export interface Publishing {
  /** False on a stopped slot: there is nothing to restart. */
  readonly restart: boolean;
  /** Deletes what the package does not contain. */
  readonly clean: boolean;
}

/**
 * Uploads a package. SCM goes on by itself: the returned path is where to ask (see {@link pollDeployment}).
 * https://github.com/projectkudu/kudu/wiki/Deploying-from-a-zip-file-or-url
 */
export async function publishZip(arm: Arm, scmHost: string, zip: FileBody, how: Publishing): Promise<string> {
  const at = `/api/publish?type=zip&async=true&restart=${how.restart}&clean=${how.clean}`;
  const answer = await scm(arm, scmHost, `upload the package to ${scmHost}`, 'POST', at, {
    file: zip,
    headers: { 'content-type': 'application/zip' },
    timeoutMs: TRANSFER_MS,
  });
  const id = answer.headers['scm-deployment-id'];
  if (id) return `/api/deployments/${id}`;
  // The Location names http and port 80; the token must not go there, so only its path is used.
  const location = answer.headers.location;
  const { pathname, search } = new URL(location ?? '/api/deployments/latest', `https://${scmHost}`);
  return `${pathname}${search}`;
}

export type DeploymentState =
  | { readonly state: 'running'; readonly seen: string }
  | { readonly state: 'succeeded'; readonly id: string }
  | { readonly state: 'failed'; readonly message: string };

const STATUS = ['pending', 'building', 'deploying', 'failed', 'succeeded'];

/**
 * One look at a deployment. The answers do not progress steadily: an older, temporary record may come back before the end,
 * and SCM may restart in between, so only a complete record that is not temporary ends it.
 */
export async function pollDeployment(arm: Arm, scmHost: string, path: string): Promise<DeploymentState> {
  const answer = await scm(arm, scmHost, `ask how the upload to ${scmHost} goes`, 'GET', path, { accept: [404] });
  if (answer.status === 404) return { state: 'running', seen: 'no record of it yet' };
  const wire: {
    id?: string;
    status?: number;
    status_text?: string;
    complete?: boolean;
    is_temp?: boolean;
    progress?: string;
  } = read(answer);
  if (wire.status === 3 && wire.complete)
    return { state: 'failed', message: wire.status_text || 'SCM gave no reason.' };
  if (wire.status === 4 && wire.complete && !wire.is_temp) return { state: 'succeeded', id: wire.id ?? '' };
  return { state: 'running', seen: wire.progress || STATUS[wire.status ?? 0] || `status ${wire.status}` };
}

/**
 * True when SCM refused because the app is stopped: on Linux it may stop with the app.
 * https://github.com/projectkudu/kudu/issues/3190
 */
export function scmIsStopped(error: unknown): boolean {
  const said = azureSaid(error);
  return said?.status === 403 && /web app is stopped|site disabled/i.test(said.message);
}

/** True when SCM took no upload for a reason that passes: another one is under way, or its front end gave up. */
export function scmIsBusy(said: AzureSaid | undefined): boolean {
  if (said?.status === 409) return /in progress/i.test(said.message);
  return said !== undefined && [502, 503, 504].includes(said.status) && !staysRefused(said);
}

/** True when the upload broke off because SCM restarted under it: upload again. https://github.com/Azure-App-Service/kudu/issues/90 */
export function scmRestarted(message: string): boolean {
  return /stopped due to SCM container restart/i.test(message);
}

/** A request to the SCM site. Its refusal names no permission, so the Stop does. */
export async function scm(
  arm: Arm,
  scmHost: string,
  what: string,
  method: AzureRequest['method'],
  at: string,
  more: Partial<AzureRequest> = {},
): Promise<AzureAnswer> {
  try {
    return await arm.request({ what, method, at, scmHost, ...more });
  } catch (error) {
    const isDenied = azureSaid(error)?.status === 403 && azureSaid(error)?.code !== ACCESS_RESTRICTED;
    if (!(error instanceof Stop) || !isDenied || scmIsStopped(error)) throw error;
    throw new Stop(error.kind, error.happened, PERMISSION, { azure: error.azure, cause: error });
  }
}

/** https://github.com/projectkudu/kudu/wiki/Accessing-the-kudu-service */
const PERMISSION =
  'Give the identity Microsoft.Web/sites/publish/action at the app, and Microsoft.Web/sites/slots/publish/action at its slots; then run the phase again.';

/** Each segment escaped, slashes kept, none at the ends. */
function escaped(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(encodeURIComponent)
    .join('/');
}
