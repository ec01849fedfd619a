// Keys for scripts: one's own, and those of others as an admin sees them.
import type { Scope } from '#foundation/kernel/principal.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'

const scopes: Readonly<Record<Scope, Readonly<Record<'name' | 'hint', string>>>> = {
  'self:read': { name: 'See my account', hint: 'Your profile and activity.' },
  'self:write': { name: 'Change my account', hint: 'Your profile. Never your password or second step.' },
  'users:read': {
    name: permissionNames['users:read'],
    hint: 'All users and the overview.',
  },
  'users:help': {
    name: permissionNames['users:help'],
    hint: 'Unlock, email links to a new password, send invitations again, explain refusals.',
  },
  'users:write': { name: permissionNames['users:write'], hint: 'Create, change, invite, disable and sign out users.' },
  'users:reset-factors': {
    name: permissionNames['users:reset-factors'],
    hint: 'A token alone can’t do this: it needs you to confirm it’s you.',
  },
  'groups:write': {
    name: permissionNames['groups:write'],
    hint: `Create and change groups. With ${quoted(permissionNames['users:read'])}, also their members and managers.`,
  },
  'roles:write': { name: permissionNames['roles:write'], hint: 'Change roles, and give roles to users.' },
  'audit:read': { name: permissionNames['audit:read'], hint: 'Everything that happened on this server.' },
  'policy:write': {
    name: permissionNames['policy:write'],
    hint: 'What the server requires at sign-in, and the attributes of profiles.',
  },
  'apps:write': {
    name: permissionNames['apps:write'],
    hint: 'See the apps that sign people in here. A token alone can’t change them: that needs you to confirm it’s you.',
  },
  'server:read': {
    name: permissionNames['server:read'],
    hint: `Together with ${quoted(permissionNames['users:read'])}: the check-up, emails, and requests for a second admin.`,
  },
}

export const tokens = {
  title: 'API tokens',
  lead: 'Tokens let scripts act as you, limited to the permissions you choose.',
  table: 'Your API tokens',
  none: 'No API tokens yet. They let scripts act as you, limited to the permissions you choose.',
  name: 'Name',
  may: 'Permissions',
  made: 'Created',
  lastUsed: 'Last used',
  expires: 'Expires',
  actions: 'Revoke',
  revoke: 'Revoke',
  add: 'New API token',
  opens: (host: string) => `Open ${host}`,
  liveOn: (count: number) => (count === 1 ? '1 API token still works.' : `${count} API tokens still work.`),
  liveOnLink: 'Review',
  scopes,
  newToken: {
    title: 'New API token',
    lead: 'Choose a recognizable name and only the permissions the script needs.',
    name: 'Name',
    nameHint: 'For example, “Nightly backup”. Admins can see this name.',
    host: 'For',
    hostHint: 'A token for a host opens that host, and nothing else: it needs no permissions.',
    api: 'The API of this server',
    scopes: 'Permissions',
    scopesHint: 'A token can never do more than you can. It can’t do anything that needs you to confirm it’s you.',
    expiry: 'Expires after',
    expiryHint: 'You can create a new one any time.',
    days: (count: number) => `${count} days`,
    submit: 'Create token',
  },
  shown: {
    title: 'Your new API token',
    once: 'Copy your token now. You won’t see it again.',
    token: 'API token',
    until: 'It expires on',
    use: 'Use the token',
    useHint: 'Store the token as TOKEN in your script’s environment, then:',
    command: 'Command',
  },
  revocation: {
    title: (name: string) => `Revoke the API token “${name}”?`,
    question: 'Anything using it stops working immediately. You can’t undo this.',
    submit: 'Revoke token',
    cancel: 'Cancel',
  },
  ofUser: {
    none: 'No API tokens.',
    question: (token: string, owner: string) => `Revoke the API token “${token}” of ${owner}?`,
  },
}
