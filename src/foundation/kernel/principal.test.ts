import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  actorOf,
  type ApiTokenPrincipal,
  isAuthenticated,
  PERMISSIONS,
  permissionsOf,
  permissionsOfUser,
  type Principal,
  type PrincipalUser,
  type SessionFacts,
  type SessionPrincipal,
  type SessionTerms,
  withIncluded,
} from './principal.ts'

const SOURCE = { ipAddress: '192.0.2.1', network: '192.0.2.1', userAgent: null, deviceCookie: null }
const USER = {
  subject: 'ada',
  role: 'admin',
  rolePermissions: PERMISSIONS,
  secondFactorAt: 1,
  disabled: false,
} as unknown as PrincipalUser
const SESSION: SessionFacts = {
  id: 's',
  tokenHash: 'h',
  transport: 'bearer',
  methods: ['password', 'totp'],
  startedAt: 1,
  lastSeenAt: 1,
  authenticatedAt: 1,
  authenticationMethods: ['password', 'totp'],
}
const TOKEN = { id: 't', tokenHash: 'h', scopes: ['self:read', 'users:read'] } as const

const ANONYMOUS: Principal = { kind: 'anonymous', source: SOURCE }
const OPERATOR: Principal = { kind: 'operator', source: SOURCE }
const TERMS: SessionTerms = {
  idle: 1,
  absolute: 1,
  touchEvery: 1,
  reauthentication: 1,
  isPhishingResistant: false,
  isPasskeyAllowed: true,
}
const IN_SESSION: SessionPrincipal = { kind: 'session', source: SOURCE, user: USER, session: SESSION, terms: TERMS }
const WITH_TOKEN: ApiTokenPrincipal = { kind: 'api-token', source: SOURCE, user: USER, token: TOKEN }

test('a user has no permission without a role that has it, a second factor and an enabled account', () => {
  const admin = { rolePermissions: PERMISSIONS, secondFactorAt: 1, disabled: false } as const
  assert.deepEqual(permissionsOfUser(admin), PERMISSIONS)
  for (const lacking of [{ rolePermissions: [] }, { secondFactorAt: null }, { disabled: true }] as const)
    assert.deepEqual(permissionsOfUser({ ...admin, ...lacking }), [])
})

test('an API token has the permissions of its user that its scopes name, a session has all of them', () => {
  assert.deepEqual(permissionsOf(IN_SESSION), PERMISSIONS)
  assert.deepEqual(permissionsOf(WITH_TOKEN), ['users:read'])
  const user = { ...USER, role: 'user', rolePermissions: [] } as const
  assert.deepEqual(permissionsOf({ ...IN_SESSION, user }), [])
  assert.deepEqual(permissionsOf({ ...WITH_TOKEN, user }), [])
  assert.deepEqual(permissionsOf(ANONYMOUS), [])
  assert.deepEqual(permissionsOf(OPERATOR), PERMISSIONS)
})

test('sessions and API tokens act as their user, an anonymous principal and the operator as none', () => {
  for (const principal of [IN_SESSION, WITH_TOKEN]) {
    assert.equal(actorOf(principal), 'ada')
    assert.ok(isAuthenticated(principal))
  }
  for (const principal of [ANONYMOUS, OPERATOR]) {
    assert.equal(actorOf(principal), null)
    assert.ok(!isAuthenticated(principal))
  }
})

// tsc checks this one: a directive without an error behind it is an error itself.
test('a principal with the facts of another kind does not compile', () => {
  const common = { source: SOURCE, user: USER }
  const wrong: readonly Principal[] = [
    // @ts-expect-error An API token is not a session.
    { ...common, kind: 'api-token', session: SESSION },
    // @ts-expect-error A session is not an API token.
    { ...common, kind: 'session', token: TOKEN },
    // @ts-expect-error A session has no scopes.
    { ...common, kind: 'session', session: { ...SESSION, scopes: TOKEN.scopes } },
    // @ts-expect-error No session travels as an API token.
    { ...common, kind: 'session', session: { ...SESSION, transport: 'token' } },
    // @ts-expect-error An API token has no transport.
    { ...common, kind: 'api-token', token: { ...TOKEN, transport: 'bearer' } },
    // @ts-expect-error An API token has no authentication time.
    { ...common, kind: 'api-token', token: { ...TOKEN, authenticatedAt: 0 } },
    // @ts-expect-error An API token has scopes.
    { ...common, kind: 'api-token', token: { id: 't', tokenHash: 'h' } },
    // @ts-expect-error An anonymous principal has no user.
    { kind: 'anonymous', source: SOURCE, user: USER },
    // @ts-expect-error The operator has no session.
    { kind: 'operator', source: SOURCE, session: SESSION },
    // @ts-expect-error Every principal has a source.
    { kind: 'anonymous' },
  ]
  assert.equal(wrong.length, 10)
})

// A function that needs an authentication time or a session takes a `SessionPrincipal`.
test('neither an API token nor an unchecked principal compiles where a session is needed', () => {
  const authenticationTime = (principal: SessionPrincipal): number => principal.session.authenticatedAt
  assert.equal(authenticationTime(IN_SESSION), 1)
  // @ts-expect-error An API token has no authentication time.
  assert.throws(() => authenticationTime(WITH_TOKEN))
  // @ts-expect-error The kind was not checked.
  assert.throws(() => authenticationTime(ANONYMOUS))
})

test('what a permission includes comes with it, also with the scope of an API token', () => {
  assert.deepEqual(withIncluded(['users:read']), ['users:read'])
  assert.deepEqual(withIncluded(['policy:write', 'users:write']), [
    'users:help',
    'users:write',
    'policy:write',
    'server:read',
  ])
  const token = { ...WITH_TOKEN, token: { ...WITH_TOKEN.token, scopes: ['users:write'] as const } }
  assert.deepEqual(permissionsOf(token), ['users:help', 'users:write', 'server:read'])
  const user = { ...WITH_TOKEN.user, rolePermissions: ['users:help'] as const }
  assert.deepEqual(permissionsOf({ ...token, user }), ['users:help'])
})
