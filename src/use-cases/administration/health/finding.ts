// The result of one check of the check-up.
import type { Saying } from '../../../foundation/texts/english/checkup.ts'
import type { FindingFacts } from '../../../foundation/texts/english/findings.ts'

export const CHECK_LEVELS = ['ok', 'note', 'warning', 'failure'] as const
export type CheckLevel = (typeof CHECK_LEVELS)[number]

export interface Finding {
  /** The id of the check. */
  readonly code: string
  readonly level: CheckLevel
  /** The key of the sentence in the texts. */
  readonly says: Saying
  readonly facts: FindingFacts
  /** The id of the user concerned; null for a finding about the server. */
  readonly userId: number | null
}

const NO_FACTS: FindingFacts = {
  count: 0,
  more: 0,
  bytes: 0,
  logBytes: 0,
  span: 0,
  ago: 0,
  url: '',
  otherUrl: '',
  address: '',
  engine: '',
  version: '',
  node: '',
  schema: 0,
  id: 0,
  command: '',
  job: '',
  columns: '',
}

/** Makes a finding about the server; its code is the part of `says` before the first dot. */
export function finding(level: CheckLevel, says: Saying, facts: Partial<FindingFacts> = {}): Finding {
  const [code = says] = says.split('.', 1)
  return { code, level, says, facts: { ...NO_FACTS, ...facts }, userId: null }
}
