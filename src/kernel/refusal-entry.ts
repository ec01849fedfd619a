export type RefusalKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'reauthentication'
  | 'forbidden'
  | 'missing'
  | 'method'
  | 'conflict'
  | 'stale'
  | 'too-large'
  | 'media-type'
  | 'throttled'
  | 'unavailable'

/** One line of the table of refusals. */
export interface RefusalEntry {
  readonly kind: RefusalKind
  /** A short, stable headline: the `title` of a problem document. */
  readonly title: string
  /** What happened and what to do now, in English; pages say it from the catalogue of texts. */
  readonly detail: string
}
