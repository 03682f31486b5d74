/** The new build as it was given: what `deploy` brings to a slot. Another way to give one is another kind. */
export type Build = PackageBuild;

/** A zip file, which is uploaded. */
interface PackageBuild {
  readonly kind: 'package';
  /** Absolute. */
  readonly path: string;
  /** Of the file, in hex. */
  readonly sha256: string;
}

/** What tells a build from another one; every instance that has it holds this in the app setting ZDD_BUILD. */
export function buildId({ sha256 }: Build): string {
  return sha256;
}

/** The build as people read it, such as `the package (e3b0c44298fc)`. */
export function buildText({ sha256 }: Build): string {
  return `the package (${sha256.slice(0, 12)})`;
}
