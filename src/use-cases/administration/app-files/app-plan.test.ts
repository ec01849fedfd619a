import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Client, CLIENTS_MAXIMUM } from '#domain/clients/client.ts'
import { endsGrants, newAppFields } from '../clients/clients.service.ts'
import type { FileApp } from './app-file.ts'
import { type AppPlan, planApps, type Planning, type StoredApp } from './app-plan.ts'
import type { Nameable } from './nameable.ts'

const URI = 'https://wiki.example.org/'
const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)]

type Given = Partial<FileApp['fields']> & Partial<Omit<FileApp, 'fields' | 'index'>>

/** Apps of a file, each with a secret where it needs one. */
function fileApps(...given: readonly Given[]): FileApp[] {
  return given.map(({ id = 'wiki', sharedGroupNames = [], allowedGroupNames = [], disabled, ...rest }, index) => {
    const { hashes, ...fields } = rest
    const {
      sharedGroups: _,
      allowedGroups: __,
      ...whole
    } = newAppFields({ name: 'Wiki', redirectUris: [URI], ...fields })
    const usual = whole.authMethod === 'none' ? undefined : [OLD]
    const given = { hashes: 'hashes' in rest ? hashes : usual, disabled }
    return { index, id, fields: whole, sharedGroupNames, allowedGroupNames, ...given }
  })
}

function storedApp(id: string, name: string, changed: Partial<Client> = {}): StoredApp {
  const { attributes: _, ...fields } = newAppFields({ name, redirectUris: [URI] })
  const client = {
    ...fields,
    attributes: [],
    id,
    createdAt: 1,
    createdBy: null,
    disabledAt: null,
    revision: 1,
    ...changed,
  }
  return { client, secrets: client.authMethod === 'none' ? [] : [{ id: `secret of ${id}`, hash: OLD }] }
}

const NAMEABLE: Nameable = {
  groups: [
    { id: 'g1', name: 'Staff' },
    { id: 'g2', name: 'Sales' },
  ],
  roles: ['admin', 'user', 'helper'],
  attributes: ['desk'],
}

const REST = {
  nameable: NAMEABLE,
  removesOthers: false,
  endsGrants,
  newAppOf: (kind: Client['kind']) => newAppFields({ name: '', kind }),
}

function planOf(apps: readonly FileApp[], stored: readonly StoredApp[] = [], options: Partial<Planning> = {}): AppPlan {
  const planned = planApps({ ...REST, apps, stored, ...options })
  assert.ok('plan' in planned, JSON.stringify(planned))
  return planned.plan
}

function errorsOf(apps: readonly FileApp[], stored: readonly StoredApp[] = [], options: Partial<Planning> = {}) {
  const planned = planApps({ ...REST, apps, stored, ...options })
  return 'errors' in planned ? planned.errors.map(({ pointer, code }) => [pointer, code]) : []
}

const idsIn = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id)

test('apps are added, changed, left as they are, listed or removed', () => {
  const stored = [storedApp('wiki', 'Wiki'), storedApp('same', 'Same'), storedApp('other', 'Other')]
  const apps = fileApps({ trusted: false }, { id: 'same', name: 'Same' }, { id: 'new', name: 'New' })
  const plan = planOf(apps, stored)
  const { added, changed, unchanged, removed, others } = plan
  assert.deepEqual([added, changed, unchanged, removed, others].map(idsIn), [
    ['new'],
    ['wiki'],
    ['same'],
    [],
    ['other'],
  ])
  assert.deepEqual(changed[0]?.changes, [{ field: 'trusted', before: true, after: false }])
  assert.deepEqual(
    added[0]?.changes.map(({ field }) => field),
    ['name', 'redirect_uris'],
  )
  const removing = planOf(apps, stored, { removesOthers: true })
  assert.deepEqual([idsIn(removing.removed), idsIn(removing.others)], [['other'], []])
})

test('an app stays disabled until the file says that it is not', () => {
  const disabled = [storedApp('wiki', 'Wiki', { disabledAt: 5 })]
  const enabled = [storedApp('wiki', 'Wiki')]
  const changesIn = (app: Given, stored: readonly StoredApp[]) =>
    planOf(fileApps(app), stored).changed.flatMap(({ changes, endsSignIns }) => [changes, endsSignIns])
  assert.deepEqual(changesIn({}, disabled), [])
  assert.deepEqual(changesIn({ disabled: true }, disabled), [])
  assert.deepEqual(changesIn({ disabled: false }, disabled), [
    [{ field: 'disabled', before: true, after: false }],
    false,
  ])
  assert.deepEqual(changesIn({ disabled: true }, enabled), [[{ field: 'disabled', before: false, after: true }], true])
  assert.equal(planOf(fileApps({ disabled: true })).added[0]?.isDisabled, true)
})

test('the secrets of a file replace those of the app; without any in the file they stay', () => {
  const stored = [storedApp('wiki', 'Wiki')]
  const secretsIn = (app: Given, current = stored) =>
    planOf(fileApps(app), current).changed.map(({ addedHashes, endedSecrets }) => [addedHashes, endedSecrets])
  assert.deepEqual(secretsIn({ hashes: undefined }), [])
  assert.deepEqual(secretsIn({ hashes: [OLD] }), [])
  assert.deepEqual(secretsIn({ hashes: [NEW] }), [[[NEW], ['secret of wiki']]])
  assert.deepEqual(secretsIn({ hashes: [NEW, OLD] }), [[[NEW], []]])
  assert.deepEqual(secretsIn({ authMethod: 'none', hashes: undefined }), [[[], ['secret of wiki']]])
  const open = [storedApp('wiki', 'Wiki', { authMethod: 'none' })]
  assert.deepEqual(secretsIn({ hashes: [NEW] }, open), [[[NEW], []]])
})

test('an app that comes to need a secret must get one in the file', () => {
  const missing = [['/app/0/secret_hashes', 'app_file.secret_missing']]
  assert.deepEqual(errorsOf(fileApps({ hashes: undefined })), missing)
  assert.deepEqual(
    errorsOf(fileApps({ hashes: undefined }), [storedApp('wiki', 'Wiki', { authMethod: 'none' })]),
    missing,
  )
  assert.deepEqual(errorsOf(fileApps({ kind: 'native', hashes: undefined })), [])
  const without = { ...storedApp('wiki', 'Wiki'), secrets: [] }
  assert.deepEqual(errorsOf(fileApps({ hashes: undefined }), [without]), [])
})

test('a name is free when an app takes it: of one that is removed or renamed before, and not of one that keeps it', () => {
  const stored = [storedApp('a', 'A'), storedApp('b', 'B'), storedApp('c', 'C')]
  const named = (...names: string[]) => fileApps(...names.map((name, at) => ({ id: 'abcd'.charAt(at), name })))
  assert.deepEqual(idsIn(planOf(named('B', 'C', 'D'), stored).changed), ['c', 'b', 'a'])
  assert.deepEqual(idsIn(planOf(named('a'), stored).changed), ['a'], 'another spelling of its own name')
  assert.deepEqual(errorsOf(named('B', 'A', 'C'), stored), [
    ['/app/0/name', 'app.name_taken'],
    ['/app/1/name', 'app.name_taken'],
  ])
  assert.deepEqual(errorsOf(named('A', 'c'), stored), [['/app/1/name', 'app.name_taken']])
  assert.deepEqual(errorsOf(named('A', 'c'), stored, { removesOthers: true }), [])
  assert.deepEqual(errorsOf(named('A', 'B', 'C', 'ａ'), stored), [['/app/3/name', 'app.name_taken']])
  assert.deepEqual(errorsOf(named('D', 'B', 'C', 'A'), stored), [])
})

test('errors are at the item of a list, all of all apps', () => {
  const apps = fileApps(
    {
      redirectUris: [URI, 'http://wiki.example.org/'],
      sharedGroupNames: ['STAFF', 'None'],
      allowedGroupNames: ['gone'],
    },
    {
      id: 'b',
      name: 'B',
      allowedRoles: ['helper', 'boss'],
      attributes: [
        { key: 'desk', claim: 'desk' },
        { key: 'x', claim: 'y' },
      ],
    },
    { id: 'c', name: '', redirectUris: [] },
  )
  assert.deepEqual(errorsOf(apps), [
    ['/app/0/redirect_uris/1', 'app.uri_http'],
    ['/app/0/shared_groups/1', 'app.group_unknown'],
    ['/app/0/allowed_groups/0', 'app.group_unknown'],
    ['/app/1/allowed_roles/1', 'app.role_unknown'],
    ['/app/1/attributes/1', 'app.attribute_unknown'],
    ['/app/2/name', 'field.missing'],
    ['/app/2/redirect_uris', 'app.uri_missing'],
  ])
})

test('what is stored of a deleted group is no difference', () => {
  const stored = [storedApp('wiki', 'Wiki', { sharedGroups: ['g2', 'gone', 'g1'], scopes: ['openid', 'groups'] })]
  const same = { sharedGroupNames: ['Staff', 'sales'], scopes: ['openid', 'groups'] } as const
  assert.deepEqual(idsIn(planOf(fileApps(same), stored).unchanged), ['wiki'])
  assert.deepEqual(planOf(fileApps({ ...same, sharedGroupNames: ['Staff'] }), stored).changed[0]?.changes, [
    { field: 'shared_groups', before: ['Sales', 'Staff'], after: ['Staff'] },
  ])
  assert.deepEqual(
    planOf(fileApps({ ...same, sharedGroupNames: 'all' }), stored).changed[0]?.fields.sharedGroups,
    'all',
  )
})

test('another admin who allowed an attribute is no difference', () => {
  const stored = [storedApp('wiki', 'Wiki', { attributes: [{ key: 'desk', claim: 'place', allowedBy: 'subject' }] })]
  assert.deepEqual(idsIn(planOf(fileApps({ attributes: [{ key: 'desk', claim: 'place' }] }), stored).unchanged), [
    'wiki',
  ])
})

test('a plan says which changes end the sign-ins to an app', () => {
  const stored = [storedApp('wiki', 'Wiki')]
  const ends = (app: Given) => planOf(fileApps(app), stored).changed.map(({ endsSignIns }) => endsSignIns)
  assert.deepEqual(ends({ scopes: ['openid'] }), [true])
  assert.deepEqual(ends({ authMethod: 'none', hashes: undefined }), [true])
  assert.deepEqual(ends({ name: 'Notes' }), [false])
})

test('no more apps are made than there may be', () => {
  const stored = Array.from({ length: CLIENTS_MAXIMUM }, (_, at) => storedApp(`s${at}`, `S ${at}`))
  assert.deepEqual(errorsOf(fileApps({}), stored), [['/app', 'field.too_many']])
  assert.deepEqual(errorsOf(fileApps({}), stored, { removesOthers: true }), [])
})
