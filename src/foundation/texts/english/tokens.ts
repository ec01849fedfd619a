// Keys for scripts: one's own, and those of others as an admin sees them.
import type { Scope } from '../../kernel/principal.ts'

const scopes: Readonly<Record<Scope, Readonly<Record<'name' | 'hint', string>>>> = {
  'self:read': { name: 'See my account', hint: 'Profile and activity.' },
  'self:write': { name: 'Change my account', hint: 'The profile. Never the password or the second step.' },
  'users:read': {
    name: 'See everybody’s accounts',
    hint: 'Users, overview and check-up, as you see them as an admin.',
  },
  'users:write': { name: 'Change everybody’s accounts', hint: 'Create, change, invite, disable and sign out users.' },
  'users:reset-factors': { name: 'Reset second steps', hint: 'Needs a fresh confirmation, which no token can give.' },
  'audit:read': { name: 'Read all activity', hint: 'Everything that happened here.' },
  'policy:write': { name: 'Change the rules', hint: 'What this server asks of everybody.' },
}

export const tokens = {
  title: 'API tokens',
  lead: 'Keys for scripts. Each acts as you, with what you chose for it and no more, until it runs out.',
  table: 'Your API tokens',
  none: 'No API tokens. Make one to use the API from a script.',
  name: 'Name',
  may: 'It may',
  made: 'Made',
  lastUsed: 'Last used',
  expires: 'Runs out',
  actions: 'Revoke',
  revoke: 'Revoke',
  add: 'New API token',
  liveOn: (count: number) => (count === 1 ? 'One API token still works.' : `${count} API tokens still work.`),
  liveOnLink: (count: number): string => (count === 1 ? 'Look at it' : 'Look at them'),
  scopes,
  newToken: {
    title: 'New API token',
    lead: 'Give it a name you will know it by, and no more rights than the script needs.',
    name: 'Name',
    nameHint: 'Such as what the script does, or the machine it runs on. Admins see it too.',
    scopes: 'What it may do',
    scopesHint: 'Never more than you may do yourself, and nothing that asks you to confirm it’s you.',
    expiry: 'Works for',
    expiryHint: 'Afterwards you make a new one.',
    days: (count: number) => `${count} days`,
    submit: 'Make the token',
  },
  shown: {
    title: 'Your new API token',
    once: 'Copy the token now: it is shown only this once, and nobody can show it to you again.',
    token: 'API token',
    until: 'It works until',
    use: 'Use it',
    useHint: 'Let your script read the token into the variable TOKEN from where it keeps its secrets, then:',
    command: 'Command',
  },
  revocation: {
    title: (name: string) => `Revoke the API token “${name}”?`,
    question:
      'Whatever uses this API token is refused from its next request on. A revoked token cannot be brought back.',
    submit: 'Revoke it',
    cancel: 'Keep it',
  },
  ofUser: {
    lead: 'Tokens for their scripts. Only they have seen the values.',
    table: 'Their API tokens',
    none: 'No API tokens.',
    question: (token: string, owner: string) => `Revoke the API token “${token}” of ${owner}?`,
  },
}
