import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { HostRule } from '#domain/hosts/host.ts'
import { NO_TERMS } from '#domain/policies/policy.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { parse } from '#foundation/web/http/schema.ts'
import {
  APPROVAL_KINDS,
  type ApprovalChange,
  type ApprovalKind,
  type ApprovalParameters,
  decodeChange,
  encodeChange,
  schemaOf,
} from './approval-change.ts'

const AT = Date.UTC(2026, 11, 1, 12)
const AT_TEXT = '2026-12-01T12:00:00.000Z'

const TERMS = { ...NO_TERMS, secondFactor: 'required', factors: ['passkey'], sessionIdle: minutes(5) } as const
const TERMS_STORED = { second_factor: 'required', factors: 'passkey', session_idle: 300 }

const PROFILE = { username: 'mia', email: null, fullName: 'Mia', role: 'admin', locale: 'de', expiresAt: AT }

const APP = {
  appKind: 'web',
  redirectUris: ['https://a.example/', 'a:/b'],
  logoutUris: [],
  authMethod: 'client_secret_basic',
  idTokenAlg: 'ES256',
  scopes: ['openid', 'email'],
  refreshTokens: true,
  requirePkce: true,
  allowHttp: false,
  claimsInIdToken: false,
  unconfirmedEmail: false,
  sharedGroups: 'all',
  sharedGroupNames: undefined,
  claims: [
    { key: 'team', claim: 'https://example.org/team' },
    { key: 'desk', claim: 'desk' },
  ],
} as const
const LATER = {
  trusted: undefined,
  allowedRoles: undefined,
  allowedGroups: undefined,
  allowedGroupNames: undefined,
  leastAssurance: undefined,
  maxAge: undefined,
  startUrl: undefined,
  hidden: undefined,
  preset: undefined,
  deviceSignIn: undefined,
  backchannelUri: undefined,
  backchannelSessionRequired: undefined,
}
const APP_STORED = {
  app_kind: 'web',
  redirect_uris: 'https://a.example/ a:/b',
  logout_uris: '',
  auth_method: 'client_secret_basic',
  id_token_alg: 'ES256',
  scopes: 'openid email',
  refresh_tokens: true,
  require_pkce: true,
  allow_http: false,
  claims_in_id_token: false,
  unconfirmed_email: false,
  shared_groups: 'all',
  claims: 'https://example.org/team=team desk=desk',
}
const ABSENT = {
  ...LATER,
  appKind: undefined,
  logoutUris: undefined,
  authMethod: undefined,
  idTokenAlg: undefined,
  scopes: undefined,
  refreshTokens: undefined,
  requirePkce: undefined,
  allowHttp: undefined,
  claimsInIdToken: undefined,
  unconfirmedEmail: undefined,
  claims: undefined,
}

/** A change of each kind with values, and the text that the version before stored for it. */
const RULE: HostRule = {
  path: '/a',
  methods: ['GET'],
  who: 'groups',
  names: ['g1'],
  leastAssurance: 'two-factors',
  maxAge: 60_000,
}
const RULE_TEXT =
  '{"path":"/a","methods":["GET"],"who":"groups","names":["g1"],"leastAssurance":"two-factors","maxAge":60000}'

const STORED: readonly (readonly [ApprovalChange, string])[] = [
  [
    {
      kind: 'create-user',
      values: {
        ...PROFILE,
        invite: true,
        lifetime: days(1),
        delivery: 'mail',
        attributes: { team: 'a' },
        groups: ['Sales', 'Ops'],
      },
    },
    `{"username":"mia","email":null,"full_name":"Mia","role":"admin","invite":true,"lifetime":86400000,"locale":"de","delivery":"mail","expires_at":"${AT_TEXT}","attributes":"{\\"team\\":\\"a\\"}","groups":"Sales;Ops"}`,
  ],
  [{ kind: 'invite', values: { lifetime: null, delivery: 'link' } }, '{"lifetime":null,"delivery":"link"}'],
  [
    { kind: 'change', values: { ...PROFILE, timeZone: null, attributes: undefined } },
    `{"username":"mia","email":null,"role":"admin","locale":"de","full_name":"Mia","time_zone":null,"expires_at":"${AT_TEXT}"}`,
  ],
  [{ kind: 'enable', values: {} }, '{}'],
  [{ kind: 'disable', values: {} }, '{}'],
  [{ kind: 'delete', values: {} }, '{}'],
  [{ kind: 'lift-review', values: {} }, '{}'],
  [{ kind: 'reset-second-factor', values: { resetPassword: true } }, '{"reset_password":true}'],
  [
    { kind: 'set-password', values: { mustChange: true, keepSessions: false } },
    '{"must_change":true,"keep_sessions":false}',
  ],
  [
    { kind: 'create-role', values: { description: '', permissions: ['users:read', 'users:write'] } },
    '{"permissions":"users:read users:write"}',
  ],
  [{ kind: 'change-role', values: { description: '', permissions: undefined } }, '{"description":""}'],
  [
    { kind: 'create-policy', values: { scope: 'everyone', scopeRef: null, ...TERMS, inForceFrom: null } },
    JSON.stringify({ scope: 'everyone', ...TERMS_STORED, in_force_from: null }),
  ],
  [
    {
      kind: 'change-policy',
      values: {
        policyId: 'id',
        scope: 'role',
        scopeRef: 'help',
        ...NO_TERMS,
        rememberFor: 0,
        reauthentication: seconds(30),
        helpersMayExempt: true,
        inForceFrom: AT,
      },
    },
    `{"policy_id":"id","scope":"role","scope_ref":"help","reauthentication":30,"remember_for":0,"helpers_may_exempt":true,"in_force_from":"${AT_TEXT}"}`,
  ],
  [
    { kind: 'exempt', values: { policy: 'All', policyId: 'id', endsAt: AT } },
    `{"policy":"All","policy_id":"id","ends_at":"${AT_TEXT}"}`,
  ],
  [{ kind: 'unexempt', values: { policy: 'All', policyId: 'id' } }, '{"policy":"All","policy_id":"id"}'],
  [{ kind: 'add-member', values: { group: 'Sales', groupId: 'id' } }, '{"group":"Sales","group_id":"id"}'],
  [
    { kind: 'create-app', values: { clientId: 'id', secretId: 'secret', ...APP, ...LATER } },
    JSON.stringify({ client_id: 'id', secret_id: 'secret', ...APP_STORED }),
  ],
  [
    {
      kind: 'change-app',
      values: {
        ...ABSENT,
        clientId: 'id',
        name: 'Wiki',
        redirectUris: [],
        sharedGroups: ['g1', 'g2'],
        sharedGroupNames: ['Sales', 'Big ideas'],
      },
    },
    '{"client_id":"id","name":"Wiki","redirect_uris":"","shared_groups":"g1 g2","shared_group_names":"Sales;Big ideas"}',
  ],
  [{ kind: 'enable-app', values: { clientId: 'id' } }, '{"client_id":"id"}'],
  [
    { kind: 'add-app-secret', values: { clientId: 'id', secretId: 'secret' } },
    '{"client_id":"id","secret_id":"secret"}',
  ],
  [
    {
      kind: 'create-resource',
      values: {
        resourceId: 'id',
        uri: 'https://api.example/',
        servedBy: 'shop',
        servedByName: 'Shop',
        tokenFormat: 'opaque',
        tokenLifetime: null,
        resourceScopes: ['read', 'a;b'],
        allowedClients: ['c1', 'c2'],
        allowedClientNames: ['Big; Wiki', 'Notes'],
      },
    },
    '{"resource_id":"id","uri":"https://api.example/","served_by":"shop","served_by_name":"Shop","token_format":"opaque","token_lifetime":null,"resource_scopes":"read a;b","allowed_clients":"c1 c2","allowed_client_names":"Big; Wiki\\nNotes"}',
  ],
  [
    {
      kind: 'change-resource',
      values: {
        resourceId: 'id',
        name: 'Orders',
        servedBy: null,
        servedByName: undefined,
        tokenFormat: undefined,
        tokenLifetime: 60,
        resourceScopes: undefined,
        allowedClients: 'all',
        allowedClientNames: undefined,
      },
    },
    '{"resource_id":"id","name":"Orders","served_by":null,"token_lifetime":60,"allowed_clients":"all"}',
  ],
  [
    {
      kind: 'change-agents',
      values: { agents: true, allowedDocuments: ['a.example', 'https://b.example/client.json'] },
    },
    '{"agents":true,"allowed_documents":"a.example https://b.example/client.json"}',
  ],
  [
    {
      kind: 'create-host',
      values: {
        hostId: 'id',
        rules: [RULE],
        namedRules: [{ ...RULE, names: ['Big, "ideas"'] }],
        sharedGroups: ['g1'],
        sharedGroupNames: ['Big, "ideas"'],
        apiTokens: true,
        preflights: false,
      },
    },
    JSON.stringify({
      host_id: 'id',
      rules: `[${RULE_TEXT}]`,
      named_rules: `[${RULE_TEXT.replace('"g1"', String.raw`"Big, \"ideas\""`)}]`,
      shared_groups: 'g1',
      shared_group_names: 'Big, "ideas"',
      api_tokens: true,
      preflights: false,
    }),
  ],
  [
    {
      kind: 'change-host',
      values: {
        hostId: 'id',
        rules: [],
        namedRules: [],
        sharedGroups: undefined,
        sharedGroupNames: undefined,
        apiTokens: undefined,
        preflights: undefined,
      },
    },
    '{"host_id":"id","rules":"[]","named_rules":"[]"}',
  ],
]

function isStorable(kind: ApprovalKind | 'later', stored: ApprovalParameters): boolean {
  const schema = schemaOf(kind)
  return schema !== undefined && 'value' in parse(schema, stored)
}

test('the values of each kind are stored as the version before stored them, and read from that', () => {
  assert.deepEqual(STORED.map(([{ kind }]) => kind).toSorted(), APPROVAL_KINDS.toSorted())
  for (const [change, text] of STORED) {
    const stored = JSON.parse(text) as ApprovalParameters
    assert.deepEqual(encodeChange(change), stored)
    assert.deepEqual(decodeChange(change.kind, stored), change)
    assert.ok(isStorable(change.kind, stored), change.kind)
  }
})

test('fields of an app that came later are stored and read', () => {
  const later = {
    trusted: false,
    allowedRoles: ['admin'],
    allowedGroups: ['g3'],
    allowedGroupNames: ['Sales', 'Big ideas'],
    leastAssurance: 'phishing-resistant',
    maxAge: 3600,
    startUrl: null,
    hidden: true,
    preset: 'notes',
    deviceSignIn: true,
    backchannelUri: null,
    backchannelSessionRequired: false,
  } as const
  const change = { kind: 'create-app', values: { clientId: 'id', secretId: null, ...APP, ...later } } as const
  const stored = encodeChange(change)
  assert.deepEqual(decodeChange('create-app', JSON.parse(JSON.stringify(stored)) as ApprovalParameters), change)
  assert.ok(isStorable('create-app', stored))
  assert.ok(!isStorable('create-app', { ...stored, least_assurance: 'one-factor' }))
})

test('fields that the first versions did not store may be left out', () => {
  const creation = { username: 'mia', email: null, full_name: null, role: 'admin', invite: true, lifetime: null }
  assert.ok(isStorable('create-user', { ...creation, locale: null }))
  assert.ok(isStorable('invite', { lifetime: null }))
})

test('a field, a value or a kind that this version does not know is no value of a request', () => {
  const host = (rules: string) => ({ host_id: 'id', rules, named_rules: '[]' })
  assert.ok(isStorable('change-host', host(`[${RULE_TEXT},${RULE_TEXT}]`)))
  for (const later of [RULE_TEXT.replace('"groups"', '"networks"'), RULE_TEXT.replace('}', ',"from":"10.0.0.0/8"}')])
    assert.ok(!isStorable('change-host', host(`[${RULE_TEXT},${later}]`)))
  assert.ok(!isStorable('disable', { until: AT_TEXT }))
  assert.ok(!isStorable('reset-second-factor', { reset_password: 'yes' }))
  assert.ok(!isStorable('invite', { lifetime: null, delivery: 'pigeon' }))
  assert.ok(!isStorable('create-role', { permissions: 'users:read later:write' }))
  assert.ok(!isStorable('create-policy', { scope: 'everyone', factors: 'passkey later', in_force_from: null }))
  assert.ok(isStorable('create-role', { permissions: '' }))
  assert.ok(!isStorable('later', {}))
})
