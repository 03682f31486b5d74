import type { Answer } from '../../arm/answer.ts';
import { below, pack, unpack } from '../content.ts';
import { takeOutcome } from '../outcomes.ts';
import { kuduRefusal, type ScmCall } from './call.ts';
import { changeFiles, homeAsKuduSees, under } from './files.ts';

/** `GET api/zip/{folder}/`: downloads a folder as zip. */
export function downloadZip(call: ScmCall): Answer {
  const folder = folderOf(call);
  const files = below(homeAsKuduSees(call.world, call.slot), folder);
  if (Object.keys(files).length === 0 && folder !== 'site/wwwroot/') {
    throw kuduRefusal(404, `'${call.url.pathname}' not found.`);
  }
  const zip = pack(files);
  const isCut = takeOutcome(call.world, 'download-cut') !== undefined;
  const name = folder.split('/').at(-2) ?? 'zip';
  return {
    status: 200,
    headers: { 'content-type': 'application/zip', 'content-disposition': `attachment; filename=${name}.zip` },
    body: isCut ? zip.slice(0, Math.floor(zip.length / 2)) : zip,
  };
}

/** `PUT api/zip/{folder}/`: adds and overwrites, and deletes nothing. */
export function uploadZip(call: ScmCall): Answer {
  const folder = folderOf(call);
  const files = unpack(call.body);
  if (files === undefined) throw kuduRefusal(400, 'End of Central Directory record could not be found.');
  changeFiles(call.world, call.slot, under(folder, files), call.now);
  return { status: 200 };
}

function folderOf({ names }: ScmCall): string {
  const parts = (names.folder ?? '').split('/').filter(Boolean);
  return parts.map((part) => `${part}/`).join('');
}
