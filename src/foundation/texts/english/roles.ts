// Roles and what they permit.
import type { Permission } from '#foundation/kernel/principal.ts'
import { counted } from './user-questions.ts'

const permissions: Readonly<Record<Permission, Readonly<Record<'name' | 'hint', string>>>> = {
  'users:read': {
    name: 'View users',
    hint: 'All users, their sign-in methods and sessions, and the overview.',
  },
  'users:help': {
    name: 'Help users',
    hint: 'For a help desk, together with “View users”: reset second steps, email links to a new password, send invitations again, unlock, explain refusals. Only users without permissions. Shows no link that opens an account.',
  },
  'users:write': {
    name: 'Manage users',
    hint: 'Create, change, invite, help, disable, sign out and delete users. Includes “View server”. Roles are not included.',
  },
  'users:reset-factors': {
    name: 'Reset second steps',
    hint: 'Reset the second step of users who have lost it, also of users with permissions you have yourself. The password stays.',
  },
  'groups:write': {
    name: 'Manage groups',
    hint: 'Create and change groups. Together with “View users”: their members and managers.',
  },
  'roles:write': {
    name: 'Manage roles',
    hint: 'Create and change roles. Together with “Manage users”, also give roles to users.',
  },
  'audit:read': { name: 'View activity', hint: 'Everything that happened on this server.' },
  'policy:write': {
    name: 'Manage policies',
    hint: 'What the server requires at sign-in, and the attributes of profiles. Together with “View users”: whom a policy stops, and exemptions.',
  },
  'apps:write': {
    name: 'Manage apps',
    hint: 'Register, change, disable and delete apps that sign people in here. An app learns who someone is, so this is a lot of trust.',
  },
  'server:read': {
    name: 'View server',
    hint: 'Together with “View users”: the check-up, emails, and requests for a second admin.',
  },
}

export const roles = {
  title: 'Roles',
  lead: 'A role gives its users permissions. You can give and change only permissions you have yourself.',
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
    configuration: 'This role is set by configuration. Change the setting roles and restart the server.',
  },
  beyondOwn: 'This role has permissions that you don’t have, so you can’t change it.',
  permissionOf: permissions,
  change: 'Change role',
  showUsers: (count: number, shown: string) => (count === 1 ? 'Show 1 user' : `Show ${shown} users`),
  userCount: (count: number) => counted(count, 'user', 'users'),
  noUsers: 'No users have this role.',
  form: {
    newTitle: 'New role',
    newLead: 'Users with permissions always need a second step.',
    changeTitle: (name: string) => `Change role ${name}`,
    changeLead: 'Permissions you remove end immediately. Permissions you add don’t extend existing API tokens.',
    name: 'Name',
    nameHint: 'Lowercase letters, digits and hyphens, such as help-desk. You can’t change it later.',
    description: 'Description (optional)',
    permissions: 'Permissions',
    permissionsHint: 'You see only permissions you have yourself.',
    create: 'Create role',
  },
  deletion: {
    title: 'Delete role',
    question: (name: string) => `Delete the role ${name}?`,
    lead: 'You can’t undo this.',
    submit: 'Delete role',
    inUse: (count: number) =>
      count === 1
        ? '1 user has this role. Give them another role first.'
        : `${count} users have this role. Give them another role first.`,
  },
  done: { created: 'Role created.', saved: 'Saved.', deleted: 'Role deleted.' },
}
