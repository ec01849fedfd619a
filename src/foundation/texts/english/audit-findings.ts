// What the server finds about the audit log.
import type { Duration } from '#foundation/kernel/time.ts'
import { ageInWords } from '../spans.ts'
import type { FindingWords } from './findings.ts'

const age = (span: Duration): string => ageInWords('en', span)
const CHECKPOINT_FIX =
  'The server saves one while it runs and when it stops. Check that it can write to the data folder.'

function hours(span: Duration): string {
  const whole = Math.floor(span / 3_600_000)
  if (whole === 0) return 'less than an hour'
  return whole === 1 ? '1 hour' : `${whole} hours`
}

export const auditFindings = {
  'audit-chain.current': { sentence: () => 'The audit log’s chain is up to date.' },
  'audit-chain.waiting': {
    sentence: ({ span }) => `An audit event has waited ${age(span)} to be chained. That’s too long.`,
    fix: () => 'The server chains events while it runs. If it’s running, its log says why this failed.',
  },
  'audit-checkpoint.recent': {
    sentence: ({ span }) => `A checkpoint of the audit log was saved outside the database ${hours(span)} ago.`,
  },
  'audit-checkpoint.late': {
    sentence: ({ span }) => `The latest checkpoint of the audit log was saved outside the database ${hours(span)} ago.`,
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.never': {
    sentence: () => 'No checkpoint of the audit log has been saved outside the database yet.',
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.contradicted': {
    sentence: () => 'The audit log doesn’t match its checkpoint: it was cut off or recomputed.',
    fix: ({ command }) =>
      `To see what was changed, and what to do after restoring a backup, run this on the server: ${command}`,
  },
} satisfies Record<string, FindingWords>
