import type { Permission } from '#foundation/kernel/principal.ts'

/** What permissions are called, on roles and on API tokens. */
export const permissionNames: Readonly<Record<Permission, string>> = {
  'users:read': 'View users',
  'users:help': 'Help users',
  'users:write': 'Manage users',
  'users:reset-factors': 'Reset second steps',
  'groups:write': 'Manage groups',
  'roles:write': 'Manage roles',
  'audit:read': 'View activity',
  'policy:write': 'Manage policies',
  'apps:write': 'Manage apps',
  'server:read': 'View server',
}
