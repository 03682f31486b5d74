import type { Check } from '../deployment/check.ts';
import { ourTagCount } from '../deployment/clone-tags.ts';
import { azDatabase, shell } from '../deployment/commands.ts';
import { cloneName, LONGEST_SUFFIX } from '../deployment/names.ts';
import type { DatabasePart } from '../deployment/observed.ts';
import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { presentOriginals } from './databases.ts';
import { allFine, failed, listed } from './verdicts.ts';

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftsql */
const LONGEST_NAME = 128;
/** https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const MOST_TAGS = 50;

/** Pure: the names that we give fit, and nothing has them yet (safety rule 3: never create onto an existing name). */
export function checkNames(observed: DatabasePart): readonly Check[] {
  const { deploymentId } = observed;
  const name = 'names of the clones';
  return allFine(
    name,
    `${listed(observed.databases.map((pair) => cloneName(pair.name, deploymentId)))} ${observed.databases.length === 1 ? 'is' : 'are'} free or ours.`,
    observed.databases.flatMap((pair): Check[] => {
      const longest = LONGEST_NAME - LONGEST_SUFFIX;
      const bare = bareName(pair.name);
      if (bare.length > longest) {
        const found = `The name ${pair.name} has ${bare.length} characters; with ours behind it may have ${longest}.`;
        return [
          failed(
            name,
            found,
            `${azDatabase(observed, 'rename', pair.name)} --new-name ${shell(bare.slice(0, longest))}`,
          ),
        ];
      }
      const taken = [
        ...(pair.clone && !pair.cloneTags && !(pair.clone.name in observed.madeByCopy) ? [pair.clone.name] : []),
        ...[pair.restored, pair.prepared].flatMap((made) =>
          made && made.tags['zdd-deployment'] !== deploymentId ? [made.name] : [],
        ),
      ];
      return taken.map((database) =>
        failed(
          name,
          `Database ${database} exists and does not have our tags.`,
          `${azDatabase(observed, 'rename', database)} --new-name ${shell(`${bareName(database)}-kept`)}`,
        ),
      );
    }),
  );
}

/** Pure: the source's tags are sent along with the clone, because policies may demand them, and ours come on top. */
export function checkTags(settings: Settings, observed: DatabasePart): readonly Check[] {
  const name = 'tags';
  const { otherApps, pauseAutoSwap, releaseSlotSettings } = settings;
  const ours = ourTagCount(
    observed.databases.map((pair) => pair.name),
    { apps: otherApps.length > 0, suspends: pauseAutoSwap.length + releaseSlotSettings.length > 0 },
  );
  const counted = presentOriginals(observed).map((database) => ({
    database,
    count: Object.keys(database.tags).filter((tag) => !tag.startsWith('zdd-')).length,
  }));
  const said = counted.map(({ database, count }) => `${count} of ${database.name}`);
  return allFine(
    name,
    `${listed(said)} are sent along with the clone, so that a policy that requires them is content; ours are ${ours} at most.`,
    counted
      .filter(({ count }) => count + ours > MOST_TAGS)
      .map(({ database, count }) =>
        failed(
          name,
          `${database.name} has ${count} tags, and with ours (${ours}) there would be more than ${MOST_TAGS}.`,
          `az tag update --operation Delete --resource-id ${shell(database.id)} --tags ${shell('<names and values of tags that can go>')}`,
        ),
      ),
  );
}
