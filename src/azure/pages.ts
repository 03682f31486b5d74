import type { SqlManagementClient } from '@azure/arm-sql';
import type { Arm, AzureCall, ReadAnswer } from './arm.ts';
import type { WebOperations } from './web-operations.ts';

interface PageSettings {
  continuationToken?: string;
}

/** A list as the operations of both management clients return it. */
export interface Paged<T> {
  byPage(settings?: PageSettings): AsyncIterator<T[]>;
}

/**
 * Reads a list of App Service to its last page. Each page is a call of its own, so that it can be repeated like any read:
 * the client's iterator is spent after an error. A refusal that the call accepts ends the list.
 */
export function webPages<T>(
  arm: Arm,
  call: AzureCall,
  list: (client: WebOperations) => Paged<T>,
): Promise<readonly ReadAnswer<T[]>[]> {
  return readPages((settings) => arm.web(call, (client) => pageOf(list(client), settings)));
}

/** The same for Azure SQL. */
export function sqlPages<T>(
  arm: Arm,
  call: AzureCall,
  list: (client: SqlManagementClient) => Paged<T>,
): Promise<readonly ReadAnswer<T[]>[]> {
  return readPages((settings) => arm.sql(call, (client) => pageOf(list(client), settings)));
}

/** The items of all pages as the client reads them. */
export function items<T>(pages: readonly ReadAnswer<T[]>[]): readonly T[] {
  return pages.flatMap((page) => page.value());
}

/** The items of all pages as Azure sent them. */
export function rawItems<T>(pages: readonly ReadAnswer<unknown[]>[]): readonly T[] {
  return pages.flatMap((page) => (page.json() as { value: readonly T[] }).value);
}

async function readPages<T>(
  read: (settings: PageSettings) => Promise<ReadAnswer<T[]>>,
): Promise<readonly ReadAnswer<T[]>[]> {
  const pages: ReadAnswer<T[]>[] = [];
  let link: string | undefined;
  do {
    const page = await read(link === undefined ? {} : { continuationToken: link });
    if (page.status !== 200) break;
    pages.push(page);
    link = linkIn(page.json());
  } while (link !== undefined);
  return pages;
}

async function pageOf<T>(list: Paged<T>, settings: PageSettings): Promise<T[]> {
  return (await list.byPage(settings).next()).value ?? [];
}

function linkIn(page: unknown): string | undefined {
  const { nextLink }: { nextLink?: unknown } = Object(page);
  return typeof nextLink === 'string' && nextLink !== '' ? nextLink : undefined;
}
