import type { Duration } from '../../kernel/time.ts'

/** What a sentence about a check may say; each uses a few of them. */
export interface FindingFacts {
  readonly count: number
  /** What is counted besides. */
  readonly more: number
  readonly bytes: number
  readonly logBytes: number
  readonly span: Duration
  /** How long ago something happened. */
  readonly ago: Duration
  /** An origin, such as `https://id.example.org`. */
  readonly url: string
  /** A second one that ought to be the same. */
  readonly otherUrl: string
  /** A network address. */
  readonly address: string
  readonly engine: string
  readonly version: string
  readonly node: string
  readonly schema: number
  /** The id of a user. */
  readonly id: number
  /** A command, as it is typed on the server. */
  readonly command: string
  /** The name of a background job. */
  readonly job: string
  /** Names of columns. */
  readonly columns: string
}

export interface FindingWords {
  /** What is so. */
  readonly sentence: (facts: FindingFacts) => string
  /** What to do; absent where nothing is to be done. */
  readonly fix?: (facts: FindingFacts) => string
}
