import { createHash } from 'node:crypto';

/** The new build as it was given: what `deploy` brings to a slot. Another way to give one is another kind. */
export type Build = PackageFile | PackageUrl | Image;

/** A zip file, which is uploaded. */
export interface PackageFile {
  readonly kind: 'package';
  /** Absolute. */
  readonly path: string;
  /** Of the file, in hex. */
  readonly sha256: string;
}

/** A zip at a URL: a setting names it, and App Service fetches it at every start. */
export interface PackageUrl {
  readonly kind: 'package-url';
  /** With its signature, which is a secret. */
  readonly url: string;
  /** What its host says to tell contents apart; undefined when it says nothing. */
  readonly etag: string | undefined;
}

/** An image in a registry: the configuration of the slot names it. */
export interface Image {
  readonly kind: 'image';
  /** As it was given, such as `shop.azurecr.io/shop:2`. */
  readonly named: string;
  /** `sha256:…`: what the name meant when the registry was asked. */
  readonly digest: string;
}

/** What tells a build from another one; every instance that has it holds this in the app setting ZDD_BUILD. */
export function buildId(build: Build): string {
  switch (build.kind) {
    case 'package':
      return build.sha256;
    case 'package-url':
      // Another signature for the same content is the same build.
      return createHash('sha256')
        .update(`${withoutSignature(build.url)}\n${build.etag ?? ''}`)
        .digest('hex');
    case 'image':
      return build.named.includes('@') ? build.named : `${build.named}@${build.digest}`;
  }
}

/** The build as people read it, such as `the package (e3b0c44298fc)`. */
export function buildText(build: Build): string {
  switch (build.kind) {
    case 'package':
      return `the package (${build.sha256.slice(0, 12)})`;
    case 'package-url':
      return `the package at ${withoutQuery(build.url)}`;
    case 'image':
      return `the image ${buildId(build)}`;
  }
}

/** The URL without what only says who may read it until when, so that it can be shown and compared. */
export function withoutSignature(url: string): string {
  const at = new URL(url);
  for (const name of [...at.searchParams.keys()]) if (SIGNATURE.has(name.toLowerCase())) at.searchParams.delete(name);
  return at.href;
}

/** https://learn.microsoft.com/rest/api/storageservices/create-service-sas, https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas */
const SIGNATURE = new Set(
  'sv,sr,st,se,sp,sip,spr,si,sig,ss,srt,sdd,skoid,sktid,skt,ske,sks,skv,saoid,suoid,scid'.split(','),
);

/** For people: what stands in a query may be a secret. */
export function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
