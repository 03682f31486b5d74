/** Becomes the fault that answers the statement. */
export class SqlProblem extends Error {
  readonly number: number;
  readonly class: number;
  constructor(number: number, severity: number, message: string) {
    super(message);
    this.name = 'SqlProblem';
    this.number = number;
    this.class = severity;
  }
}
