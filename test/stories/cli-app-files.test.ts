// A file that says which apps there are, on the command line.
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import { appInFile, FILE_HASHES } from '../support/openid/app-files.ts'
import { grantOfProgram, isAlive } from '../support/openid/app-grants.ts'
import { startWithRule } from '../support/people/admins.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, problemIn, runner } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

leaveToTestAll()

const SECRET = 's'.repeat(40)

/** Writes a file beside the data, where commands run; returns its name. */
async function given(server: Server, text: string | Buffer, name = 'apps.toml'): Promise<string> {
  await writeFile(join(server.dataDir, name), text)
  return name
}

/** Writes a file with a secret that only its owner can read. */
async function givenSecret(server: Server, text: string, mode = 0o600): Promise<void> {
  await given(server, text, 'wiki.secret')
  await chmod(join(server.dataDir, 'wiki.secret'), mode)
}

async function started(t: TestContext, dialect: Dialect = 'sqlite') {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const apply = async (text: string, ...flags: string[]) => run('app', 'apply', await given(server, text), ...flags)
  return { server, root, run, apply }
}

/** The actions of the events about apps, in alphabetical order. */
async function eventsOf({ doorward: { db } }: Server): Promise<string[]> {
  const rows = await db.selectFrom('audit_event').select('action').orderBy('action').execute()
  return rows.map(({ action }) => action).filter((action) => /^(?:app|approval)\./.test(action))
}

const WIKI = `[[app]]
id = "wiki"
name = "Wiki"
redirect_uris = [
  "https://wiki.example.org/callback", # the page
  "https://wiki.example.org/other",
]
shared_groups = ["STAFF"]
scopes = ["openid", "groups"]
secret_file = "wiki.secret"
`
/** The same, as it is printed. */
const WIKI_EXPORTED = `[[app]]
id = "wiki"
name = "Wiki"
redirect_uris = [
  "https://wiki.example.org/callback",
  "https://wiki.example.org/other",
]
scopes = [
  "openid",
  "groups",
]
shared_groups = ["Staff"]
secret_hashes = ["sha256:${hashOf(Secret.of(SECRET))}"]
`
const NOTES =
  '[[app]]\nid = "notes"\nname = "Notes"\nkind = "native"\nredirect_uris = ["org.example.notes:/callback"]\n'

onEitherDatabase(
  'a file makes apps, changes them, and changes nothing when it is applied again',
  async (t, dialect) => {
    const { server, root, run, apply } = await started(t, dialect)
    await run('group', 'create', 'Staff')
    await run('app', 'add', 'Other', '--redirect-uri', 'https://other.example.org/', '--id', 'other')
    await givenSecret(server, `${SECRET}\n`)

    const before = await eventsOf(server)
    const planned = outputIn(await apply(WIKI + NOTES, '--dry-run', '--json'))
    assert.deepEqual(planned['others'], [{ id: 'other', name: 'Other' }])
    assert.deepEqual([planned['applied'], await eventsOf(server)], [false, before])
    const asked = await apply(WIKI + NOTES, '--no-input')
    assert.match(
      asked.stdout,
      /^add {5}Wiki \(wiki\)\n {8}name: Wiki\n {8}redirect_uris: https:\/\/wiki\S+, https:\S+\n/,
    )
    assert.match(asked.stdout, /^other {3}Other \(other\)$/m)
    assert.match(asked.stderr, /^Error: Make these changes\? Add --yes to confirm\.$/m)
    assert.deepEqual([asked.code, await eventsOf(server)], [2, before])

    const made = await apply(WIKI + NOTES, '--yes')
    assert.match(made.stderr, /✓ Applied: 2 added, 1 not in the file/)
    assert.deepEqual(await eventsOf(server), [...before, 'app.created', 'app.created', 'app.secret_added'].toSorted())
    const exported = (await run('app', 'export')).stdout
    assert.ok(exported.endsWith(`\n${WIKI_EXPORTED}`), exported)

    const [events, again] = [await eventsOf(server), await apply(WIKI + NOTES, '--yes')]
    assert.deepEqual([again.code, again.stderr], [0, 'Nothing to change: 2 unchanged, 1 not in the file\n'])
    assert.match((await apply(exported)).stderr, /^Nothing to change: 3 unchanged$/m)
    assert.deepEqual(await eventsOf(server), events)

    const grant = await grantOfProgram(await root.signsIn(), { app: 'wiki' })
    const less = WIKI.replace('scopes = ["openid", "groups"]\n', '').replace('"Wiki"', '"Our wiki"')
    const changed = await apply(`${less}${NOTES}disabled = true\n`, '--plain', '--yes')
    assert.deepEqual(changed.stdout.split('\n').slice(0, -1), [
      'change\twiki\tOur wiki',
      'change\twiki\tOur wiki\tname\tWiki\tOur wiki',
      'change\twiki\tOur wiki\tscopes\topenid, groups\topenid, profile, email',
      'change\twiki\tOur wiki\tsign-ins\t\tend',
      'change\tnotes\tNotes',
      'change\tnotes\tNotes\tdisabled\tno\tyes',
      'change\tnotes\tNotes\tsign-ins\t\tend',
      'other\tother\tOther',
    ])
    assert.equal(await isAlive(server, grant), false)
    // What was disabled, in the file or elsewhere, is enabled by an explicit word only.
    assert.match((await apply(less + NOTES, '--yes')).stderr, /^Disabled, and stays so: Notes$/m)
    const enabled = outputIn(await apply(`${NOTES}disabled = false\n`, '--yes', '--json'))['changed'] as {
      changes: unknown
    }[]
    assert.deepEqual(enabled[0]?.changes, [{ field: 'disabled', before: true, after: false }])
  },
)

onEitherDatabase('apps that the file does not have are deleted only where that is asked for', async (t, dialect) => {
  const { server, root, run, apply } = await started(t, dialect)
  const text = appInFile('one') + appInFile('two')
  await apply(text, '--yes')
  const grant = await grantOfProgram(await root.signsIn(), { app: 'two' })
  const asked = await apply(appInFile('one'), '--remove-others')
  assert.match(asked.stderr, /^Error: Make these changes, and delete 1 app with its sign-ins: App two\? Add --yes/)
  assert.equal(await isAlive(server, grant), true)
  assert.deepEqual(failureIn(await apply('', '--remove-others', '--yes', '--json')), [2, 'cli.usage'])
  assert.match((await apply('')).stderr, /^Nothing to change: 2 not in the file$/m)
  const gone = outputIn(await apply(appInFile('one'), '--remove-others', '--yes', '--json'))
  assert.deepEqual([gone['removed'], gone['others']], [[{ id: 'two', name: 'App two' }], []])
  assert.equal(await isAlive(server, grant), false)
  assert.equal((await run('app', 'export')).stdout, appInFile('one'))
})

test('secrets of the file replace those of the app, one by one', async (t) => {
  const { server, run, apply } = await started(t)
  const hashes = async (): Promise<unknown> => {
    const { app } = outputIn(await run('app', 'export', '--json')) as { app: { secret_hashes: unknown }[] }
    return app[0]?.secret_hashes
  }
  const both = FILE_HASHES.map((hash) => `sha256:${hash}`)
  const whole = appInFile('one')
  await apply(whole.replace(/ *"sha256:b.*\n/, ''), '--yes')
  assert.deepEqual(await hashes(), both.slice(0, 1))
  assert.match((await apply(whole, '--yes')).stdout, /^ {8}secrets: 1 added$/m)
  assert.deepEqual(await hashes(), both)
  const plain = whole.replace(/secret_hashes[^]*/, '')
  assert.match((await apply(plain, '--yes')).stderr, /Nothing to change/)
  await givenSecret(server, SECRET)
  assert.match((await apply(`${plain}secret_file = "wiki.secret"`, '--yes')).stdout, /^ {8}secrets: 1 added, 2 ended$/m)
  assert.deepEqual(await hashes(), [`sha256:${hashOf(Secret.of(SECRET))}`])
  const open = await apply(`${plain}auth_method = "none"`, '--yes')
  assert.match(open.stdout, /auth_method: client_secret_basic → none\n {8}secrets: 1 ended\n {8}sign-ins: end/)
  assert.equal(await hashes(), undefined)
})

test('the example of the page can be applied', async (t) => {
  const { server, run, apply } = await started(t)
  for (const name of ['Staff', 'Guests']) await run('group', 'create', name)
  await run('attribute', 'create', 'cost_center', '--label', 'Cost center')
  await given(server, SECRET, 'photos.secret')
  await chmod(join(server.dataDir, 'photos.secret'), 0o600)
  const example = readPage('docs/manage-apps.md').fences.find(({ code }) => code.startsWith('[[app]]'))
  assert.match((await apply(example?.code ?? '', '--yes')).stderr, /Applied: 2 added/)
})

/** Files with an error, and what is said of it behind the name of the file. */
const WRONG: readonly [text: string, said: string][] = [
  ['[[app]]\nid = "a\n', '2: Found text that is not TOML'],
  ['apps = 1\n', '1: apps: Unknown field.'],
  ['[[host]]\nname = "a b"\n', '2: name: Enter a host name like photos.example.org, without a port or a path.'],
  [`${NOTES}redirect_uri = "x"`, '6: redirect_uri: Unknown field.'],
  [`${NOTES}hidden = "yes"`, '6: hidden: This must be a boolean.'],
  [`${NOTES}\n${NOTES}`, '8: id: Line 2 already has this.'],
  [`${NOTES}allowed_groups = [\n  "Nobody",\n]`, '7: allowed_groups, item 1: One of these groups does not exist.'],
  [`${NOTES}allowed_roles = ["boss"]`, '6: allowed_roles, item 1: One of these roles does not exist.'],
  [`${NOTES}attributes = ["desk"]`, '6: attributes, item 1: One of these attributes does not exist.'],
  [NOTES.replace('org.example.notes:/callback', 'http://example.org/'), '5: redirect_uris: Use https.'],
  [`${NOTES}secret_hashes = ["sha256:1"]`, '6: secret_hashes: An app without a secret cannot have one.'],
  [WIKI, '10: secret_file: The file'],
  [WIKI.replace(/secret_file.*\n/, ''), '1: secret_hashes: No one could sign in to this app without a secret.'],
  [NOTES.replace('"Notes"', '"Wiki"'), '3: name: Another app has this name.'],
]

test('a damaged file is refused as a whole, with file, line and field', async (t) => {
  const { server, run, apply } = await started(t)
  await run('group', 'create', 'Staff')
  await run('app', 'add', 'Wiki', '--redirect-uri', 'https://wiki.example.org/', '--id', 'first')
  const before = [await eventsOf(server), (await run('app', 'export')).stdout]
  for (const [text, said] of WRONG) {
    const { code, stdout, stderr } = await apply(text, '--yes')
    assert.deepEqual([code, stdout], [6, ''], text)
    assert.ok(stderr.startsWith('Error: Nothing was changed.\n') && stderr.includes(`\napps.toml:${said}`), stderr)
  }
  for (const [secret, mode, said] of [
    ['short', 0o600, 'Use at least 32 characters.'],
    [SECRET, 0o644, 'Other users of this machine can read or change'],
    [`${SECRET}\n${SECRET}\n`, 0o600, 'This must be a file with a single line.'],
    [`${SECRET} ${SECRET}`, 0o600, 'Remove the unsupported character.'],
    ['x'.repeat(2_000), 0o600, 'This must be a file with a single line.'],
  ] as const) {
    await givenSecret(server, secret, mode)
    const { code, stderr } = await apply(WIKI, '--yes')
    assert.ok(code === 6 && stderr.includes(`\napps.toml:10: secret_file: ${said}`), stderr)
    assert.ok(!stderr.includes(secret))
  }
  const many = problemIn(await apply(NOTES.repeat(101), '--yes', '--json'))
  const errors = many['errors'] as { line: number; pointer: string; code: string }[]
  assert.deepEqual([many['code'], errors.length], ['file.faults', 200])
  assert.deepEqual(errors[0], { ...errors[0], line: 7, pointer: '/app/1/id', code: 'app_file.repeated' })
  assert.match(String(many['detail']), /\n… and 150 more$/)
  for (const [bytes, said] of [
    [Buffer.from([0xff, 0xfe]), 'The file is not UTF-8.'],
    [Buffer.alloc(8 * 1024 * 1024 + 1, ' '), 'The file has more than 8 MiB.'],
  ] as const) {
    const { code, stderr } = await run('app', 'apply', await given(server, bytes), '--yes')
    assert.ok(code === 6 && stderr.includes(`\napps.toml:1: ${said}`), stderr)
  }
  assert.equal((await run('app', 'apply', 'none.toml')).code, 2)
  assert.deepEqual([await eventsOf(server), (await run('app', 'export')).stdout], before)
})

test('a file that was damaged anywhere is applied or refused with the line, and never ends in an error of the program', async (t) => {
  const { run, apply } = await started(t)
  await run('group', 'create', 'Staff')
  const whole = appInFile('one', 'shared_groups = ["Staff"]', 'max_age = 60', 'attributes = []') + NOTES
  const damage = fc.record({
    at: fc.nat(whole.length),
    cut: fc.nat(12),
    put: fc.constantFrom('', '"', '[', ']]', '\n', '=', '\0', '{', ',', '9e999', "'''", '__proto__', '#', '😀'),
  })
  await fc.assert(
    fc.asyncProperty(damage, async ({ at, cut, put }) => {
      const text = whole.slice(0, at) + put + whole.slice(at + cut)
      const { code, stderr } = await apply(text, '--dry-run')
      if (code !== 0) assert.match(stderr, /^Error: Nothing was changed\.\n(?:apps\.toml:\d+: .+\n)+$/, text)
      assert.ok(code === 0 || code === 6, text)
    }),
    { numRuns: 60 },
  )
})

onEitherDatabase(
  'a file goes past the two-person rule: each change is recorded, and admins get one mail',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server } = await startWithRule(t, dialect, smtp.settings)
    const settings = { two_person_rule: 'on', ...smtp.settings }
    const run = runner(t, { ...server, settings })
    const apply = async (text: string) => run('app', 'apply', await given(server, text), '--yes')
    assert.match((await apply(appInFile('one') + appInFile('two'))).stderr, /Applied: 2 added/)
    const changes = `${appInFile('one', 'trusted = false', 'hidden = true').replace(String(FILE_HASHES[0]), 'c'.repeat(64))}${appInFile('two')}disabled = true`
    await apply(changes)
    await apply(appInFile('two').replace('App two', 'Second'))
    await apply(`${appInFile('two')}disabled = false`)
    const resource = `[[resource]]\nuri = "https://api.example.org/"\nname = "Orders"\nserved_by = "two"\n`
    const host = `[[host]]\nname = "wiki.example.org"\n`
    await apply(appInFile('three') + resource + host)
    const open = '[[host.rule]]\npath = "/"\nwho = "everyone"\n'
    await apply(host + open)
    // What lets fewer people pass needs no second admin.
    await apply(host + open.replace('everyone', 'signed-in'))
    const { items } = outputIn(await run('audit', 'list', '--action', 'approval.bypassed', '--json'))
    assert.deepEqual(
      (items as { details: { change: string; username: string } }[])
        .map(({ details }) => [details.change, details.username])
        .toReversed(),
      [
        ['create-app', 'App one'],
        ['add-app-secret', 'App one'],
        ['create-app', 'App two'],
        ['add-app-secret', 'App two'],
        ['change-app', 'App one'],
        ['add-app-secret', 'App one'],
        ['enable-app', 'App two'],
        ['create-app', 'App three'],
        ['add-app-secret', 'App three'],
        ['create-resource', 'Orders'],
        ['create-host', 'wiki.example.org'],
        ['change-host', 'wiki.example.org'],
      ],
    )
    for (let sent = 0; sent < 5; sent++) await deliverQueuedMails(server.doorward)
    for (const email of ['root@example.org', 'mia@example.org', 'noa@example.org']) {
      const texts = smtp.to(email).map(({ text }) => / made th.*: .*$/m.exec(text ?? '')?.[0] ?? '')
      assert.deepEqual(texts.toSorted(), [
        ' made these changes: Change app App one; New secret for app App one.',
        ' made these changes: Register app App one; New secret for app App one; Register app App two; New secret for app App two.',
        ' made these changes: Register app App three; New secret for app App three; Register resource Orders; Protect host wiki.\u2060example.\u2060org.',
        ' made this change: Change protected host wiki.\u2060example.\u2060org.',
        ' made this change: Enable app App two.',
      ])
    }
  },
)

const ORDERS = `[[app]]
id = "orders"
name = "Orders API"
kind = "api"
secret_hashes = ["sha256:${FILE_HASHES[0]}"]

[[resource]]
uri = "https://api.example.org/"
name = "Orders"
served_by = "orders"
token_format = "jwt"
lifetime = 120
scopes = [
  "read",
  "write",
]
allowed_clients = ["notes"]
`

onEitherDatabase('a file makes resources with their apps, and changes and deletes them', async (t, dialect) => {
  const { server, run, apply } = await started(t, dialect)
  const planned = await apply(NOTES + ORDERS, '--dry-run')
  assert.match(planned.stdout, /^add {5}resource Orders \(https:\/\/api\.example\.org\/\)\n {8}uri: https/m)
  assert.match(planned.stdout, /^ {8}scopes: read, write$/m)
  assert.match(planned.stderr, /^Would be: 2 added; resources: 1 added$/m)
  assert.match((await apply(NOTES + ORDERS, '--yes')).stderr, /✓ Applied: 2 added; resources: 1 added/)
  assert.match((await run('resource', 'show', 'https://api.example.org/')).stdout, /^tokens live +2 minutes$/m)

  const exported = (await run('app', 'export')).stdout
  assert.ok(exported.endsWith(ORDERS.slice(ORDERS.indexOf('[[resource]]'))), exported)
  const again = await apply(exported, '--yes')
  assert.deepEqual([again.stdout, again.stderr], ['', 'Nothing to change: 2 unchanged; resources: 1 unchanged\n'])
  const json = JSON.parse((await run('app', 'export', '--json')).stdout) as { readonly resource: { uri: string }[] }
  assert.deepEqual(
    json.resource.map(({ uri }) => uri),
    ['https://api.example.org/'],
  )

  const less = (NOTES + ORDERS).replace('lifetime = 120\n', '').replace('"notes"]', '"notes", "orders"]')
  const changed = await apply(less, '--plain', '--yes')
  assert.deepEqual(changed.stdout.split('\n').slice(0, -1), [
    'change-resource\thttps://api.example.org/\tOrders',
    'change-resource\thttps://api.example.org/\tOrders\tallowed_clients\tnotes\tnotes, orders',
    'change-resource\thttps://api.example.org/\tOrders\tlifetime\t120\t',
  ])
  const wrong = await apply(less.replace('served_by = "orders"', 'served_by = "notes"').replace('"write"', '"openid"'))
  assert.match(wrong.stderr, /apps\.toml:\d+: served_by: An app without a secret/)
  assert.match(wrong.stderr, /apps\.toml:\d+: scopes: /)
  // What the file does not have stays, and so does a resource whose app the file has no longer.
  assert.match((await apply(NOTES, '--yes')).stderr, /1 unchanged, 1 not in the file; resources: 1 not in the file/)
  const asked = await apply(NOTES, '--remove-others', '--no-input')
  assert.match(asked.stderr, /delete 1 app with its sign-ins: Orders API; and 1 resource: Orders\?/)
  assert.match((await apply(NOTES, '--remove-others', '--yes')).stderr, /1 deleted, 1 unchanged; resources: 1 deleted/)
  const rows = await server.doorward.db.selectFrom('resource').select('id').execute()
  assert.deepEqual(rows, [])
})

const HOST = `[[host]]
name = "wiki.example.org"
shared_groups = ["Staff"]
api_tokens = true

[[host.rule]]
path = "/public"
who = "everyone"
methods = ["GET"]

[[host.rule]]
path = "/admin"
who = "groups"
names = [
  "Big ideas",
  "Staff",
]
least_assurance = "phishing-resistant"
max_age = 300
`

onEitherDatabase('a file protects hosts with their rules, and changes and removes them', async (t, dialect) => {
  const { server, run, apply } = await started(t, dialect)
  for (const group of ['Staff', 'Big ideas']) await run('group', 'create', group)
  const planned = await apply(NOTES + HOST, '--dry-run')
  assert.match(planned.stdout, /^add {5}host wiki\.example\.org\n {8}name: wiki/m)
  const rules = 'GET /public everyone; * /admin groups "Big ideas" Staff least=phishing-resistant max-age=300'
  assert.ok(planned.stdout.includes(`        rule: ${rules}\n`), planned.stdout)
  assert.match(planned.stderr, /^Would be: 1 added; hosts: 1 added$/m)
  assert.match((await apply(NOTES + HOST, '--yes')).stderr, /✓ Applied: 1 added; hosts: 1 added/)
  assert.match((await run('host', 'show', 'wiki.example.org')).stdout, /^rule 1 +GET \/public everyone$/m)

  const exported = (await run('app', 'export')).stdout
  assert.ok(exported.endsWith(HOST), exported)
  const again = await apply(exported, '--yes')
  assert.deepEqual([again.stdout, again.stderr], ['', 'Nothing to change: 1 unchanged; hosts: 1 unchanged\n'])
  const json = JSON.parse((await run('app', 'export', '--json')).stdout) as { host: { rule: { path: string }[] }[] }
  assert.deepEqual(
    json.host[0]?.rule.map(({ path }) => path),
    ['/public', '/admin'],
  )

  const less = NOTES + HOST.slice(0, HOST.indexOf('[[host.rule]]\npath = "/admin"'))
  const changed = await apply(less, '--plain', '--yes')
  assert.deepEqual(changed.stdout.split('\n').slice(0, -1), [
    'change-host\twiki.example.org\twiki.example.org',
    `change-host\twiki.example.org\twiki.example.org\trule\t${rules}\tGET /public everyone`,
  ])
  const wrong = await apply(HOST.replace('"Big ideas"', '"Sales"').replace('/public', '/a/../b'))
  assert.match(wrong.stderr, /apps\.toml:7: rule, item 1, path: /)
  assert.match(wrong.stderr, /apps\.toml:15: rule, item 2, names, item 1: /)
  const reported = JSON.parse((await apply(NOTES, '--yes', '--json')).stdout) as { hosts: { others: object[] } }
  assert.deepEqual(reported.hosts.others, [{ name: 'wiki.example.org' }])
  const asked = await apply(NOTES, '--remove-others', '--no-input')
  assert.match(asked.stderr, /delete 1 host: wiki\.example\.org\?/)
  assert.match((await apply(NOTES, '--remove-others', '--yes')).stderr, /1 unchanged; hosts: 1 deleted/)
  assert.deepEqual(await server.doorward.db.selectFrom('protected_host').select('id').execute(), [])
})
