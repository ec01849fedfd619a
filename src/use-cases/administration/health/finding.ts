// What one check found.
import type { Saying } from '../../../foundation/texts/english/checkup.ts'
import type { FindingFacts } from '../../../foundation/texts/english/finding.ts'

export const CHECK_LEVELS = ['ok', 'note', 'warning', 'failure'] as const
export type CheckLevel = (typeof CHECK_LEVELS)[number]

export interface Finding {
  /** Which check. */
  readonly code: string
  readonly level: CheckLevel
  /** The key of the sentence in the texts. */
  readonly says: Saying
  readonly facts: FindingFacts
  /** The user it is about, where it is about one. */
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

export function finding(level: CheckLevel, says: Saying, facts: Partial<FindingFacts> = {}): Finding {
  const [code = says] = says.split('.', 1)
  return { code, level, says, facts: { ...NO_FACTS, ...facts }, userId: null }
}
