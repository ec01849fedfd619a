import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Roles beside `admin` and `user`. An older program takes a user with such a role for a user without permissions. */
export const roles: Migration = {
  version: 18,
  name: 'roles',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'role',
      key: 'name',
      columns: {
        name: 'text',
        description: 'text',
        permissions: 'text',
        revision: 'integer',
        created_at: 'bigint',
        is_configured: 'integer',
      },
    })
  },
}
