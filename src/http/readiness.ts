import { TOLD_SKEW, WORST_SEALING, WORST_SKEW } from '../administration/checkup/checkup.ts'
import { chainLag } from '../audit/sealer.service.ts'
import type { With } from '../context.ts'
import { clockSkew } from '../platform/database/clock-skew.ts'
import { schemaStatus } from '../platform/database/schema-status.ts'
import { isWritable } from '../platform/database/write-probe.ts'

const CHECKS = ['database', 'schema', 'clock', 'audit', 'writing', 'hasher'] as const
export type Check = (typeof CHECKS)[number]

/** What keeps this node from answering; empty when it is ready. */
export async function failingChecks(ctx: With<'db' | 'now' | 'hasher' | 'log'>): Promise<Check[]> {
  const database = await databaseChecks(ctx)
  return (await canHash(ctx)) ? database : [...database, 'hasher']
}

/** Workers that died are replaced by the next job; while this node is kept from getting any, by being asked here. */
async function canHash({ hasher }: With<'hasher'>): Promise<boolean> {
  const isDead = (): boolean => hasher.stats().workers === 0 && hasher.stats().replaced > 0
  if (isDead()) await hasher.warm()
  return !isDead()
}

async function databaseChecks({ db, now, log }: With<'db' | 'now' | 'log'>): Promise<Check[]> {
  try {
    const { state } = await schemaStatus(db)
    if (state !== 'current' && state !== 'ahead') return ['schema']
    const skew = await clockSkew(db, now)
    if (Math.abs(skew) > TOLD_SKEW)
      log.warn({ milliseconds: skew }, 'the clock of the database is ahead of ours or behind')
    const isUnsealed = (await chainLag({ db, now })) > WORST_SEALING
    const failing: Check[] = []
    if (Math.abs(skew) > WORST_SKEW) failing.push('clock')
    if (isUnsealed) failing.push('audit')
    if (!isWritable(db)) failing.push('writing')
    return failing
  } catch (error) {
    log.warn({ err: error }, 'the database could not be asked whether this node is ready')
    return ['database']
  }
}
