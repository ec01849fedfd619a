import type { Permission } from '#foundation/kernel/principal.ts'

/** What permissions are called, on roles and on API tokens. */
export const permissionNames: Readonly<Record<Permission, string>> = {
  'users:read': 'Benutzer ansehen',
  'users:help': 'Benutzern helfen',
  'users:write': 'Benutzer verwalten',
  'users:reset-factors': 'Zweite Schritte zurücksetzen',
  'groups:write': 'Gruppen verwalten',
  'roles:write': 'Rollen verwalten',
  'audit:read': 'Aktivität ansehen',
  'policy:write': 'Richtlinien verwalten',
  'apps:write': 'Apps verwalten',
  'server:read': 'Server ansehen',
}
