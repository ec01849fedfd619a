import { sql } from 'kysely'

import { ignoringCase, isKeyless, mayMixLetters } from '../keyless.ts'
import type { Migration } from './migration.ts'

/**
 * Stores when an externally inserted row was completed, which happens in the background, and adds the indexes by which such rows are found
 * and a new name is compared with theirs. No index needs a function that the SQLite of another program may lack.
 */
export const externalRows: Migration = {
  version: 5,
  name: 'external rows',
  oldestProgram: 1,
  async up(trx) {
    const index = (name: string) => trx.schema.createIndex(name).on('users')
    await trx.schema.alterTable('users').addColumn('completed_at', 'bigint').execute()
    const keyless = index('users_keyless').columns(['id', 'completed_at', 'username_key'])
    await keyless.where(isKeyless('username_key')).execute()
    for (const column of ['username', 'email'] as const) {
      const texts = index(`users_keyless_${column}`).expression(sql`${ignoringCase(trx.dialect, column)}, id`)
      await texts
        .where(isKeyless(`${column}_key`))
        .where(sql.ref(column), 'is not', null)
        .execute()
    }
    await index('users_mixed_letters').column('id').where(mayMixLetters(trx.dialect)).execute()
  },
}
