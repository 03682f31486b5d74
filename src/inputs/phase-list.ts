import { isPhaseName, type PhaseName, phaseNames, traitsOf, usualWay } from '../settings/phases.ts';
import { Wrong } from './reader.ts';

/**
 * One phase or several separated by commas. A list may leave phases of the usual way out but not turn back; `rollback` takes the
 * place of `deploy`.
 */
export function phaseList(value: string): readonly PhaseName[] {
  const names = value.split(/[\n,]/).map((name) => name.trim());
  const list = names.map((name) => {
    if (name === '') throw new Wrong('phases with one comma between them; one entry is empty');
    if (!isPhaseName(name))
      throw new Wrong(`${phaseNames.join(', ')}, or several of them separated by commas${nearest(name)}`);
    return name;
  });
  const repeated = list.find((phase, index) => list.indexOf(phase) !== index);
  if (repeated !== undefined) throw new Wrong(`each phase once; "${repeated}" stands there twice`);
  const alone = list.find((phase) => traitsOf[phase].place === 'alone');
  if (alone !== undefined && list.length > 1) throw new Wrong(`${alone} alone, without other phases`);
  const instead = list.find((phase) => traitsOf[phase].place === 'deploy');
  if (instead !== undefined && list.includes('deploy')) {
    throw new Wrong(`${instead} or deploy, not both in one list: the one undoes the other`);
  }
  const places = list.map((phase) => usualWay.indexOf(phase === instead ? 'deploy' : phase));
  const late = places.findIndex((place, index) => place < (places[index - 1] ?? -1));
  if (late > 0) throw new Wrong(`phases in their order (${usualWay.join(', ')}); "${list[late]}" comes too late`);
  return list;
}

function nearest(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const close = phaseNames.find((phase) => phase.replaceAll('-', '') === plain);
  return close === undefined ? '' : `; did you mean "${close}"?`;
}
