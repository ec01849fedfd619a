import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CLAIMS_OF_SCOPE } from '#use-cases/openid/claims.ts'
import {
  changeDetails,
  changedFields,
  fieldErrorsInClient,
  MOST_CLIENT_ATTRIBUTES,
  MOST_SHARED_GROUPS,
  normalizedClient,
  whatNeedsApproval,
} from './client-fields.ts'
import {
  CLIENT_KINDS,
  type ClientFields,
  defaultAuthMethod,
  fieldErrorsInGiven,
  isPublic,
  isSecretValid,
  NEW_CLIENT,
} from './client.ts'

const WIKI: ClientFields = { ...NEW_CLIENT, name: 'Wiki', redirectUris: ['https://wiki.example.org/callback'] }
const PUBLIC = { kind: 'native', authMethod: 'none' } as const

function errorsIn(fields: Partial<ClientFields>): string[] {
  return fieldErrorsInClient({ ...WIKI, ...fields }).map(({ pointer, code }) => `${pointer} ${code}`)
}

function claims(...names: string[]): Partial<ClientFields> {
  return { attributes: names.map((claim, index) => ({ key: `key_${index}`, claim, allowedBy: null })) }
}

test('an app has a name that can be told from others, and somewhere to send people', () => {
  assert.deepEqual(errorsIn({}), [])
  assert.deepEqual(errorsIn({ name: '😀'.repeat(64) }), [])
  assert.deepEqual(errorsIn({ name: '\u200D' }), ['/name field.missing'])
  assert.deepEqual(errorsIn({ name: '😀'.repeat(65) }), ['/name field.too_long'])
  for (const name of ['a\nb', 'a  b', 'a\u202Eb'])
    assert.deepEqual(errorsIn({ name }), ['/name app.name_characters'], name)
  assert.deepEqual(errorsIn({ redirectUris: [] }), ['/redirect_uris app.uri_missing'])
  assert.deepEqual(errorsIn({ redirectUris: [], deviceSignIn: true }), [], 'a device sends no browser anywhere')
  assert.deepEqual(errorsIn({ redirectUris: ['http://wiki.lan/'] }), ['/redirect_uris app.uri_http'])
  assert.deepEqual(errorsIn({ redirectUris: ['http://wiki.lan/'], allowHttp: true }), [])
  assert.deepEqual(errorsIn({ logoutUris: ['javascript:1'] }), ['/logout_uris app.uri_scheme'])
})

test('what cannot keep a secret has none, and then PKCE is required', () => {
  assert.deepEqual(CLIENT_KINDS.map(defaultAuthMethod), ['client_secret_basic', 'none', 'none', 'client_secret_basic'])
  assert.deepEqual(errorsIn({ kind: 'browser' }), ['/auth_method app.browser_secret'])
  assert.deepEqual(errorsIn({ kind: 'browser', authMethod: 'none' }), [])
  assert.deepEqual(errorsIn({ kind: 'native' }), [])
  assert.deepEqual(errorsIn({ requirePkce: false }), [])
  assert.deepEqual(errorsIn({ ...PUBLIC, requirePkce: false }), ['/require_pkce app.public_without_pkce'])
  assert.ok(isPublic(PUBLIC) && !isPublic(WIKI))
})

test('an API has no sign-in, but a secret to check tokens with', () => {
  const api = { kind: 'api', redirectUris: [] } as const
  assert.deepEqual(errorsIn(api), [])
  assert.deepEqual(errorsIn({ kind: 'api' }), ['/redirect_uris app.api_uris'])
  assert.deepEqual(errorsIn({ ...api, logoutUris: ['https://a.example/'] }), ['/redirect_uris app.api_uris'])
  assert.deepEqual(errorsIn({ ...api, authMethod: 'none' }), ['/auth_method app.api_secret'])
  const forPeople = { allowedRoles: ['admin'], allowedGroups: ['staff'], leastAssurance: 'two-factors' } as const
  assert.deepEqual(errorsIn({ ...api, ...forPeople, maxAge: 3600, startUrl: 'https://a.example/' }), [
    '/allowed_roles app.api_people',
    '/allowed_groups app.api_people',
    '/least_assurance app.api_people',
    '/max_age app.api_people',
    '/start_url app.api_people',
  ])
})

test('an app is opened at a page of the web, and asks for an age of a minute up to a year', () => {
  assert.deepEqual(errorsIn({ startUrl: 'https://wiki.example.org/?a=b' }), [])
  for (const startUrl of ['http://wiki.example.org/', 'javascript:alert(1)', 'https://a:b@wiki.example.org/', 'wiki'])
    assert.deepEqual(errorsIn({ startUrl }), ['/start_url app.start_url'], startUrl)
  for (const [maxAge, isPossible] of [
    [60, true],
    [31_536_000, true],
    [59, false],
    [0, false],
    [-1, false],
    [60.5, false],
    [31_536_001, false],
  ] as const)
    assert.deepEqual(errorsIn({ maxAge }), isPossible ? [] : ['/max_age app.max_age'], String(maxAge))
})

test('an app has a limited number of roles and groups that may use it', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index))
  assert.deepEqual(errorsIn({ allowedRoles: ids(100), allowedGroups: ids(100) }), [])
  assert.deepEqual(errorsIn({ allowedRoles: ids(101) }), ['/allowed_roles field.too_many'])
  assert.deepEqual(errorsIn({ allowedGroups: ids(101) }), ['/allowed_groups field.too_many'])
})

test('what outlives the session needs refresh tokens', () => {
  const offline: Partial<ClientFields> = { scopes: ['openid', 'offline_access'] }
  assert.deepEqual(errorsIn(offline), [])
  assert.deepEqual(errorsIn({ ...offline, refreshTokens: false }), ['/refresh_tokens app.offline_without_refresh'])
})

test('no attribute passes for what the server itself says of a user, in any case of letters', () => {
  assert.deepEqual(errorsIn(claims('department', 'immich_quota', 'https://example.org/team', 'costCentre')), [])
  const own = [
    'iss',
    'aud',
    'exp',
    'nonce',
    'at_hash',
    'azp',
    'updated_at',
    'client_id',
    'scope',
    'SUB',
    'Email',
    'Groups',
  ]
  for (const claim of [...Object.values(CLAIMS_OF_SCOPE).flat(), ...own])
    assert.deepEqual(errorsIn(claims(claim)), ['/attributes app.claim_reserved'], claim)
  for (const claim of ['', '__proto__', '_claim_names', '1a', 'a b', 'ä', 'a"', 'x'.repeat(101)])
    assert.deepEqual(errorsIn(claims(claim)), ['/attributes app.claim_characters'], claim)
  assert.deepEqual(errorsIn(claims('team', 'Team')), ['/attributes app.claim_repeated'])
  const many = Array.from({ length: MOST_CLIENT_ATTRIBUTES + 1 }, (_, index) => `c${index}`)
  assert.deepEqual(errorsIn(claims(...many)), ['/attributes field.too_many'])
  assert.deepEqual(errorsIn(claims(...many.slice(1))), [])
})

test('an app gets the names of 200 groups at most, or of all', () => {
  const ids = Array.from({ length: MOST_SHARED_GROUPS + 1 }, (_, index) => `g${index}`)
  assert.deepEqual(errorsIn({ sharedGroups: ids }), ['/shared_groups field.too_many'])
  assert.deepEqual(errorsIn({ sharedGroups: ids.slice(1) }), [])
  assert.deepEqual(errorsIn({ sharedGroups: 'all' }), [])
})

test('fields are stored trimmed, in NFC and in one order, always with the scope openid', () => {
  const { name, redirectUris, scopes, sharedGroups, attributes } = normalizedClient({
    ...WIKI,
    name: ' Cafe\u0301 ',
    redirectUris: [' https://b.example/ ', '', 'https://a.example/'],
    scopes: ['groups', 'email'],
    sharedGroups: ['b', 'a', 'b'],
    ...claims('zone', 'area'),
  })
  assert.equal(name, 'Café')
  assert.deepEqual(redirectUris, ['https://b.example/', 'https://a.example/'])
  assert.deepEqual(scopes, ['openid', 'email', 'groups'])
  assert.deepEqual(sharedGroups, ['a', 'b'])
  assert.deepEqual(
    attributes.map(({ claim }) => claim),
    ['area', 'zone'],
  )
})

/** For each field a change that a second admin must approve, so that a new field is not forgotten. */
const CHANGES: Partial<ClientFields> = {
  kind: 'native',
  redirectUris: ['https://evil.example/'],
  logoutUris: ['https://evil.example/'],
  authMethod: 'client_secret_post',
  idTokenAlg: 'RS256',
  scopes: ['openid'],
  refreshTokens: false,
  requirePkce: false,
  allowHttp: true,
  claimsInIdToken: true,
  deviceSignIn: true,
  backchannelUri: 'https://evil.example/',
  backchannelSessionRequired: true,
  unconfirmedEmail: true,
  sharedGroups: 'all',
  attributes: [{ key: 'team', claim: 'team', allowedBy: null }],
  trusted: false,
  allowedRoles: ['admin'],
  allowedGroups: ['staff'],
  leastAssurance: 'phishing-resistant',
  maxAge: 60,
}

/** What decides about nothing. */
const SHOWN: Partial<ClientFields> = { startUrl: 'https://evil.example/', hidden: true, preset: 'notes' }

test('every change of an app but its name and what the start page shows needs a second admin', () => {
  assert.deepEqual(whatNeedsApproval(WIKI, { ...WIKI }), [])
  assert.deepEqual(whatNeedsApproval(WIKI, { ...WIKI, name: 'Notes', ...SHOWN }), [])
  for (const [field, value] of Object.entries(CHANGES)) {
    const after = { ...WIKI, name: 'Notes', [field]: value }
    assert.deepEqual(whatNeedsApproval(WIKI, after), [field])
    assert.deepEqual(changedFields(WIKI, after), ['name', field])
  }
  assert.deepEqual(Object.keys({ name: '', ...CHANGES, ...SHOWN }).toSorted(), Object.keys(NEW_CLIENT).toSorted())
})

test('the event of a change has each field before and after, so that it can be undone', () => {
  const after: ClientFields = {
    ...WIKI,
    name: 'Notes',
    requirePkce: false,
    redirectUris: ['https://a.example/', 'a:/b'],
  }
  const attributes = [{ key: 'team', claim: 'crew', allowedBy: null }]
  assert.deepEqual(changeDetails(WIKI, { ...after, attributes, sharedGroups: 'all' }), {
    fields: 'name redirect_uris require_pkce shared_groups attributes',
    name: 'Notes',
    name_before: 'Wiki',
    redirect_uris: 'https://a.example/ a:/b',
    redirect_uris_before: 'https://wiki.example.org/callback',
    require_pkce: 'false',
    require_pkce_before: 'true',
    shared_groups: 'all',
    shared_groups_before: '',
    attributes: 'crew=team',
    attributes_before: '',
  })
})

test('fewer URIs need no second admin, another one does, also beside fewer', () => {
  const [a, b, c] = ['https://a.example/', 'https://b.example/', 'https://c.example/']
  for (const field of ['redirectUris', 'logoutUris'] as const) {
    const needed = (before: string[], after: string[]) =>
      whatNeedsApproval({ ...WIKI, [field]: before }, { ...WIKI, [field]: after })
    assert.deepEqual(needed([a, b], [b]), [])
    assert.deepEqual(needed([a, b], [b, a]), [])
    assert.deepEqual(needed([a, b], [c]), [field])
    assert.deepEqual(needed([a], [a, b]), [field])
  }
})

test('an operator gives an id that fits into URLs and a secret of at least 32 characters', () => {
  const code = (given: Parameters<typeof fieldErrorsInGiven>[0]) => fieldErrorsInGiven(given)[0]?.code
  assert.equal(code({}), undefined)
  assert.equal(code({ id: 'wiki.prod-1_a', secret: 's'.repeat(32) }), undefined)
  for (const id of ['', '.a', 'a b', 'a/b', 'ä', 'x'.repeat(65)]) assert.equal(code({ id }), 'app.id_characters', id)
  assert.equal(code({ secret: 's'.repeat(31) }), 'app.secret_too_short')
  for (const secret of [`${'s'.repeat(32)} `, 'ä'.repeat(32), 's'.repeat(257)])
    assert.equal(code({ secret }), 'field.characters', secret)
})

test('a secret is accepted before its end', () => {
  const secret = { expiresAt: 1000 }
  assert.ok(isSecretValid({ expiresAt: null }, 5000))
  assert.ok(isSecretValid(secret, 999))
  assert.ok(!isSecretValid(secret, 1000))
})
