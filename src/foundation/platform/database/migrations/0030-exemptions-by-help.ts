import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/**
 * Which exemptions the help desk gave: they count for versions that let it exempt users. Of those that are stored, these are the ones that were
 * given at the instant of the user's last exemption by the help desk. While an older program runs beside this one, an exemption that it
 * stores over one of the help desk keeps the mark, so it may end with the version: access shrinks.
 */
export const exemptionsByHelp: Migration = {
  version: 30,
  name: 'exemptions by the help desk',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('policy_exemption').addColumn('by_help', 'integer').execute()
    await sql`update policy_exemption set by_help = 1 where exists (select 1 from help_exemption
      where help_exemption.subject = policy_exemption.subject
        and help_exemption.exempted_at = policy_exemption.created_at)`.execute(trx)
  },
}
