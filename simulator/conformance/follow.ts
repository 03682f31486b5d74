import type { Answered, Azure, Json } from './azure.ts';

/** Polls an operation to its end, by whichever address Azure gives: every poll may give the next. */
export async function follow(azure: Azure, begun: Answered): Promise<Answered> {
  let url = begun.headers['azure-asyncoperation'] ?? begun.headers.location;
  if (url === undefined) return begun;
  return azure.until(
    async () => {
      const answered = await azure.ask('GET', url ?? '');
      url = answered.headers.location ?? url;
      return answered;
    },
    ({ status, body }) => (status === 200 && body.status !== 'InProgress') || status >= 400,
  );
}

/** Status, and the code of an error. */
export function said({ status, body }: Answered): string {
  const error = (body.error ?? {}) as Json;
  const code = error.code ?? body.Code;
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** The properties of a resource, as far as it has any. */
export function part(body: Json): Json {
  return (body.properties ?? {}) as Json;
}
