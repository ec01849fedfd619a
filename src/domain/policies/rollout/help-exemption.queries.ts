import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** Stores that the help desk exempts a user now; false if it did so after `since`. One statement, so that of two helpers one is first. */
export async function putHelpExemption(
  db: Database,
  { subject, now, since }: { readonly subject: string; readonly now: Instant; readonly since: Instant },
): Promise<boolean> {
  const row = await db
    .insertInto('help_exemption')
    .values({ subject, exempted_at: now })
    .onConflict((conflict) =>
      conflict.column('subject').doUpdateSet({ exempted_at: now }).where('help_exemption.exempted_at', '<=', since),
    )
    .returning('subject')
    .executeTakeFirst()
  return row !== undefined
}

/** Returns when the help desk exempted a user last; undefined if it never did. */
export function selectHelpExemption(
  db: Database,
  subject: string,
): Promise<{ readonly exempted_at: Instant } | undefined> {
  return db.selectFrom('help_exemption').select('exempted_at').where('subject', '=', subject).executeTakeFirst()
}
