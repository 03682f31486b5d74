import { flushCompileCache } from 'node:module';

/** Where suites are played: in Node's own world. What one of them changes there is put back before the next. */
export default class NodeEnvironment {
  readonly global = globalThis;
  readonly #env = { ...process.env };
  readonly #cwd = process.cwd();
  readonly #exit = process.exit;
  readonly #console = globalThis.console;

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    for (const name of Object.keys(process.env)) if (!(name in this.#env)) delete process.env[name];
    Object.assign(process.env, this.#env);
    process.chdir(this.#cwd);
    // Jest has put its own here.
    process.exit = this.#exit;
    globalThis.console = this.#console;
    // Now, not when a worker ends: Jest gives it half a second for that.
    flushCompileCache();
  }

  /** There is no world of its own. */
  getVmContext(): null {
    return null;
  }
}
