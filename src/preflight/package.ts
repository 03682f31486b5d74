import { listDirectory } from '../azure/scm.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook } from '../deployment/observed.ts';
import { filesInPackage } from '../system/zip-contents.ts';
import { failed, listed, passed } from './verdicts.ts';

type Named = 'package' | 'current-package';

/** Whether the packages can be what App Service starts, by their own tables of contents. */
export async function checkPackages(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { settings, observed } = scene;
  const { currentPackage } = settings;
  const given: readonly [Named, string | undefined][] = [
    ['package', observed.newBuild?.kind === 'package' ? observed.newBuild.path : undefined],
    ['current-package', currentPackage],
  ];
  const wanted = given.flatMap(([name, path]) => (path === undefined ? [] : [{ name, path }]));
  if (wanted.length === 0) return [];
  const atRoot = await filesOfProduction(scene);
  return Promise.all(
    wanted.map(async ({ name, path }) => {
      const files = await filesInPackage(path);
      const fault = packageFault(observed, files, atRoot);
      return fault ? failed(name, fault.found, fault.fix) : passed(name, `${files?.length} files.`);
    }),
  );
}

/** What lies beside each other in production's wwwroot; undefined when that cannot be told. */
export async function filesOfProduction({ context, observed }: Scene<AppLook>): Promise<readonly string[] | undefined> {
  const { production } = observed;
  if (buildSource(production).kind !== 'files') return undefined;
  const seen = await see(context.signal, () => listDirectory(context.arm, production.scmHost, 'site/wwwroot'));
  return seen.value?.filter(({ isDirectory }) => !isDirectory).map(({ name }) => name);
}

interface Fault {
  readonly found: string;
  readonly fix: string;
}

/**
 * Pure: how people's packages are wrong. Azure/azure-cli#26982, #26060, projectkudu/kudu#3071,
 * microsoft/azure-pipelines-tasks#14257, microsoft/azure-maven-plugins#1282
 * @param files of the package; undefined when it is no zip
 * @param atRoot of production; undefined when nobody knows
 */
export function packageFault(
  { app, production }: Pick<AppLook, 'app' | 'production'>,
  files: readonly string[] | undefined,
  atRoot?: readonly string[],
): Fault | undefined {
  const look = 'Look at the step of the workflow that made or downloaded it.';
  if (files === undefined) return { found: 'The package is not a zip file, or only the beginning of one.', fix: look };
  const [only = ''] = files;
  if (files.length === 0) return { found: 'The package is a zip file without files.', fix: look };
  if (files.length === 1 && /\.zip$/i.test(only)) {
    return { found: `The package holds nothing but another zip file, ${only}.`, fix: `package: <that ${only}>` };
  }
  const odd = files.find((name) => name.includes('\\'));
  if (odd !== undefined && !app.windows) {
    const found = `The package was made with backslashes in its paths (${odd}): on Linux every file would lie at the root under such a name.`;
    return { found, fix: 'Make it with a tool that writes slashes: zip -r, or Compress-Archive of PowerShell 7.' };
  }
  const paths = files.map((name) => name.replaceAll('\\', '/'));
  const folder = onlyFolder(paths);
  if (folder !== undefined && !isStarted(production.travelling, folder)) {
    const found = `Everything in the package lies in folder ${folder}: App Service would look for the app beside it.`;
    return { found, fix: `Zip what is in the folder: cd ${folder} && zip -r ../package.zip .` };
  }
  return folder === undefined ? withoutStart(paths, atRoot) : undefined;
}

/** WebJobs alone lie in App_Data. */
function onlyFolder(paths: readonly string[]): string | undefined {
  const tops = new Set(paths.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')));
  const [top] = tops;
  return tops.size === 1 && top && !/^App_Data$/i.test(top) ? top : undefined;
}

/** A start command or a path mapping may lead into a folder. */
function isStarted(
  { appCommandLine, virtualApplications }: Readonly<Record<string, unknown>>,
  folder: string,
): boolean {
  return JSON.stringify([appCommandLine, virtualApplications]).includes(folder);
}

/** What App Service starts by itself, of whatever stack; a start command may name any other file. */
const STARTS =
  /^(web\.config|.*\.(dll|exe|jar|war|csproj|runtimeconfig\.json)|(index|default|hostingstart)\.\w+|package\.json|(server|app|main)\.[cm]?js|.*\.py|requirements\.txt|pyproject\.toml|composer\.json|global\.asax|run\.sh|startup\.sh|[^.]+)$/i;

/** Nothing that is ever started, and no file that production has beside its own start file. */
function withoutStart(paths: readonly string[], atRoot: readonly string[] | undefined): Fault | undefined {
  const root = paths.filter((path) => !path.includes('/'));
  const known = new Set(atRoot?.map((name) => name.toLowerCase()));
  if (atRoot === undefined || atRoot.length === 0) return undefined;
  if (root.some((name) => STARTS.test(name) || known.has(name.toLowerCase()))) return undefined;
  return {
    found: `The package has no start file: at its root there is ${root.length === 0 ? 'no file' : `only ${listed(root.slice(0, 5))}`}, and nothing of what production has there (${listed(atRoot.slice(0, 5))}).`,
    fix: 'Zip what the build publishes, not its sources or a part of it.',
  };
}
