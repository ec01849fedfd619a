// Calls the queries of roles, once for each form of their SQL.
import * as roles from '#domain/roles/role.queries.ts'
import type { Role } from '#domain/roles/role.ts'
import { countByRole, roleIsHeldBeside } from '#domain/users/role-users.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW } from './values.ts'

const ROLE: Role = {
  name: 'help-desk',
  description: 'Resets second steps',
  permissions: ['users:read', 'users:reset-factors'],
  origin: 'pages',
  revision: 1,
  createdAt: NOW,
}

export const ROLE_CALLS: QueryCalls = {
  'src/domain/roles/role.queries.ts': {
    selectRoles: roles.selectRoles,
    selectRole: (db) => roles.selectRole(db, 'help-desk'),
    selectSharedRole: (db) => roles.selectSharedRole(db, 'help-desk'),
    insertRoleRow: (db) => roles.insertRoleRow(db, ROLE),
    updateRoleRow: (db) => roles.updateRoleRow(db, ROLE),
    deleteRoleRow: (db) => roles.deleteRoleRow(db, ROLE),
  },
  'src/domain/users/role-users.queries.ts': {
    countByRole: (db) => countByRole(db, ['admin', 'help-desk']),
    roleIsHeldBeside: (db) => roleIsHeldBeside(db, 'help-desk', 'subject'),
  },
}
