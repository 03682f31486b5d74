import type { SqlManagementClient } from '@azure/arm-sql';
import { Stop } from '../errors.ts';
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
    link = linkAfter(page.json(), link);
  } while (link !== undefined);
  return pages;
}

async function pageOf<T>(list: Paged<T>, settings: PageSettings): Promise<T[]> {
  return (await list.byPage(settings).next()).value ?? [];
}

/** Where the next page is. A list that leads to where it was read would be read for ever. */
export function linkAfter(page: unknown, at: string | undefined): string | undefined {
  const { nextLink }: { nextLink?: unknown } = Object(page);
  if (typeof nextLink !== 'string' || nextLink === '') return undefined;
  if (nextLink !== at) return nextLink;
  throw new Stop('failed', 'A list of Azure names itself as its next page.', 'Run the phase again.');
}
