import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldErrorsInClient } from '#domain/clients/client-fields.ts'
import { type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { appFieldNames, concernsMore, formPointer, mainFieldsOf, readAppForm, valuesOfApp } from './app-form.ts'

const NO_GROUPS = { groupNames: [], allowedNames: [] }
const TYPED = { name: 'Notes', redirect_uris: 'https://notes.example.org/callback\r\n' }

function read(values: Readonly<Record<string, string>>, keys: readonly string[] = []) {
  return readAppForm({ ...valuesOfApp(NEW_CLIENT, NO_GROUPS), ...TYPED, ...values }, { keys, roles: ['admin'] })
}

test('a form in which only the name and one redirect URI were typed describes a new app', () => {
  assert.deepEqual(read({}), {
    groups: [],
    allowedGroups: [],
    fields: {
      ...withoutGroups(NEW_CLIENT),
      name: 'Notes',
      redirectUris: ['https://notes.example.org/callback'],
    },
  })
})

test('an app without a secret always needs PKCE, whatever was ticked for another kind', () => {
  for (const [values, authMethod] of [
    [{ kind: 'web' }, 'client_secret_basic'],
    [{ kind: 'web', secret_in_body: 'yes' }, 'client_secret_post'],
    [{ kind: 'web', keeps_secret: 'yes' }, 'client_secret_basic'],
    [{ kind: 'browser', keeps_secret: 'yes', secret_in_body: 'yes', no_pkce: 'yes' }, 'none'],
    [{ kind: 'native', secret_in_body: 'yes', no_pkce: 'yes' }, 'none'],
    [{ kind: 'native', keeps_secret: 'yes' }, 'client_secret_basic'],
    [{ kind: 'native', keeps_secret: 'yes', secret_in_body: 'yes' }, 'client_secret_post'],
    [{ kind: 'api', keeps_secret: 'yes', logout_uris: 'https://a.example/' }, 'client_secret_basic'],
    [{ kind: 'nothing' }, 'client_secret_basic'],
  ] as const) {
    const { fields } = read(values)
    assert.equal(fields.authMethod, authMethod, JSON.stringify(values))
    if (authMethod === 'none') assert.ok(fields.requirePkce)
    assert.deepEqual(fieldErrorsInClient({ ...NEW_CLIENT, ...fields, attributes: [] }), [])
  }
  assert.equal(read({ no_pkce: 'yes' }).fields.requirePkce, false)
})

test('what the form hides of an API is left out', () => {
  const { fields, allowedGroups } = read({
    kind: 'api',
    redirect_uris: 'https://a.example/',
    'allowed_roles-admin': 'yes',
    allowed_groups: 'Staff',
    least_assurance: 'two-factors',
    max_age: '3600',
    start_url: 'https://a.example/',
    backchannel_uri: 'https://a.example/logout',
  })
  assert.deepEqual(allowedGroups, [])
  assert.deepEqual(fieldErrorsInClient({ ...NEW_CLIENT, ...fields, name: 'API', attributes: [] }), [])
})

test('which groups an app gets decides about their scope', () => {
  for (const [shared, names, groups, hasScope] of [
    ['none', 'Staff; Board', [], false],
    ['some', ' Staff;Board ; staff', ['staff', 'Board'], true],
    ['some', '', [], true],
    ['all', 'Staff', 'all', true],
    ['nothing', 'Staff', [], false],
  ] as const) {
    const form = read({ shared, groups: names })
    assert.deepEqual(form.groups, groups)
    assert.equal(form.fields.scopes.includes('groups'), hasScope)
  }
})

test('an attribute gets its own key as its claim where nothing else was typed, and none unless it is ticked', () => {
  const keys = ['badge', 'cost_center', 'floor']
  const values = {
    'attribute-badge': 'yes',
    'claim-badge': ' ',
    'attribute-cost_center': 'yes',
    'claim-cost_center': 'department',
    'claim-floor': 'floor',
    'attribute-unknown': 'yes',
  }
  assert.deepEqual(read(values, keys).fields.attributes, [
    { key: 'badge', claim: 'badge' },
    { key: 'cost_center', claim: 'department' },
  ])
})

const UNUSUAL: ClientFields = {
  name: 'Old program',
  kind: 'native',
  redirectUris: ['http://127.0.0.1/callback', 'app.immich:///oauth-callback'],
  logoutUris: ['https://notes.example.org/bye'],
  authMethod: 'client_secret_post',
  idTokenAlg: 'RS256',
  scopes: ['openid', 'roles', 'groups', 'offline_access'],
  refreshTokens: true,
  requirePkce: false,
  allowHttp: true,
  claimsInIdToken: true,
  deviceSignIn: true,
  backchannelUri: 'https://notes.example.org/logout',
  backchannelSessionRequired: true,
  unconfirmedEmail: true,
  sharedGroups: ['1', '2'],
  attributes: [{ key: 'badge', claim: 'badge_number', allowedBy: null }],
  trusted: false,
  allowedRoles: ['admin'],
  allowedGroups: ['3'],
  leastAssurance: 'phishing-resistant',
  maxAge: 90,
  startUrl: 'https://notes.example.org/',
  hidden: true,
  preset: 'notes',
}

test('a form that is sent back as it was shown changes nothing', () => {
  for (const [fields, names] of [
    [NEW_CLIENT, []],
    [UNUSUAL, ['Staff', 'Board']],
    [{ ...UNUSUAL, kind: 'web', authMethod: 'client_secret_basic', sharedGroups: 'all' }, []],
    [{ ...NEW_CLIENT, kind: 'browser', authMethod: 'none' }, []],
    [{ ...NEW_CLIENT, kind: 'native', authMethod: 'none', refreshTokens: false }, []],
    [{ ...NEW_CLIENT, kind: 'api' }, []],
  ] as const) {
    const allowedNames = fields.allowedGroups.map((id) => `Group ${id}`)
    const values = valuesOfApp(fields, { groupNames: names, allowedNames })
    const { groups, allowedGroups, fields: again } = readAppForm(values, { keys: ['badge'], roles: ['admin', 'user'] })
    assert.deepEqual(allowedGroups, allowedNames)
    assert.deepEqual(again, withoutGroups(fields))
    assert.deepEqual(groups, fields.sharedGroups === 'all' ? 'all' : names)
  }
})

test('every field that is shown with a value is kept when the form is shown again', () => {
  const kept = appFieldNames({ keys: ['badge'], roles: ['admin'] })
  for (const fields of [NEW_CLIENT, UNUSUAL])
    for (const name of Object.keys(valuesOfApp(fields, { groupNames: ['Staff'], allowedNames: [] })))
      assert.ok(kept.includes(name), name)
})

test('an error of a field behind “More settings” opens it', () => {
  const main = mainFieldsOf(undefined)
  assert.equal(concernsMore([], main), false)
  assert.equal(concernsMore(['/name', '/kind', '/redirect_uris'], main), false)
  assert.equal(concernsMore(['/name', formPointer('/shared_groups')], main), true)
  assert.equal(formPointer('/shared_groups'), '/groups')
  assert.equal(formPointer('/name'), '/name')
})

/** What a form says of an app but its groups: not who allowed an attribute, and not its preset. */
function withoutGroups({ sharedGroups: _, allowedGroups: __, preset: ___, attributes, ...fields }: ClientFields) {
  return { ...fields, attributes: attributes.map(({ key, claim }) => ({ key, claim })) }
}
