import type { Answer } from '../../arm/answer.ts';
import { Unmodelled } from '../../world.ts';
import { below, pack, unpack } from '../content.ts';
import { kuduError, type ScmCall } from './call.ts';
import { changeFiles, homeAsKuduSees, under } from './files.ts';

/** `api/zip/{folder}/`: GET downloads a folder as zip, PUT adds and overwrites, and deletes nothing. */
export function zipRequest(call: ScmCall): Answer {
  const folder = call.segments
    .slice(1)
    .map((part) => `${part}/`)
    .join('');
  if (call.method === 'GET') return download(call, folder);
  if (call.method === 'PUT') return upload(call, folder);
  throw new Unmodelled(`${call.method} ${call.url}`);
}

function download(call: ScmCall, folder: string): Answer {
  const files = below(homeAsKuduSees(call.world, call.slot), folder);
  if (Object.keys(files).length === 0 && folder !== 'site/wwwroot/') {
    return kuduError(404, `'${call.url.pathname}' not found.`);
  }
  const name = call.segments.at(-1) ?? 'home';
  return {
    status: 200,
    headers: { 'content-type': 'application/zip', 'content-disposition': `attachment; filename=${name}.zip` },
    body: pack(files),
  };
}

function upload(call: ScmCall, folder: string): Answer {
  const files = unpack(call.body);
  if (files === undefined) return kuduError(400, 'End of Central Directory record could not be found.');
  changeFiles(call.world, call.slot, under(folder, files), call.now);
  return { status: 200 };
}
