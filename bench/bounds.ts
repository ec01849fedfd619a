/** A bound of the product. Each figure is a ratio within one run or a size, so that it is comparable between machines. */
export interface Bound {
  readonly what: string
  readonly target: number
  readonly better: 'more' | 'less'
}

export const BOUNDS = {
  signInsOfRaw: {
    what: 'sign-ins a second with second factor ÷ raw argon2id on the same cores',
    target: 0.75,
    better: 'more',
  },
  signInsOfPeer: { what: 'sign-ins a second with second factor ÷ Better Auth', target: 5, better: 'more' },
  whoAmIOfFloor: { what: 'who am I a second ÷ floor', target: 0.5, better: 'more' },
  whoAmIOfPeer: { what: 'who am I a second ÷ Better Auth', target: 9, better: 'more' },
  storm: { what: 'who am I p95 in a sign-in storm ÷ one raw hash', target: 1, better: 'less' },
  coldStart: { what: 'cold start ÷ floor', target: 1.5, better: 'less' },
  idle: { what: 'memory idle, MiB', target: 120, better: 'less' },
  loaded: { what: 'memory after the load, MiB', target: 180, better: 'less' },
  postgres: { what: 'who am I on PostgreSQL a second ÷ raw `pg` look-ups', target: 0.6, better: 'more' },
} as const satisfies Readonly<Record<string, Bound>>
