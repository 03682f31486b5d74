import { randomFrom } from '../../simulator/torture/seeded.ts';

/**
 * So many of all that fit, each as likely as any other; the same for the same seed.
 * @param fitting keeps those of a part that fit: asking costs time, so only as many are asked as are needed
 */
export function sampleOf<T>(
  all: readonly T[],
  size: number,
  seed: number,
  fitting: (some: readonly T[]) => readonly T[],
): readonly T[] {
  const random = randomFrom(seed);
  const left = all.map((each) => [random(), each] as const).sort(([one], [other]) => one - other);
  const chosen: T[] = [];
  while (chosen.length < size && left.length > 0) {
    const next = left.splice(0, Math.ceil(1.5 * (size - chosen.length)));
    chosen.push(...fitting(next.map(([, each]) => each)));
  }
  return chosen.slice(0, size);
}
