import { ACCESS_RESTRICTED, addressKeptOut, azureSaid } from '../azure/failure.ts';
import { listDirectory } from '../azure/scm.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { allFine, failed } from './verdicts.ts';

/** Whether App Service lets this runner through to production and to its SCM: the slots that the action makes get the same rules. */
export async function checkRestrictions(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { context, settings, observed } = scene;
  const { host, scmHost } = observed.production;
  const [app, scm] = await Promise.all([
    ask(scene, host, settings.healthPath),
    see(context.signal, () => listDirectory(context.arm, scmHost, 'site/wwwroot')),
  ]);
  return restrictions(observed, 'status' in app ? addressKeptOut(app) : undefined, scm);
}

/** Pure: `address` is the one that the app refused, if it did. */
function restrictions(observed: AppLook, address: string | undefined, scm: Seen<unknown>): readonly Check[] {
  const name = 'access restrictions';
  const said = scm.why === undefined ? undefined : azureSaid(scm.error);
  const toScm = said?.code === ACCESS_RESTRICTED ? /address (\S+?),/.exec(said.message)?.[1] : undefined;
  return allFine(name, 'They let this runner reach production and its SCM.', [
    ...(address === undefined ? [] : [keptOut(observed, name, address, observed.production.host, '')]),
    ...(toScm === undefined ? [] : [keptOut(observed, name, toScm, observed.production.scmHost, ' --scm-site true')]),
  ]);
}

function keptOut({ app }: AppLook, name: string, address: string, host: string, more: string): Check {
  return failed(
    name,
    `${host} refuses this runner’s address ${address} (403). Let it in, in production and in the slots that exist; hosted runners of GitHub have another address each time, so better use a runner in a network that is let in (runs-on).`,
    `${azWebApp(app, 'config access-restriction add')} --rule-name zdd-runner --action Allow --priority 100 --ip-address ${shell(`${address}/${address.includes(':') ? 128 : 32}`)}${more}`,
  );
}
