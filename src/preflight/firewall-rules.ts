import type { Check } from '../deployment/check.ts';
import { azDeleteRule } from '../deployment/commands.ts';
import type { DatabasePart } from '../deployment/observed.ts';
import { bareName } from '../settings/database-key.ts';
import { allFine, warning } from './verdicts.ts';

const NAME = 'firewall rules';

/** Pure. A rule that Azure admitted after its run was dead, and after "cleanup" had looked, is closed by nobody. */
export function checkFirewallRules(observed: DatabasePart): readonly Check[] {
  return allFine(
    NAME,
    'No rule of a deployment that is over was seen.',
    observed.leftoverRules.map(({ name, address }) =>
      warning(
        NAME,
        `Rule ${bareName(name)} lets ${address} in at the firewall, and no deployment that is open made it. Unless a run of another app is just beginning or ending, nobody needs it.`,
        azDeleteRule(observed, name),
      ),
    ),
  );
}
