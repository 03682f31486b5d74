import { team as team01 } from './01-episerver-preprod.ts';
import { team as team02 } from './02-kentico-two-apps.ts';
import { team as team03 } from './03-xperience-cli.ts';
import { team as team04 } from './04-umbraco-auto-swap.ts';
import { team as team05 } from './05-umbraco-terraform.ts';
import { team as team06 } from './06-umbraco-deploy.ts';
import { team as team07 } from './07-orchard-sticky.ts';
import { team as team08 } from './08-sitecore.ts';
import { team as team09 } from './09-nopcommerce-container.ts';
import { team as team10 } from './10-efcore.ts';
import { team as team11 } from './11-efcore-container.ts';
import { team as team12 } from './12-two-servers.ts';
import { team as team13 } from './13-two-regions.ts';
import { team as team14 } from './14-vault-hangfire.ts';
import { team as team15 } from './15-seven-apps.ts';
import { team as team16 } from './16-statistics.ts';
import { team as team17 } from './17-settings-table.ts';
import { team as team18 } from './18-inspectorate.ts';
import { team as team19 } from './19-sky-container.ts';
import { team as team20 } from './20-django.ts';
import { team as team21 } from './21-jboss.ts';
import { team as team22 } from './22-five-apps.ts';
import type { Team } from './team.ts';

/** In their order. */
export const teams: readonly Team[] = [
  team01,
  team02,
  team03,
  team04,
  team05,
  team06,
  team07,
  team08,
  team09,
  team10,
  team11,
  team12,
  team13,
  team14,
  team15,
  team16,
  team17,
  team18,
  team19,
  team20,
  team21,
  team22,
];
