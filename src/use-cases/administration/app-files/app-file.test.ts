import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type ClientKind, CLIENTS_MAXIMUM } from '#domain/clients/client.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { readToml } from '#foundation/platform/config/settings-file.ts'
import { anyText } from '#test/support/generators/any-text.ts'
import { newAppFields } from '../clients/clients.service.ts'
import { readAppFile, type AppFileReading } from './app-file.schema.ts'
import { appFileText, appTable, attributeIn, declaredFields, fileFields, hashInFile } from './app-file.ts'

const HASH = 'a1'.repeat(32)
const NO_NAMES = (): undefined => undefined
const newAppOf = (kind: ClientKind) => newAppFields({ name: '', kind })

function reading(text: string): AppFileReading {
  const toml = readToml(text)
  assert.ok('values' in toml, text)
  return readAppFile(toml.values, (pointer) => pointer.length)
}

/** Pointers and codes. */
function errorsIn(text: string): string[] {
  return reading(text).errors.map(({ pointer, code }: FieldError) => `${pointer} ${code}`)
}

const WIKI = '[[app]]\nid = "wiki"\nname = "Wiki"\nredirect_uris = ["https://wiki.example.org/"]\n'

test('what a file leaves out is as in a new app of its kind', () => {
  const { apps, errors } = reading(
    `${WIKI}[[app]]\nid = "n"\nname = "N"\nkind = "native"\nattributes = ["desk", "note=n", { key = "a", claim = "b" }, { key = "c" }]`,
  )
  assert.deepEqual(errors, [])
  const [wiki, native] = apps
  const {
    sharedGroups: _,
    allowedGroups: __,
    ...fields
  } = newAppFields({ name: 'Wiki', redirectUris: ['https://wiki.example.org/'] })
  assert.deepEqual(wiki, {
    index: 0,
    id: 'wiki',
    fields,
    sharedGroupNames: [],
    allowedGroupNames: [],
    disabled: undefined,
    hashes: undefined,
    secretFile: undefined,
  })
  assert.equal(native?.fields.authMethod, 'none')
  assert.deepEqual(native?.fields.attributes, [
    { key: 'desk', claim: 'desk' },
    { key: 'note', claim: 'n' },
    { key: 'a', claim: 'b' },
    { key: 'c', claim: 'c' },
  ])
})

test('all errors of a file are found at once, each at its field', () => {
  const text = `hosts = 1
apps = 2
${WIKI}redirect_uri = "x"
trusted = "yes"
least_assurance = "three-factors"
max_age = 1.5
scopes = ["openid", "admin"]
allowed_roles = "admin"
shared_groups = 7
attributes = [1]
[[app]]
id = "-"
name = "wiki"
secret_hashes = ["sha256:${HASH}", "md5:00"]
secret_file = "wiki.secret"
[[app]]
id = "wiki"
name = "ＷＩＫＩ"
kind = "browser"
secret_file = "x"
[[resource]]
uri = "https://api.example.org/"
token_format = "saml"
lifetime = "2m"
[[resource]]
uri = "https://api.example.org/"
name = "Orders"
[[resource]]
uri = " https://api.example.org/"
name = "Mail"
[[host]]
port = 443
[[host.rule]]
path = "/"
who = "me"
[[host]]
name = "a.example.org"
shared_groups = "all"
[[host]]
name = "b.example.org"
[[host.rule]]
path = "/a"
who = "everyone"
[[host]]
name = " B.example.org"
`
  assert.deepEqual(errorsIn(text).toSorted(), [
    '/app/0/allowed_roles field.type',
    '/app/0/attributes/0 field.type',
    '/app/0/least_assurance field.choice',
    '/app/0/max_age field.type',
    '/app/0/redirect_uri field.unknown',
    '/app/0/scopes/1 field.choice',
    '/app/0/shared_groups field.type',
    '/app/0/trusted field.type',
    '/app/1/id app.id_characters',
    '/app/1/secret_hashes app_file.secret_twice',
    '/app/1/secret_hashes/1 app_file.hash',
    '/app/2/name app_file.repeated',
    '/app/2/secret_file app_file.secret_of_public',
    '/apps field.unknown',
    '/host/0/name field.missing',
    '/host/0/port field.unknown',
    '/host/0/rule/0/who field.choice',
    '/host/1/shared_groups field.type',
    '/host/3/name app_file.repeated',
    '/hosts field.unknown',
    '/resource/0/lifetime field.type',
    '/resource/0/name field.missing',
    '/resource/0/token_format field.choice',
    '/resource/2/uri app_file.repeated',
  ])
})

const WRONG: readonly [text: string, pointer: string, code: string][] = [
  ['[app]\nid = "wiki"', '/app', 'app_file.table'],
  ['app = 1', '/app', 'app_file.table'],
  ['app = [1]', '/app/0', 'field.type'],
  ['[resource]\nuri = "https://api.example.org/"', '/resource', 'app_file.table'],
  ['host = 1', '/host', 'app_file.table'],
  ['[[host]]\nname = "a.example.org"\nrules = []', '/host/0/rules', 'field.unknown'],
  ['[[host]]\nname = "a.example.org"\n[[host.rule]]\npath = "/"', '/host/0/rule/0/who', 'field.missing'],
  ['[[resource]]\nname = "Orders"', '/resource/0/uri', 'field.missing'],
  ['[[resource]]\nuri = "a"\nname = "A"\nserver = "wiki"', '/resource/0/server', 'field.unknown'],
  ['[[app]]\nname = "Wiki"', '/app/0/id', 'field.missing'],
  ['[[app]]\nid = "wiki"', '/app/0/name', 'field.missing'],
  [`${WIKI}${WIKI.replace('"Wiki"', '"Notes"')}`, '/app/1/id', 'app_file.repeated'],
  [`${WIKI}secret_hashes = []`, '/app/0/secret_hashes', 'field.too_few'],
  [`${WIKI}secret_hashes = ["a", "b", "c"]`, '/app/0/secret_hashes', 'field.too_many'],
  [`${WIKI}secret_hashes = ["${HASH}"]`, '/app/0/secret_hashes/0', 'app_file.hash'],
  [`${WIKI}secret_hashes = ["sha256:${HASH}0"]`, '/app/0/secret_hashes/0', 'app_file.hash'],
  [
    `${WIKI}auth_method = "none"\nsecret_hashes = ["sha256:${HASH}"]`,
    '/app/0/secret_hashes',
    'app_file.secret_of_public',
  ],
  [`${WIKI}__proto__ = 1`, '/app/0/__proto__', 'field.unknown'],
  [`${WIKI}id.x = 1`.replace('id = "wiki"\n', ''), '/app/0/id', 'field.type'],
  [`${WIKI}start_url = 1979-05-27`, '/app/0/start_url', 'field.type'],
  [String.raw`${WIKI}preset = "a\u0000"`, '/app/0/preset', 'field.characters'],
]

test('each kind of error in a file has its code', () => {
  for (const [text, pointer, code] of WRONG) assert.deepEqual(errorsIn(text), [`${pointer} ${code}`], text)
  const most = `[[app]]\n`.repeat(CLIENTS_MAXIMUM + 1)
  assert.deepEqual(errorsIn(most), ['/app field.too_many'])
})

test('a hash is taken with either case of its digits, and stored with small ones', () => {
  assert.equal(hashInFile(`sha256:${HASH.toUpperCase()}`), HASH)
  for (const text of ['', 'sha256:', HASH, `sha512:${HASH}`, `sha256:${HASH} `, `sha256:${HASH.slice(1)}g`])
    assert.equal(hashInFile(text), undefined, text)
})

test('an attribute is its key, or its key with a claim', () => {
  assert.deepEqual(attributeIn('desk'), { key: 'desk', claim: 'desk' })
  assert.deepEqual(attributeIn('desk=a=b'), { key: 'desk', claim: 'a=b' })
})

test('a file that is written has only what differs from a new app, and groups by name', () => {
  const fields = {
    ...newAppFields({ name: 'Wiki', kind: 'native' }),
    redirectUris: ['a.b:/c'],
    sharedGroups: ['2', '1', 'gone'],
  }
  const nameOf = (id: string): string | undefined => ({ 1: 'Staff', 2: 'Sales' })[id]
  assert.deepEqual(declaredFields(fields, nameOf, newAppOf), {
    name: 'Wiki',
    kind: 'native',
    redirect_uris: ['a.b:/c'],
    shared_groups: ['Sales', 'Staff'],
  })
  // The kind decides what is left out.
  assert.deepEqual(declaredFields({ ...newAppOf('native'), authMethod: 'client_secret_basic' }, NO_NAMES, newAppOf), {
    kind: 'native',
    auth_method: 'client_secret_basic',
  })
})

const text = anyText({ maxLength: 12 }).filter((one) => !one.includes('\0'))
const written = fc.record({
  id: fc.stringMatching(/^[A-Za-z\d][\w.-]{0,9}$/),
  name: text,
  uris: fc.array(text, { maxLength: 3 }),
  trusted: fc.boolean(),
  maxAge: fc.integer({ min: 1 }),
  disabled: fc.boolean(),
  isSecret: fc.boolean(),
})

test('what is written is read again, whatever characters it has', () => {
  fc.assert(
    fc.property(fc.array(written, { maxLength: 4 }), (apps) => {
      const tables = apps.map(({ id, name, uris, trusted, maxAge, disabled, isSecret }) => {
        const fields = { ...newAppFields({ name, redirectUris: uris, trusted, maxAge, startUrl: name }) }
        return appTable({ id, fields: fileFields(fields, NO_NAMES), disabled, hashes: isSecret ? [HASH] : [] })
      })
      const read = readToml(appFileText({ apps: tables, resources: [], hosts: [] }))
      assert.ok('values' in read, appFileText({ apps: tables, resources: [], hosts: [] }))
      assert.deepEqual(JSON.parse(JSON.stringify(read.values['app'] ?? [])), tables)
    }),
  )
})
