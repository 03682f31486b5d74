import { expect } from '@jest/globals';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addDatabase } from '../../../simulator/model/sql/create.ts';
import { NOW } from '../fine-world.ts';
import { type Break, DATABASE, SERVER } from './break.ts';

const CLONE = 'shop-zdd-20260901-abcde';

export const databaseBreaks: readonly Break[] = [
  {
    what: 'a database does not exist',
    inputs: { databases: 'shop,media', 'clone-connection-settings': 'Media=Database={{clone-database:media}}' },
    shows: { 'failed databases': `az sql db list ${SERVER} --query '[].name'` },
  },
  {
    what: 'a database is not online',
    breaks: ({ shop }) => {
      shop.status = 'Restoring';
    },
    shows: {
      'failed databases': `az sql db show ${DATABASE}`,
      'not-looked-at SQL login': undefined,
    },
  },
  {
    what: 'a database is Hyperscale, of which nobody says that it can be read-only',
    breaks: ({ shop }) => {
      shop.sku = { name: 'HS_Gen5', tier: 'Hyperscale', family: 'Gen5', capacity: 2 };
    },
    shows: {
      'warning database features': 'Try "clone,read-only" and "cleanup" first; visitors notice nothing of it.',
    },
  },
  {
    what: 'somebody has taken the name of the clone',
    breaks: ({ world, server }) => {
      addDatabase(world, server, { name: CLONE }, EPOCH);
    },
    shows: { 'failed names of the clones': `az sql db rename ${SERVER} --name ${CLONE} --new-name ${CLONE}-kept` },
  },
  {
    what: 'there are too many tags',
    breaks: ({ shop }) => {
      shop.tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tag${index}`, 'x']));
    },
    shows: {
      'failed tags': expect.stringMatching(
        /^az tag update --operation Delete --resource-id .*\/databases\/shop --tags /,
      ),
    },
  },
  {
    what: 'the pool for the clone does not exist',
    inputs: { 'clone-elastic-pool': 'nowhere' },
    shows: { 'failed size of the clones': `az sql elastic-pool list ${SERVER} --query '[].name'` },
  },
  {
    what: 'the clone would change its kind of tier',
    inputs: { 'clone-service-objective': 'P1' },
    shows: { 'failed size of the clones': 'clone-service-objective: S1' },
    fills: {},
  },
  {
    what: 'a database is replicated',
    breaks: ({ shop }) => {
      shop.replicationLinks = [
        { name: 'l', partnerServer: 'far', partnerDatabase: 'shop', partnerLocation: 'North Europe' },
      ];
    },
    shows: { 'failed replication': `az sql db replica delete-link ${DATABASE} --partner-server far --yes` },
  },
  {
    what: 'a database is in a failover group',
    breaks: ({ server }) => {
      server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
    },
    shows: { 'failed replication': `az sql failover-group update ${SERVER} --name pair --remove-db shop` },
  },
  {
    what: 'a database has no backup yet',
    breaks: ({ shop }) => {
      shop.backupsFrom = NOW + 3_600_000;
    },
    shows: { 'failed point-in-time restore': `az sql db show ${DATABASE} --query earliestRestoreDate` },
  },
  {
    what: 'backups do not outlast the window',
    inputs: { 'max-read-only-minutes': '3000' },
    breaks: ({ shop }) => {
      shop.shortTermRetentionDays = 2;
    },
    shows: { 'failed point-in-time restore': `az sql db str-policy set ${DATABASE} --retention-days 7` },
  },
];
