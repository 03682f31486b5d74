import type { Slot } from '../../src/deployment/observed.ts';
import { OUR_TAG } from '../../src/deployment/our-tags.ts';
import { slot } from './observed.ts';
import { type Held, instant, type Picture } from './picture.ts';

export function slotIn(picture: Picture, name: string): Slot {
  const found = picture.slots[name];
  if (found === undefined) throw new Error(`The plan works on slot ${name}, which does not exist.`);
  return found;
}

export function withSlot(picture: Picture, changed: Slot): Picture {
  return { ...picture, slots: { ...picture.slots, [changed.name]: changed } };
}

/** A new build brings the originals that it is told of to its schema. */
export function started(picture: Picture, name: string): Picture {
  const running = slot(name, { ...slotIn(picture, name), state: 'Running' });
  const isArmed = running.marker?.role === 'new' && Object.keys(running.connectionStrings).length > 0;
  return withSlot(isArmed ? withSchema(picture, '2') : picture, running);
}

export function withSchema(picture: Picture, schema: string): Picture {
  const databases = picture.databases.map((held) =>
    held.database.name.includes('-zdd-') ? held : { ...held, schema },
  );
  return { ...picture, databases };
}

export function withDatabase(picture: Picture, name: string, change: (held: Held) => Held): Picture {
  if (!picture.databases.some((held) => held.database.name === name)) {
    throw new Error(`The plan works on database ${name}, which does not exist.`);
  }
  return {
    ...picture,
    databases: picture.databases.map((held) => (held.database.name === name ? change(held) : held)),
  };
}

export function tagged(picture: Picture, name: string, tags: Readonly<Record<string, string>>): Picture {
  return withDatabase(picture, name, (held) => ({
    ...held,
    database: { ...held.database, tags: { ...held.database.tags, ...tags } },
  }));
}

export function withTags(held: Held, isKept: (name: string) => boolean): Held {
  const tags = Object.entries(held.database.tags).filter(([name]) => !OUR_TAG.test(name) || isKept(name));
  return { ...held, database: { ...held.database, tags: Object.fromEntries(tags) } };
}

export function moved(picture: Picture, from: string, to: string): Picture {
  if (picture.databases.some((held) => held.database.name === to)) throw new Error(`The name ${to} is taken.`);
  return withDatabase(picture, from, (held) => ({ ...held, database: { ...held.database, name: to } }));
}

export function withJobs(picture: Picture, name: string, run: boolean): Picture {
  const others = picture.jobsOff.filter((each) => each !== name);
  return { ...picture, jobsOff: run ? others : [...others, name] };
}

export function withApp(picture: Picture, key: string, state: 'Running' | 'Stopped'): Picture {
  const others = picture.appsOff.filter((each) => each !== key);
  return { ...picture, appsOff: state === 'Running' ? others : [...others, key] };
}

/** What is in the slots changes places; names, hosts, states and tags stay. */
export function swapped(picture: Picture, source: string): Picture {
  const other = slotIn(picture, source);
  const { production } = picture;
  if (other.state !== 'Running' || production.state !== 'Running') throw new Error('A swap needs both slots Running.');
  const carried = ({ appSettings, connectionStrings, travelling }: Slot) => ({
    appSettings,
    connectionStrings,
    travelling,
  });
  const swapStatus = { at: instant(picture), source, destination: 'production' };
  return {
    ...withSlot(picture, slot(source, { ...other, ...carried(production), swapStatus })),
    jobsOff: picture.jobsOff.map((name) => ({ production: source, [source]: 'production' })[name] ?? name),
    production: slot('production', { ...production, ...carried(other), swapStatus }),
  };
}
