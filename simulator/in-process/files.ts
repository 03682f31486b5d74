import { writeFile } from 'node:fs/promises';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { checkedChunks, isFileBody } from '../../src/system/file-body.ts';

/** What is sent. A file is read as for a real connection, which finds out that somebody has changed it. */
export async function bytesOf(body: HttpRequest['body']): Promise<Uint8Array | undefined> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (!isFileBody(body)) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of checkedChunks(body)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** The answer, its body in the file that was to take it. */
export async function asAsked({ into }: HttpRequest, answer: HttpResponse): Promise<HttpResponse> {
  if (into === undefined || answer.status < 200 || answer.status >= 300) return answer;
  await writeFile(into, answer.body);
  return { ...answer, body: new Uint8Array() };
}
