// Roles and what they permit.
import type { Permission } from '#foundation/kernel/principal.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'

const permissions: Readonly<Record<Permission, Readonly<Record<'name' | 'hint', string>>>> = {
  'users:read': {
    name: permissionNames['users:read'],
    hint: 'All users, their sign-in methods and sessions, and the overview.',
  },
  'users:help': {
    name: permissionNames['users:help'],
    hint: 'For a help desk: reset second steps, email links to a new password, send invitations again, unlock, explain refusals. Only users without permissions. Shows no link that opens an account.',
  },
  'users:write': {
    name: permissionNames['users:write'],
    hint: `Create, change, invite, help, disable, sign out and delete users. Includes ${quoted(permissionNames['server:read'])}. Roles are not included.`,
  },
  'users:reset-factors': {
    name: permissionNames['users:reset-factors'],
    hint: 'Reset the second step of users who have lost it, also of users with permissions you have yourself. The password stays.',
  },
  'groups:write': {
    name: permissionNames['groups:write'],
    hint: `Create and change groups. With ${quoted(permissionNames['users:read'])}, also their members and managers.`,
  },
  'roles:write': {
    name: permissionNames['roles:write'],
    hint: `Create and change roles. Together with ${quoted(permissionNames['users:write'])}, also give roles to users.`,
  },
  'audit:read': { name: permissionNames['audit:read'], hint: 'Everything that happened on this server.' },
  'policy:write': {
    name: permissionNames['policy:write'],
    hint: `What the server requires at sign-in, and the attributes of profiles. Together with ${quoted(permissionNames['users:read'])}: who isn’t ready for a policy, and exemptions.`,
  },
  'apps:write': {
    name: permissionNames['apps:write'],
    hint: 'Register, change, disable and delete apps that sign people in here. An app learns who someone is, so this is a lot of trust.',
  },
  'server:read': {
    name: permissionNames['server:read'],
    hint: 'The check-up, emails, and requests for a second admin.',
  },
}

export const roles = {
  title: 'Roles',
  lead: 'Roles grant permissions. You can only grant permissions you have.',
  table: 'Roles',
  name: 'Name',
  description: 'Description',
  permissions: 'Permissions',
  users: 'Users',
  add: 'New role',
  noPermissions: 'Only their own account',
  allPermissions: 'Everything',
  origins: { 'built-in': 'Built in', configuration: 'Set by configuration', pages: 'Created here' },
  builtIn: { admin: 'Has every permission.', user: 'Can only change their own account.' },
  fixed: {
    'built-in': 'This role is built in and stays as it is.',
    configuration: 'This role is set by configuration. Change the setting “roles” there and restart the server.',
  },
  beyondOwn: 'This role has permissions that you don’t have, so you can’t change it.',
  permissionOf: permissions,
  lacks: (permission: string) => `Opens nothing without ${quoted(permission)}, which this role lacks.`,
  change: 'Change role',
  noUsers: 'No users have this role.',
  form: {
    newTitle: 'New role',
    newLead: 'Choose what users with this role can do. With any permission, they always need a second step.',
    changeTitle: (name: string) => `Change role ${name}`,
    changeLead: 'Removed permissions end immediately. Existing API tokens don’t get added ones.',
    name: 'Name',
    nameHint: 'Lowercase letters, digits and hyphens, such as help-desk. You can’t change it later.',
    description: 'Description (optional)',
    permissions: 'Permissions',
    /** What the permissions are about. */
    areas: { users: 'Users', groups: 'Groups and roles', access: 'Policies and apps', server: 'Activity and server' },
    permissionsHint: 'You see only permissions you have yourself.',
    /** Beside a permission that opens nothing without this one. */
    alsoGives: (permission: string) => `Also gives ${quoted(permission)}.`,
    create: 'Create role',
  },
  deletion: {
    title: 'Delete role',
    question: (name: string) => `Delete the role ${name}?`,
    lead: 'You can’t undo this.',
    submit: 'Delete role',
    inUse: (count: number): string =>
      count === 1
        ? 'To delete this role, give its user another role first.'
        : 'To delete this role, give its users another role first.',
  },
  done: { created: 'Role created.', saved: 'Saved.', deleted: 'Role deleted.' },
}
