import type { HttpRequest } from '../../src/ports.ts';
import { urlOf } from '../model/known-url.ts';

/** One thing that the action asks of the world, as it passes through a port. */
export interface Call {
  /** Counts from 1 in each process. */
  readonly ordinal: number;
  readonly port: 'http' | 'login' | 'sql' | 'command';
  /** Method and path, or the statement: what a report shows. */
  readonly text: string;
  /** Whether it may change the world. */
  readonly changes: boolean;
  readonly http?: HttpRequest;
}

export function httpCall(ordinal: number, http: HttpRequest): Call {
  const { host, pathname } = urlOf(http.url);
  // Settings are read by a POST, because they are secrets, and so is a token of a registry.
  const changes =
    !/^(GET|HEAD)$/.test(http.method) && !/\/config\/\w+\/list$|^\/oauth2\/(exchange|token)$/i.test(pathname);
  return { ordinal, port: 'http', text: `${http.method} ${host}${shortened(pathname)}`, changes, http };
}

export function loginCall(ordinal: number, database: string): Call {
  return { ordinal, port: 'login', text: `login ${database}`, changes: false };
}

export function sqlCall(ordinal: number, database: string, statement: string): Call {
  const words = statement.replaceAll(/\s+/g, ' ').trim();
  const changes = /^(ALTER|INSERT|UPDATE|DELETE|EXEC)\b|sp_getapplock/i.test(words);
  return { ordinal, port: 'sql', text: `${database}: ${words.slice(0, 60)}`, changes };
}

export function commandCall(ordinal: number, command: string): Call {
  return { ordinal, port: 'command', text: `command ${command}`, changes: true };
}

/** What makes a request another one: not its numbers, which are ids and instants. */
export function requestOf({ text, http, changes }: Call): string {
  const body = changes && typeof http?.body === 'string' ? http.body : '';
  return `${text} ${body}`.replaceAll(/\d+/g, 'N');
}

/** To the control plane or SCM, and not to the app itself. */
export function isToAzure(call: Call): boolean {
  return call.http !== undefined && /^https:\/\/(management\.azure\.com|[^/]+\.scm\.)/.test(call.http.url);
}

/** To the app itself, as a visitor asks it. */
export function isVisit(call: Call): boolean {
  return call.http !== undefined && !isToAzure(call);
}

/** Signed URLs and subscription ids have no place in a report. */
function shortened(path: string): string {
  return path.replace(/^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+\/providers)?/i, '');
}
