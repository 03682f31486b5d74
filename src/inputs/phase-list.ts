import { type PhaseName, phases, usualWay } from '../settings/choices.ts';
import { Wrong } from './reader.ts';

/**
 * One phase or several separated by commas. A list may leave phases of the usual way out but not turn back; `rollback` takes the
 * place of `deploy`.
 */
export function phaseList(value: string): readonly PhaseName[] {
  const names = value.split(/[\n,]/).map((name) => name.trim());
  const list = names.map((name) => {
    const phase = phases.find((each) => each === name);
    if (name === '') throw new Wrong('phases with one comma between them; one entry is empty');
    if (phase === undefined)
      throw new Wrong(`${phases.join(', ')}, or several of them separated by commas${nearest(name)}`);
    return phase;
  });
  const repeated = list.find((phase, index) => list.indexOf(phase) !== index);
  if (repeated !== undefined) throw new Wrong(`each phase once; "${repeated}" stands there twice`);
  if (list.includes('status') && list.length > 1) throw new Wrong('status alone, without other phases');
  if (list.includes('rollback') && list.includes('deploy')) {
    throw new Wrong('rollback or deploy, not both in one list: the one undoes the other');
  }
  const places = list.map((phase) => usualWay.findIndex((each) => each === (phase === 'rollback' ? 'deploy' : phase)));
  const late = places.findIndex((place, index) => place < (places[index - 1] ?? -1));
  if (late > 0) throw new Wrong(`phases in their order (${usualWay.join(', ')}); "${list[late]}" comes too late`);
  return list;
}

function nearest(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const close = phases.find((phase) => phase.replaceAll('-', '') === plain);
  return close === undefined ? '' : `; did you mean "${close}"?`;
}
