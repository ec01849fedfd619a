// Handles a database that went back to an earlier state while no server was running (decision 0045).
import type { Checkpoint } from '#domain/audit/checkpoint.service.ts'
import { acceptCurrentEnd, missingCheckpoint } from '#domain/audit/verify.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, type Dependencies, inTransaction } from '#foundation/context.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { liftLimits } from '#foundation/platform/database/transaction.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { endWhatCouldReturn } from '#use-cases/administration/state-rollback/state-rollback.service.ts'

/**
 * If the database lacks commits that were acknowledged, or the audit log lacks the event of the last checkpoint, invalidates everything
 * that could be used a second time (replay), writes a checkpoint of the current end, and returns the sentence for the operator. Returns
 * undefined otherwise. Throws if that cannot be written, so that the start fails.
 */
export async function answerStateRollback(deps: Dependencies): Promise<string | undefined> {
  const missing = await missingCheckpoint(deps)
  const { lostCommits } = deps.db
  if (missing === undefined && lostCommits?.found !== true) return undefined
  await inTransaction(contextFor(deps, OPERATOR), async (tx) => {
    // The transaction updates every user. A time limit would abort it at every start, so the server could never start.
    await liftLimits(tx.db)
    await endWhatCouldReturn(tx, missing)
  })
  await acceptCurrentEnd(deps)
  lostCommits?.accept()
  const facts = missing && { position: missing.position, at: missing.at }
  deps.log.error({ ...facts }, LOGGED[missing === undefined ? 'commits' : 'checkpoint'])
  return (
    `${whatIsMissing(missing)} ` +
    'All users were signed out, and links, unfinished sign-ins and current codes no longer work. ' +
    'Later changes may be lost: new users, passwords, disabled users, used recovery codes, revoked API tokens. ' +
    `${commandFor(deps.config, 'audit verify')} shows what is missing from the audit log. For what to do next, see docs/backup.md.`
  )
}

const LOGGED = {
  checkpoint: 'database is older than its last audit checkpoint; all users were signed out',
  commits: 'commits of the database are missing; all users were signed out',
} as const

function whatIsMissing(missing: Pick<Checkpoint, 'position' | 'at'> | undefined): string {
  if (missing === undefined)
    return 'The last changes are missing from the database: the file that ends in -wal was removed, a backup was restored, or the database was copied without that file.'
  return (
    `The database is older than its last audit checkpoint: event ${missing.position}, recorded at ${toRfc3339(missing.at)}, is missing. ` +
    'This happens when the file that ends in -wal was removed, a backup was restored, or the log was rewritten.'
  )
}
