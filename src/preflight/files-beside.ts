import { listDirectory } from '../azure/scm.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { liesBeside } from '../deployment/kept-folders.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, notLookedAt, warning } from './verdicts.ts';

const NAME = 'files beside wwwroot';

/** Where SCM puts start scripts and libraries that are published alone. https://learn.microsoft.com/azure/app-service/deploy-zip#deploy-individual-files */
const FOLDERS = ['site/scripts', 'site/libs'];

/** What lies beside `wwwroot` is in no package: unless `keep-files` names it, the copy and the new build come without it. */
export async function checkFilesBeside({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { production } = observed;
  if (buildSource(production).kind === 'image') return [];
  const seen = await see(context.signal, () =>
    Promise.all(
      FOLDERS.map(async (folder) => {
        const entries = await listDirectory(context.arm, production.scmHost, folder);
        return (entries ?? []).map(({ name }) => `/home/${folder}/${name}`);
      }),
    ),
  );
  if (seen.why !== undefined) return [notLookedAt(NAME, seen.why)];
  const kept = (settings.keepFiles ?? []).filter(liesBeside);
  const missed = seen.value.flat().filter((file) => !kept.some((folder) => file.startsWith(folder)));
  const fine = `There are none that a build would miss${kept.length > 0 ? `: ${listed(kept)} are carried along` : ''}.`;
  return allFine(NAME, fine, beside(settings, observed, missed));
}

/** Pure. A start command that names one of them does not start without it. */
function beside({ keepFiles = [] }: Settings, { production }: AppLook, files: readonly string[]): readonly Check[] {
  if (files.length === 0) return [];
  const start = String(production.travelling.appCommandLine ?? '');
  const isNeeded = FOLDERS.some((folder) => start.includes(`/home/${folder}/`));
  const found = `${listed(files.slice(0, 5))}${files.length > 5 ? ` and ${files.length - 5} more` : ''} lie beside wwwroot: no package brings them, and neither the read-only copy nor the new build would have them.`;
  const folders = FOLDERS.map((folder) => `/home/${folder}/`).filter((folder) =>
    files.some((file) => file.startsWith(folder)),
  );
  const fix = `keep-files: ${[...new Set([...keepFiles, ...folders])].join(', ')}`;
  if (!isNeeded)
    return [warning(NAME, `${found} Let keep-files carry them, or put below wwwroot what the app needs.`, fix)];
  return [
    failed(
      NAME,
      `${found} The start command names one: ${start}. Let keep-files carry them, or put them into the package.`,
      fix,
    ),
  ];
}
