import type { FindingFacts } from '../../web/texts/english/finding.ts'

/** For a sentence that needs none of them. */
export const NO_FACTS: FindingFacts = {
  count: 0,
  more: 0,
  bytes: 0,
  logBytes: 0,
  span: 0,
  url: '',
  otherUrl: '',
  address: '',
  engine: '',
  version: '',
  node: '',
  schema: 0,
  id: 0,
  command: '',
  columns: '',
}
