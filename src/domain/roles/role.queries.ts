import type { Database } from '#foundation/platform/database/database.ts'
import { forShare } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { RoleTable } from '#foundation/platform/database/schema.ts'
import { permissionsIn, type Role } from './role.ts'

const COLUMNS = ['name', 'description', 'permissions', 'revision', 'created_at', 'is_configured'] as const

function roleFromRow({ permissions, created_at: createdAt, is_configured: isConfigured, ...row }: RoleTable): Role {
  const origin = isConfigured === 0 ? 'pages' : 'configuration'
  return { ...row, permissions: permissionsIn(permissions), origin, createdAt }
}

/** Returns the roles, in the order of their names. */
export async function selectRoles(db: Database): Promise<Role[]> {
  const rows = await db.selectFrom('role').select(COLUMNS).orderBy('name').execute()
  return rows.map(roleFromRow)
}

/** Returns the role with this name; undefined if there is none. */
export async function selectRole(db: Database, name: string): Promise<Role | undefined> {
  const row = await db.selectFrom('role').select(COLUMNS).where('name', '=', name).executeTakeFirst()
  return row && roleFromRow(row)
}

const sharedRole = preparedQuery((db: Database, name: string) =>
  forShare(db, db.selectFrom('role').select(COLUMNS).where('name', '=', name)),
)

/** Returns the same, and lets no other transaction change or delete the role before this one ends. */
export async function selectSharedRole(db: Database, name: string): Promise<Role | undefined> {
  const [row] = await sharedRole(db, name)
  return row && roleFromRow(row)
}

/** Inserts a role; false if the name is taken. */
export async function insertRoleRow(db: Database, role: Role): Promise<boolean> {
  const { name, description, permissions, origin, revision, createdAt } = role
  const insertion = db.insertInto('role').values({
    name,
    description,
    permissions: permissions.join(' '),
    revision,
    created_at: createdAt ?? 0,
    is_configured: origin === 'configuration' ? 1 : 0,
  })
  const inserted = insertion.onConflict((conflict) => conflict.doNothing()).returning('name')
  return (await inserted.executeTakeFirst()) !== undefined
}

/** Writes a role if the row still has the revision that was read; returns whether it did. */
export async function updateRoleRow(db: Database, role: Role): Promise<boolean> {
  const update = db.updateTable('role').set({
    description: role.description,
    permissions: role.permissions.join(' '),
    is_configured: role.origin === 'configuration' ? 1 : 0,
    revision: role.revision + 1,
  })
  const updated = update.where('name', '=', role.name).where('revision', '=', role.revision).returning('name')
  return (await updated.executeTakeFirst()) !== undefined
}

/** Deletes a role if the row still has the revision that was read; returns whether it did. */
export async function deleteRoleRow(db: Database, { name, revision }: Role): Promise<boolean> {
  const deletion = db.deleteFrom('role').where('name', '=', name).where('revision', '=', revision).returning('name')
  return (await deletion.executeTakeFirst()) !== undefined
}
