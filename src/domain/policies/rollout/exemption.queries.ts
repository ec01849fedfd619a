import type { Database } from '#foundation/platform/database/database.ts'
import type { Exemption } from './exemption.ts'

const COLUMNS = [
  'policy_id as policyId',
  'subject',
  'reason',
  'ends_at as endsAt',
  'created_at as createdAt',
  'created_by as createdBy',
  'by_help as byHelp',
] as const

/** Inserts an exemption, or replaces the one that the user has from this policy. */
export async function putExemptionRow(db: Database, exemption: Exemption): Promise<void> {
  const { policyId, subject, reason, endsAt, createdAt, createdBy, byHelp } = exemption
  const given = { reason, ends_at: endsAt, created_at: createdAt, created_by: createdBy, by_help: byHelp ? 1 : null }
  await db
    .insertInto('policy_exemption')
    .values({ policy_id: policyId, subject, ...given })
    .onConflict((conflict) => conflict.columns(['policy_id', 'subject']).doUpdateSet(given))
    .execute()
}

/** Deletes an exemption; false if there is none. */
export async function deleteExemptionRow(db: Database, policyId: string, subject: string): Promise<boolean> {
  const row = await db
    .deleteFrom('policy_exemption')
    .where('policy_id', '=', policyId)
    .where('subject', '=', subject)
    .returning('subject')
    .executeTakeFirst()
  return row !== undefined
}

/** Returns the exemption of a user from a policy, ended or not; undefined if there is none. */
export async function selectExemption(db: Database, policyId: string, subject: string): Promise<Exemption | undefined> {
  const row = await db
    .selectFrom('policy_exemption')
    .select(COLUMNS)
    .where('policy_id', '=', policyId)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row && { ...row, byHelp: row.byHelp !== null }
}
