import { listDirectory } from '../azure/scm.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { allFine, failed, listed, notLookedAt, warning } from './verdicts.ts';

const NAME = 'files beside wwwroot';

/** Where SCM puts start scripts and libraries that are published alone. https://learn.microsoft.com/azure/app-service/deploy-zip#deploy-individual-files */
const FOLDERS = ['site/scripts', 'site/libs'];

/** What lies beside `wwwroot` is in no package and is not copied: the copy and the new build come without it. */
export async function checkFilesBeside({ context, observed }: Scene<AppLook>): Promise<readonly Check[]> {
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
  return allFine(NAME, 'There are none that a build would miss.', beside(observed, seen.value.flat()));
}

/** Pure. A start command that names one of them does not start without it. */
function beside({ app, production }: AppLook, files: readonly string[]): readonly Check[] {
  if (files.length === 0) return [];
  const start = String(production.travelling.appCommandLine ?? '');
  const isNeeded = FOLDERS.some((folder) => start.includes(`/home/${folder}/`));
  const found = `${listed(files.slice(0, 5))}${files.length > 5 ? ` and ${files.length - 5} more` : ''} lie beside wwwroot: no package brings them, and neither the read-only copy nor the new build would have them.`;
  const fix = `${azWebApp(app, 'config set')} --startup-file '/home/site/wwwroot/<script>'`;
  if (!isNeeded) return [warning(NAME, `${found} Put below wwwroot what the app needs.`, fix)];
  return [failed(NAME, `${found} The start command names one: ${start}. Put them into the package.`, fix)];
}
