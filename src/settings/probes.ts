/** Must be answered so while the site is read-only. */
export type ReadOnlyProbe = ExpectedAnswer;

/** Writes something harmless, and must be answered so when visitors can write. */
export type WriteProbe = ExpectedAnswer;

/** A request, and how it must be answered. */
export interface ExpectedAnswer {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`. */
  readonly path: string;
  readonly status: number;
  /** Where the answer must redirect to: a path, or an absolute URL. Undefined: not looked at. */
  readonly location?: string;
  /** What its page must show. Undefined: not looked at. */
  readonly shows?: Shown;
}

/** Text as it stands in the page, mark-up included; or that no form on it can be sent. */
export type Shown = { readonly contains: string } | { readonly lacks: string } | 'forms-disabled';

/** Where the running version is read. */
export type VersionSource =
  /** The whole answer, white space at both ends removed. */
  | { readonly kind: 'body'; readonly path: string }
  /** A header of the answer. */
  | { readonly kind: 'header'; readonly path: string; readonly header: string }
  /** A member of the JSON answer, named by a JSON pointer (RFC 6901) such as `/version`. */
  | { readonly kind: 'json'; readonly path: string; readonly pointer: string };
