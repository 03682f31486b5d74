import { withoutSignature } from './build.ts';
import { buildSource, packageUrl } from './build-source.ts';
import { imageName } from './image-name.ts';
import type { Slot } from './observed.ts';

/** Whether two slots are known to run the same build: the same image by its digest, the same URL, or what has the same ZDD_BUILD. */
export function sameBuild(one: Slot, other: Slot): boolean {
  const [a, b] = [buildSource(one), buildSource(other)];
  if (a.kind !== b.kind) return false;
  if (a.kind === 'image' && b.kind === 'image') {
    const [first, second] = [digestIn(a.image), digestIn(b.image)];
    return first !== undefined && first === second;
  }
  if (a.kind === 'package-url') return samePackage(packageUrl(one), packageUrl(other));
  return one.build !== undefined && one.build === other.build;
}

/** Whether two URLs lead to the same package, whoever may read it until when. */
export function samePackage(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && withoutSignature(one) === withoutSignature(other);
}

/** The digest in a name of an image, or in a stack such as `DOCKER|shop.azurecr.io/shop@sha256:…`. */
export function digestIn(stack: string): string | undefined {
  const reference = imageName(stack.replace(/^DOCKER\|/i, ''))?.reference;
  return reference?.startsWith('sha256:') ? reference : undefined;
}
