/** Thrown where a name leads nowhere: a vault or an account that was deleted, or never was. */
export class NoSuchHost extends Error {
  constructor(host: string) {
    super(`getaddrinfo ENOTFOUND ${host}`);
    this.name = 'NoSuchHost';
  }
}
