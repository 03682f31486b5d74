/** How somebody who is told of a run takes it. */
export type Manner =
  | 'takes it'
  /** Answers, after some seconds. */
  | 'is slow'
  | 'refuses'
  /** 503 twice, as behind a load balancer while it restarts. */
  | 'restarts'
  | 'redirects'
  /** Takes the connection and never answers. */
  | 'hangs';

interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: never. */
  readonly afterMs: number | undefined;
}

/** A receiver of webhooks: keeps what it took, in order, and answers in its manner. */
export interface Receiver {
  readonly url: string;
  /** What it said 2xx to. */
  readonly taken: readonly Received[];
  /** How often it was asked. */
  readonly asked: () => number;
  reply(received: Received): Reply;
}

const SLOW_MS = 4000;

export function receiver(url: string, manner: Manner): Receiver {
  const taken: Received[] = [];
  let asked = 0;
  return {
    url,
    taken,
    asked: () => asked,
    reply(received) {
      asked++;
      switch (manner) {
        case 'refuses':
          return { status: 500, headers: {}, afterMs: 0 };
        case 'redirects':
          return { status: 302, headers: { location: 'https://elsewhere.example/' }, afterMs: 0 };
        case 'hangs':
          return { status: 0, headers: {}, afterMs: undefined };
        case 'restarts':
          if (asked < 3) return { status: 503, headers: {}, afterMs: 0 };
      }
      taken.push(received);
      return { status: 200, headers: {}, afterMs: manner === 'is slow' ? SLOW_MS : 0 };
    },
  };
}
