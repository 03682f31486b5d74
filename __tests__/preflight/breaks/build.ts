import type { Build } from '../../../simulator/model/app/build.ts';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addContent, contentOf } from '../../../simulator/model/web/content.ts';
import { type FineWorld, NOW } from '../fine-world.ts';
import { APP, type Break, CURRENT_PACKAGE } from './break.ts';

export const buildBreaks: readonly Break[] = [
  {
    what: 'the health path does not answer 200',
    breaks: (fine) => runs(fine, { healthy: false }),
    shows: { 'failed health path': 'curl -i https://web.azurewebsites.net/' },
  },
  {
    what: 'the app sends http to https with a status that does not count as warm',
    inputs: { 'warm-up-statuses': '200' },
    breaks: (fine) => runs(fine, { redirectsToHttps: true }),
    shows: { 'failed warm-up before a swap': 'warm-up-statuses: 200,307' },
  },
  {
    what: 'the app sends http to https as most do',
    breaks: (fine) => runs(fine, { redirectsToHttps: true }),
    shows: {},
  },
  {
    what: 'the app may restart after a swap',
    breaks: ({ production }) => {
      production.occupant.settings = { WEBSITE_NODE_DEFAULT_VERSION: '6.9.1' };
    },
    shows: {
      'warning restarts after a swap': `az webapp config appsettings set ${APP} --settings WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG=1`,
    },
  },
  {
    what: 'a WebJob lies outside the build',
    breaks: (fine) => addFile(fine, 'site/jobs/triggered/nightly/run.js', ''),
    shows: { 'warning WebJobs': `az webapp webjob triggered remove ${APP} --webjob-name nightly` },
  },
  {
    what: 'visitors keep files beside the build',
    breaks: (fine) => addUpload(fine, 'site/wwwroot/media/cat.jpg'),
    shows: {
      'failed files on the app’s own disk':
        'keep-files: media/ (or keep-files: none, when the new build does not need them)',
    },
  },
  {
    what: 'visitors keep files beside the build, and they are carried',
    inputs: { 'keep-files': 'media' },
    breaks: (fine) => addUpload(fine, 'site/wwwroot/media/cat.jpg'),
    shows: {},
  },
  {
    what: 'Azure builds what production is given',
    breaks: ({ production }) => {
      production.occupant.settings = { ...production.occupant.settings, SCM_DO_BUILD_DURING_DEPLOYMENT: 'true' };
    },
    shows: {
      'warning remote build':
        'When the package is source that Azure is to build: app-settings: SCM_DO_BUILD_DURING_DEPLOYMENT=true',
    },
  },
  {
    what: 'the running package is gone',
    breaks: ({ production }) => {
      production.occupant.settings = { ...production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: '1' };
    },
    shows: { 'failed build of production': CURRENT_PACKAGE },
  },
  {
    what: 'the running package is there',
    breaks: (fine) => {
      fine.production.occupant.settings = { ...fine.production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: '1' };
      addFile(fine, 'data/SitePackages/packagename.txt', '1.zip');
      addFile(fine, 'data/SitePackages/1.zip', 'PK');
    },
    shows: {},
  },
  {
    what: 'the URL of the package expires in the window',
    inputs: { 'max-read-only-minutes': '60' },
    breaks: ({ production }) => runFrom(production, new Date(NOW + 3_000_000)),
    shows: {
      'failed build of production': `az webapp config appsettings set ${APP} --settings 'WEBSITE_RUN_FROM_PACKAGE=<URL that stays valid>'`,
    },
  },
  {
    what: 'the URL of the package outlives the window',
    inputs: { 'max-read-only-minutes': '60' },
    breaks: ({ production }) => runFrom(production, new Date(NOW + 4_000_000)),
    shows: {},
  },
  {
    what: 'the image has a tag that can move',
    breaks: ({ production }) => {
      production.occupant.config = { linuxFxVersion: 'DOCKER|registry.io/shop:latest' };
    },
    shows: {
      'warning build of production': `az webapp config container set ${APP} --container-image-name 'registry.io/shop@sha256:<digest>'`,
    },
  },
];

function addFile({ world, production }: FineWorld, path: string, text: string) {
  const { occupant } = production;
  const files = { ...world.web.contents[occupant.contentId]?.files, [path]: new TextEncoder().encode(text) };
  occupant.contentId = addContent(world, files, [], EPOCH);
}

function runFrom(production: FineWorld['production'], until: Date) {
  const url = `https://files.blob.core.windows.net/builds/1.zip?se=${encodeURIComponent(until.toISOString())}&sig=x`;
  production.occupant.settings = { ...production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: url };
}

function runs({ world, production }: FineWorld, how: Partial<Build>): void {
  const build = new TextEncoder().encode(JSON.stringify({ name: 'shop', version: '1', ...how }));
  const contentId = addContent(world, { 'site/wwwroot/build.json': build }, [], EPOCH);
  const { occupant } = production;
  occupant.contentId = contentId;
  if (occupant.instance) occupant.instance = { ...occupant.instance, contentId };
}

function addUpload({ world, production }: FineWorld, path: string): void {
  const { files, manifest } = contentOf(world, production.occupant.contentId);
  const bytes = new Uint8Array([1]);
  production.occupant.contentId = addContent(world, { ...files, [path]: bytes }, manifest, EPOCH, { [path]: NOW });
}
