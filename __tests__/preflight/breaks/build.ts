import { expect } from '@jest/globals';
import { type Build, buildFiles } from '../../../simulator/model/app/build.ts';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addContent, contentOf, pack } from '../../../simulator/model/web/content.ts';
import { addImage } from '../../../simulator/model/web/image.ts';
import { storePackage } from '../../../simulator/model/web/stored-package.ts';
import { type FineWorld, NOW } from '../fine-world.ts';
import { APP, type Break, CURRENT_PACKAGE } from './break.ts';

const NEXT = 'https://files.blob.core.windows.net/builds/2.zip';
const ZIP = pack(buildFiles({ name: 'shop', version: '2' }));

const NOT_PUSHED = 'image: <registry>/<name>:<tag of an image that was pushed>';
const BESIDE = 'keep-files: /home/site/scripts/';

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
    fills: {},
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
    fills: {},
  },
  {
    what: 'visitors keep files beside the build, and they are carried',
    inputs: { 'keep-files': 'media' },
    breaks: (fine) => addUpload(fine, 'site/wwwroot/media/cat.jpg'),
    shows: {},
  },
  {
    what: 'scripts and libraries lie beside wwwroot',
    breaks: (fine) => besideWwwroot(fine, ''),
    shows: { 'warning files beside wwwroot': BESIDE },
    fills: {},
  },
  {
    what: 'the start command names a script that lies beside wwwroot',
    breaks: (fine) => besideWwwroot(fine, '/home/site/scripts/startup.sh'),
    shows: { 'failed files beside wwwroot': BESIDE },
    fills: {},
  },
  {
    what: 'scripts and libraries lie beside wwwroot, and are carried',
    inputs: { 'keep-files': '/home/site/scripts, /home/site/libs' },
    breaks: (fine) => besideWwwroot(fine, '/home/site/scripts/startup.sh'),
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
    inputs: { 'max-read-only-minutes': '60', package: NEXT },
    breaks: (fine) => runFrom(fine, new Date(NOW + 3_000_000)),
    shows: {
      'failed build of production': `az webapp config appsettings set ${APP} --settings 'WEBSITE_RUN_FROM_PACKAGE=<URL that stays valid>'`,
    },
  },
  {
    what: 'the URL of the package outlives the window',
    inputs: { 'max-read-only-minutes': '60', package: NEXT },
    breaks: (fine) => runFrom(fine, new Date(NOW + 4_000_000)),
    shows: {},
  },
  {
    what: 'production runs from a URL and the new build is a file',
    breaks: (fine) => runFrom(fine, new Date(NOW + 100_000_000)),
    shows: { 'failed kind of build': 'package: https://<URL of the zip file of the new build>' },
  },
  {
    what: 'the URL of the new build is not there',
    inputs: { package: `${NEXT}?sig=other` },
    breaks: (fine) => storePackage(fine.world, `${NEXT}?sig=x`, ZIP, EPOCH),
    shows: { 'failed new build': 'package: https://<URL that can be fetched until the end of the window>' },
  },
  {
    what: 'the URL of the new build expires in the window',
    inputs: { package: `${NEXT}?se=${new Date(NOW + 3_000_000).toISOString()}&sig=x` },
    breaks: (fine) => storePackage(fine.world, `${NEXT}?sig=x`, ZIP, EPOCH),
    shows: { 'failed new build': 'package: https://<URL that stays valid>' },
  },
  {
    what: 'the URL of the new build is the one that production runs from',
    inputs: { package: 'https://files.blob.core.windows.net/builds/1.zip?sig=x&se=2030-01-01' },
    breaks: (fine) => runFrom(fine, new Date('2030-01-01')),
    shows: {
      'failed new build':
        'Give the new build. If this one is meant, for its settings or its database: same-build: true',
    },
  },
  {
    what: 'no new build is given',
    inputs: { package: '' },
    shows: { 'failed new build': 'package: <zip file of the new build>' },
  },
  {
    what: 'the new build is an image and production runs none',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    shows: { 'failed kind of build': 'package: <zip file of the new build>' },
  },
  {
    what: 'production runs an image and the new build is a file',
    breaks: (fine) => runImage(fine, 'shop.azurecr.io/shop:1'),
    shows: { 'failed kind of build': 'image: <registry>/<name>:<tag>' },
  },
  {
    what: 'production runs an image and no new build is given',
    inputs: { package: '' },
    breaks: (fine) => runImage(fine, 'shop.azurecr.io/shop:1'),
    shows: { 'failed new build': 'image: <registry>/<name>:<tag>' },
  },
  {
    what: 'the new image is there',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    breaks: (fine) => {
      runImage(fine, 'shop.azurecr.io/shop:1');
      push(fine, 'shop.azurecr.io/shop:2');
    },
    shows: {},
  },
  {
    what: 'nobody has pushed the new image',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    breaks: (fine) => runImage(fine, 'shop.azurecr.io/shop:1'),
    shows: {
      'failed new build': NOT_PUSHED,
    },
  },
  {
    what: 'the new image is given by a digest that nobody has pushed',
    inputs: { package: '', image: `shop.azurecr.io/shop@sha256:${'a'.repeat(64)}` },
    breaks: (fine) => runImage(fine, 'shop.azurecr.io/shop:1'),
    shows: { 'failed new build': NOT_PUSHED },
  },
  {
    what: 'the new image is given by a digest, and its registry lets nobody look',
    inputs: { package: '', image: `shop.azurecr.io/shop@sha256:${'a'.repeat(64)}` },
    breaks: (fine) => {
      runImage(fine, 'shop.azurecr.io/shop:1');
      const registry = fine.world.web.registries['shop.azurecr.io'];
      if (registry)
        fine.world.web.registries['shop.azurecr.io'] = { ...registry, isPublic: false, asksForIdentity: true };
    },
    shows: {
      'warning build of production': expect.stringMatching(/@sha256:<digest>/),
      'warning new build': 'image: <registry>/<name>@sha256:<digest>, or let this run ask the registry (role AcrPull)',
    },
  },
  ...['COMPOSE|dmVyc2lvbjogIjMi', 'SITECONTAINERS'].map((stack) => ({
    what: `production runs several containers: ${stack}`,
    breaks: (fine: FineWorld) => {
      fine.production.occupant.config = { linuxFxVersion: stack };
    },
    shows: expect.objectContaining({
      'failed kind of build': expect.stringMatching(
        stack.startsWith('COMPOSE') ? /^Make one image/ : /sitecontainers convert/,
      ),
    }),
  })),
  {
    what: 'the tag of the new image means what production runs',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    breaks: (fine) => {
      push(fine, 'shop.azurecr.io/shop:2');
      runImage(fine, 'shop.azurecr.io/shop:2');
    },
    shows: {
      'failed new build':
        'Give the new build. If this one is meant, for its settings or its database: same-build: true',
    },
  },
  {
    what: 'the image that production runs is meant to be deployed again',
    inputs: { package: '', image: 'shop.azurecr.io/shop:1', 'same-build': 'true' },
    breaks: (fine) => runImage(fine, 'shop.azurecr.io/shop:1'),
    shows: {},
  },
  {
    what: 'a push to the registry changes production by itself',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    breaks: (fine) => {
      runImage(fine, 'shop.azurecr.io/shop:1');
      push(fine, 'shop.azurecr.io/shop:2');
      fine.production.occupant.settings = { ...fine.production.occupant.settings, DOCKER_ENABLE_CI: 'true' };
    },
    shows: { 'failed continuous deployment': `az webapp deployment container config ${APP} --enable-cd false` },
  },
  {
    what: 'images are pulled by the identity of each slot',
    inputs: { package: '', image: 'shop.azurecr.io/shop:2' },
    breaks: (fine) => {
      runImage(fine, 'shop.azurecr.io/shop:1');
      push(fine, 'shop.azurecr.io/shop:2');
      fine.production.fixedConfig = { ...fine.production.fixedConfig, acrUseManagedIdentityCreds: true };
    },
    shows: {
      'warning who pulls the image': expect.stringMatching(
        /--slot zdd-staging .*--role AcrPull .*acr show --name shop /,
      ),
    },
  },
  {
    what: 'the new image lies in another registry, and one identity pulls',
    inputs: { package: '', image: 'next.azurecr.io/shop:2' },
    breaks: (fine) => {
      runImage(fine, 'shop.azurecr.io/shop:1');
      push(fine, 'next.azurecr.io/shop:2');
      const pulls = { acrUseManagedIdentityCreds: true, acrUserManagedIdentityID: 'c' };
      fine.production.fixedConfig = { ...fine.production.fixedConfig, ...pulls };
    },
    shows: {
      'warning who pulls the image': expect.stringMatching(/--assignee c --role AcrPull .*acr show --name next /),
    },
  },
  {
    what: 'the image has a tag that can move',
    inputs: { package: '', image: 'registry.io/shop:2' },
    breaks: (fine) => {
      runImage(fine, 'registry.io/shop:latest');
      push(fine, 'registry.io/shop:2');
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

function runFrom({ world, production }: FineWorld, until: Date) {
  storePackage(world, 'https://files.blob.core.windows.net/builds/1.zip?sig=x', ZIP, EPOCH);
  if (world.web.packages[NEXT] === undefined) storePackage(world, NEXT, ZIP, EPOCH);
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

function runImage(fine: FineWorld, name: string) {
  if (fine.world.web.registries[name.split('/')[0] ?? '']?.images.shop?.tags[name.split(':')[1] ?? ''] === undefined)
    push(fine, name);
  fine.production.occupant.config = { linuxFxVersion: `DOCKER|${name}` };
}

function push({ world }: FineWorld, name: string) {
  addImage(world, { reference: `DOCKER|${name}`, files: buildFiles({ name: 'shop', version: name }) }, EPOCH);
}

function besideWwwroot({ world, production }: FineWorld, appCommandLine: string): void {
  const { files } = contentOf(world, production.occupant.contentId);
  const script = new TextEncoder().encode('/opt/startup/startup.sh');
  const more = { ...files, 'site/scripts/startup.sh': script };
  production.occupant.contentId = addContent(world, more, Object.keys(files), EPOCH);
  production.occupant.config = { ...production.occupant.config, appCommandLine };
}
