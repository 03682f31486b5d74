import { ACCESS_RESTRICTED } from '../azure/advice.ts';
import { azureSaid, keptOut } from '../azure/failure.ts';
import { listDirectory } from '../azure/scm.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { allFine, failed } from './verdicts.ts';

const NAME = 'access restrictions';

/** Whether App Service lets this runner through to production and to its SCM: the slots that the action makes get the same rules. */
export async function checkRestrictions(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { context, settings, observed } = scene;
  const { host, scmHost } = observed.production;
  const [app, scm] = await Promise.all([
    ask(scene, host, settings.healthPath),
    see(context.signal, () => listDirectory(context.arm, scmHost, 'site/wwwroot')),
  ]);
  return restrictions(observed, 'status' in app ? keptOut(app) : undefined, scm);
}

/** Pure: `atApp` is the caller whom the app refused, if it did. */
function restrictions(observed: AppLook, atApp: ReturnType<typeof keptOut>, scm: Seen<unknown>): readonly Check[] {
  const { host, scmHost } = observed.production;
  const said = scm.why === undefined ? undefined : azureSaid(scm.error);
  const scmAddress = /address ([0-9a-f.:]+),/i.exec(said?.message ?? '')?.[1];
  return allFine(NAME, 'They let this runner reach production and its SCM.', [
    ...(atApp === undefined ? [] : [letIn(observed, atApp.address, host)]),
    ...(said?.code === ACCESS_RESTRICTED ? [letIn(observed, scmAddress, scmHost, SCM)] : []),
  ]);
}

/** Builds are uploaded to the SCM of the slots too, which get the same restrictions. */
const SCM = { more: ' current-package does not spare it: builds are uploaded there.', option: ' --scm-site true' };

function letIn(
  { app }: AppLook,
  address: string | undefined,
  host: string,
  { more, option }: typeof SCM = { more: '', option: '' },
): Check {
  const range = address === undefined ? '<address of the runner>' : `${address}/${address.includes(':') ? 128 : 32}`;
  return failed(
    NAME,
    `${host} refuses this runner’s address${address === undefined ? '' : ` ${address}`} (403). Let it in, in production and in the slots that exist; hosted runners of GitHub have another address each time, so better use a runner in a network that is let in (runs-on).${more}`,
    `${azWebApp(app, 'config access-restriction add')} --rule-name zdd-runner --action Allow --priority 100 --ip-address ${shell(range)}${option}`,
  );
}
