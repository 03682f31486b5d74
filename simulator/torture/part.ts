import { InvalidArgumentError } from 'commander';

/** Of a list every `of`-th, beginning with the `index`-th, counted from 1: parts of one size that hold some of everything. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Part = { index: 1, of: 1 };

/**
 * @param text `k/n`
 * @throws InvalidArgumentError when it is none
 */
export function partFrom(text: string): Part {
  const [, index, of] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (!(part.index <= part.of)) throw new InvalidArgumentError('Allowed: k/n with k from 1 to n, such as 1/20.');
  return part;
}

export function inPart<T>(list: readonly T[], { index, of }: Part): T[] {
  return list.filter((_, place) => place % of === index - 1);
}
