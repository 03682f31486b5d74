import type { Ports } from '../../src/ports.ts';
import type { Mark } from './own-waits.ts';

interface Begun {
  readonly phase: string;
  readonly at: number;
}

/** Hears from the log and the requests of a run what it does when. */
interface Marker {
  around(ports: Ports): Ports;
  marks(): readonly Mark[];
  /** The phases of the run, in the order in which they began. */
  phases(): readonly Begun[];
}

const LOOK = { what: 'Look at everything again', why: 'what is done next is decided by what is there now' };
/** A look at Azure begins with the list of databases. */
const LIST = /\/servers\/[^/]+\/databases$/i;

export function marker(): Marker {
  const marks: Mark[] = [];
  const phases: Begun[] = [];
  const put = (mark: Mark) => {
    const last = marks.at(-1);
    // Steps of one batch begin in the same instant.
    if (last === undefined || last.at !== mark.at) marks.push(mark);
    else if (!last.what.includes(mark.what))
      marks[marks.length - 1] = { ...last, what: `${last.what}; ${mark.what}`, why: `${last.why}; ${mark.why}` };
  };
  return {
    marks: () => marks,
    phases: () => phases,
    around: (ports) => ({
      ...ports,
      log: {
        ...ports.log,
        info(message) {
          const [, what, why] = /^(.*?), because (.*)\.$/.exec(message) ?? [];
          if (what !== undefined && why !== undefined) put({ at: ports.clock.now(), what, why });
          ports.log.info(message);
        },
        group(title, work) {
          const at = ports.clock.now();
          const phase = title.replace(/^Phase /, '');
          phases.push({ phase, at });
          marks.push({
            at,
            what: `Begin "${phase}"`,
            why: 'a phase relies on no other run: it looks, opens its way to SQL, takes the lease',
          });
          return ports.log.group(title, work);
        },
      },
      async send(request, signal) {
        const isLook = request.method === 'GET' && LIST.test(new URL(request.url).pathname);
        if (isLook && !marks.at(-1)?.what.startsWith('Begin')) put({ at: ports.clock.now(), ...LOOK });
        return ports.send(request, signal);
      },
    }),
  };
}
