// Apps on the command line.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { migratedDatabaseUrl, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { grantOfProgram, isAlive } from '../support/openid/app-grants.ts'
import { notifyApps, startReceiver } from '../support/openid/logout-receiver.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, jsonIn, outputIn, type Run, runner, withAdmin } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

leaveToTestAll()

const CALLBACK = 'https://wiki.example.org/callback'

/** The hashes of the secrets with which an app can authenticate. */
async function hashesOf(server: Server, id: unknown): Promise<string[]> {
  const ctx = { ...server.operator(), now: Date.now() }
  return (await findClientWithSecrets(ctx, String(id)))?.secrets.map(({ hash }) => hash) ?? []
}

const hashed = (secret: unknown): string => hashOf(Secret.of(String(secret)))

onEitherDatabase('the operator registers an app, copies its settings, changes and deletes it', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const made = outputIn(await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK, '--json'))
  const { client_secret: secret, approval, issuer, id, redirect_uris: uris, scopes } = made
  assert.match(String(issuer), /^http:.*:8000\/oidc$/)
  assert.match(String(secret), /^dwc_[\w-]{43}$/)
  assert.deepEqual([approval, uris, scopes], [null, [CALLBACK], ['openid', 'profile', 'email']])
  assert.deepEqual(await hashesOf(server, id), [hashed(secret)])

  assert.equal(outputIn(await run('app', 'list', '--json'))['next_cursor'], null)
  assert.match(
    (await run('app', 'list', '--plain')).stdout,
    new RegExp(`^Wiki\tweb\tenabled\t0\tnever\t${String(id)}$`, 'm'),
  )
  assert.match((await run('app', 'list')).stderr, /1 app/)
  const shown = await run('app', 'show', 'wiki', '--plain')
  assert.match(shown.stdout, /^issuer\thttp:.*:8000\/oidc$/m)
  assert.match(shown.stdout, /^PKCE required\tyes$/m)
  assert.match(shown.stdout, /^secrets\t[\w-]{36} \(created .*, never used\)$/m)
  assert.ok(!shown.stdout.includes(String(secret)) && !shown.stdout.includes(hashed(secret)))
  assert.equal(outputIn(await run('app', 'show', String(id), '--json'))['name'], 'Wiki')

  assert.equal((await run('group', 'create', 'Staff')).code, 0)
  assert.equal((await run('attribute', 'create', 'cost_center', '--label', 'Cost center')).code, 0)
  const changes = ['--name', 'Notes', '--group', 'staff', '--attribute', 'cost_center=department', '--without', 'pkce']
  const changed = outputIn(await run('app', 'change', 'Wiki', ...changes, '--json'))
  assert.deepEqual(
    [changed['name'], changed['scopes'], changed['require_pkce'], changed['redirect_uris']],
    ['Notes', ['openid', 'profile', 'email', 'groups'], false, [CALLBACK]],
  )
  assert.deepEqual(changed['attributes'], [{ key: 'cost_center', claim: 'department', allowed_by: null }])
  const said = (await run('app', 'show', 'Notes', '--plain')).stdout
  assert.match(said, /^groups\tStaff\nattributes\tcost_center=department$/m)
  const less = ['--group', 'none', '--attribute', 'none', '--with', 'pkce', '--scope', 'openid']
  assert.match((await run('app', 'change', 'Notes', ...less)).stderr, /Changed the app Notes/)
  assert.match((await run('app', 'change', 'Notes', ...less)).stderr, /Nothing to change for Notes/)
  assert.match(
    (await run('app', 'show', 'Notes', '--plain')).stdout,
    /^scopes\topenid\ngroups\tnone\nattributes\tnone$/m,
  )

  const device = ['--redirect-uri', 'none', '--with', 'device']
  assert.match((await run('app', 'change', 'Notes', ...device)).stderr, /Changed the app Notes/)
  const onDevices = (await run('app', 'show', 'Notes', '--plain')).stdout
  assert.match(onDevices, /^redirect URIs\tnone$/m)
  assert.match(onDevices, /^sign-in on devices\tyes$/m)
  assert.notEqual((await run('app', 'change', 'Notes', '--without', 'device')).code, 0, 'nothing is left to sign in by')
  await run('app', 'change', 'Notes', '--redirect-uri', CALLBACK, '--without', 'device')

  const access = ['--role', 'admin', '--group', 'staff', '--least-assurance', 'phishing-resistant', '--max-age', '12h']
  assert.match((await run('app', 'access', 'Notes', ...access, '--yes')).stderr, /Changed who may use Notes/)
  assert.match((await run('app', 'change', 'Notes', '--url', 'https://wiki.example.org/')).stderr, /Changed/)
  const restricted =
    /^may be used by\trole admin, group Staff\nneeds\tphishing-resistant, a sign-in at most 12 hours ago\n/m
  assert.match((await run('app', 'access', 'Notes', '--plain')).stdout, restricted)
  assert.match((await run('app', 'show', 'Notes', '--plain')).stdout, /^opened at\thttps:\/\/wiki.example.org\/$/m)
  const open = ['--role', 'none', '--group', 'none', '--least-assurance', 'none', '--max-age', 'none', '--plain']
  assert.match(
    (await run('app', 'access', 'Notes', ...open)).stdout,
    /^may be used by\teveryone\nneeds\tnothing more\n/m,
  )

  assert.equal(outputIn(await run('app', 'disable', 'Notes', '--json'))['disabled_at'] === null, false)
  assert.match((await run('app', 'list', '--plain')).stdout, /^Notes\tweb\tdisabled\t/)
  assert.equal(outputIn(await run('app', 'enable', 'Notes', '--json'))['disabled_at'], null)
  assert.equal((await run('app', 'remove', 'Notes', '--no-input')).code, 2)
  const removed = outputIn(await run('app', 'remove', 'Notes', '--yes', '--json'))['deleted'] as { id: string }
  assert.equal(removed.id, id)
  assert.deepEqual(failureIn(await run('app', 'show', String(id), '--json')), [3, 'app.not_found'])
})

onEitherDatabase(
  'users who would lose an app are counted, and the command asks before it changes the app',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
    const run = runner(t, server)
    await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK)
    await newcomer(await root.signsIn(), 'ada')
    for (let at = 1; at <= 10; at++) await newcomer(root, `user${at}`)
    const strict = ['app', 'access', 'Wiki', '--role', 'admin', '--least-assurance', 'phishing-resistant']

    const dry = await run(...strict, '--dry-run')
    assert.match(dry.stdout, /^users +12\ncannot use it +12\ncan use it now +12\n$/)
    assert.match(
      dry.stderr,
      /None of the roles: 11 users\n +No passkey: 1 user\n +root \(No passkey\)\n +ada \(None of the roles\)/,
    )
    assert.match(dry.stderr, /and 2 more users\n$/)
    const counted = outputIn(await run(...strict, '--dry-run', '--json'))
    assert.deepEqual([counted['users'], counted['refused'], counted['newly_refused']], [12, 12, 12])
    assert.equal((counted['first'] as object[]).length, 10)
    const open = outputIn(await run('app', 'access', 'Wiki', '--dry-run', '--json'))
    assert.deepEqual([open['users'], open['refused'], open['counts'], open['first']], [12, 0, [], []])

    const refused = await run(...strict, '--no-input')
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /12 users of 12 could not use Wiki anymore.*Change who may use Wiki\? Add --yes/s)
    assert.match(
      (await run('app', 'access', 'Wiki', '--plain')).stdout,
      /^may be used by\teveryone\nneeds\tnothing more$/m,
    )
    assert.equal((await run(...strict, '--yes')).code, 0)
    // No one loses it by these.
    assert.equal((await run('app', 'access', 'Wiki', '--least-assurance', 'none', '--no-input')).code, 0)
    assert.equal((await run('app', 'access', 'Wiki', '--max-age', '1h', '--no-input')).code, 0)
  },
)

onEitherDatabase('a secret is changed while the old one still works', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const printed = await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK, '--plain')
  const [, id, old] = /^client id\t(.+)\nclient secret\t(dwc_.+)$/m.exec(printed.stdout) ?? []
  const { id: secretId, client_secret: next } = outputIn(await run('app', 'secret', 'Wiki', '--json'))
  assert.deepEqual((await hashesOf(server, id)).toSorted(), [hashed(old), hashed(next)].toSorted())
  assert.deepEqual(failureIn(await run('app', 'secret', 'Wiki', '--json')), [4, 'app.too_many_secrets'])
  assert.equal((await run('app', 'secret', 'Wiki', '--end', String(secretId))).code, 0)
  assert.deepEqual(await hashesOf(server, id), [hashed(old)])
  assert.deepEqual(failureIn(await run('app', 'secret', 'Wiki', '--end', String(secretId), '--json')), [
    3,
    'app.secret_not_found',
  ])
  assert.match((await run('app', 'secret', 'Wiki')).stdout, /^dwc_[\w-]{43}\n$/)
})

onEitherDatabase(
  'id and secret of an app can be given, so that several servers have the same app',
  async (t, dialect) => {
    const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
    const run = runner(t, server)
    const file = join(server.dataDir, 'secret.txt')
    const add = (name: string, ...flags: string[]) =>
      run('app', 'add', name, '--redirect-uri', CALLBACK, ...flags, '--json')
    await writeFile(file, `${'s'.repeat(31)}\n`)
    const short = jsonIn((await add('Wiki', '--secret-file', file)).stderr)
    assert.deepEqual(
      [short['code'], (short['errors'] as { code: string }[]).map(({ code }) => code)],
      ['request.validation_failed', ['app.secret_too_short']],
    )
    await writeFile(file, `${'s'.repeat(32)}\n`)
    const made = outputIn(await add('Wiki', '--id', 'wiki', '--secret-file', file))
    assert.equal(made['id'], 'wiki')
    assert.deepEqual(await hashesOf(server, 'wiki'), [hashed('s'.repeat(32))])
    assert.deepEqual(failureIn(await add('Notes', '--id', 'wiki')), [4, 'app.id_taken'])
    assert.deepEqual(failureIn(await add('Notes', '--id', '-')), [6, 'request.validation_failed'])
    assert.match(
      (await add('Notes', '--secret-file', join(server.dataDir, 'none'))).stderr,
      /The secret file .* cannot be read/,
    )
  },
)

onEitherDatabase('the sign-ins to an app are counted and ended', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK, '--id', 'wiki')
  const grant = await grantOfProgram(await root.signsIn(), { app: 'wiki' })
  assert.equal(outputIn(await run('app', 'grants', 'Wiki', '--json'))['sign_ins'], 1)
  assert.match((await run('app', 'grants', 'Wiki')).stdout, /^sign-ins +1\nlast used /)
  assert.equal((await run('app', 'grants', 'Wiki', '--end', '--no-input')).code, 2)
  assert.equal(await isAlive(server, grant), true)
  assert.deepEqual(outputIn(await run('app', 'grants', 'Wiki', '--end', '--yes', '--json')), { ended: 1 })
  assert.equal(await isAlive(server, grant), false)
})

onEitherDatabase('what did not reach an app is shown with its answer, and sent again', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const receiver = await startReceiver(t)
  const wiki = ['--redirect-uri', CALLBACK, '--id', 'wiki', '--backchannel-uri', receiver.uri]
  await run('app', 'add', 'Wiki', ...wiki)
  await notifyApps(server)
  await grantOfProgram(await root.signsIn(), { app: 'wiki' })
  assert.equal((await run('app', 'deliveries', 'Wiki')).stdout, '')
  receiver.answer = (response) => void response.writeHead(400).end('no such session')
  await run('app', 'grants', 'Wiki', '--end', '--yes')
  await notifyApps(server)
  assert.match((await run('app', 'deliveries', 'Wiki')).stdout, / 1 .* 400 no such session/)
  receiver.answer = (response) => void response.writeHead(200).end()
  assert.deepEqual(outputIn(await run('app', 'deliveries', 'Wiki', '--again', '--json')), { sent: 1 })
  await notifyApps(server)
  assert.equal(receiver.received.length, 2)
  assert.deepEqual(outputIn(await run('app', 'deliveries', 'Wiki', '--json')), { items: [] })
})

onEitherDatabase('a program is registered by a preset, with its URL alone', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const { items } = outputIn(await run('app', 'presets', '--json')) as { items: { name: string; run: unknown }[] }
  const reader = items.find(({ name }) => name === 'miniflux')
  assert.ok(reader)
  assert.match((await run('app', 'presets', '--plain')).stdout, /^miniflux\tMiniflux\tFeed reader\tMiniflux \d/m)

  const url = ['--preset', 'miniflux', '--url', 'https://reader.example.org/']
  const printed = (await run('app', 'add', 'Reader', ...url)).stdout
  const id = /^client id +(\S+)$/m.exec(printed)?.[1] ?? ''
  const secret = /^client secret +(\S+)$/m.exec(printed)?.[1] ?? ''
  assert.deepEqual(await hashesOf(server, id), [hashed(secret)])
  assert.ok(printed.includes(`\nOAUTH2_CLIENT_ID=${id}\nOAUTH2_CLIENT_SECRET=${secret}\n`), printed)
  assert.match(printed, /^OAUTH2_REDIRECT_URL=https:\/\/reader\.example\.org\/oauth2\/oidc\/callback$/m)
  const later = outputIn(await run('app', 'show', 'Reader', '--preset', 'miniflux', '--json'))
  const [settings] = later['settings'] as { text: string }[]
  assert.match(settings?.text ?? '', /CLIENT_SECRET=CLIENT_SECRET$/m)
  assert.match((await run('app', 'show', 'Reader', '--preset', 'miniflux')).stdout, /^OAUTH2_PROVIDER=oidc$/m)
  assert.equal(outputIn(await run('app', 'show', 'Reader', '--json'))['settings'], undefined)

  const others = ['--scope', 'email', '--with', 'refresh-tokens', '--auth-method', 'client_secret_post']
  const other = outputIn(await run('app', 'add', 'Second reader', ...url, ...others, '--json'))
  assert.deepEqual(
    [other['scopes'], other['refresh_tokens'], other['auth_method'], other['redirect_uris']],
    [['openid', 'email'], true, 'client_secret_post', ['https://reader.example.org/oauth2/oidc/callback']],
  )
  const home = ['--url', 'http://192.168.0.9:3000', '--with', 'http']
  assert.match((await run('app', 'add', 'Git', '--preset', 'gitea', ...home)).stderr, /PKCE/)
  const git = outputIn(await run('app', 'show', 'Git', '--json'))
  assert.deepEqual([git['require_pkce'], git['id_token_alg'], git['allow_http']], [false, 'RS256', true])
  const ssh = outputIn(await run('app', 'add', 'SSH', '--preset', 'opkssh', '--json'))
  assert.deepEqual([ssh['client_secret'], ssh['kind']], [null, 'native'])
})

const REFUSED: readonly [args: readonly string[], exit: number, code: string][] = [
  [['show', 'nothing'], 3, 'app.not_found'],
  [['add', 'WIKI', '--redirect-uri', CALLBACK], 4, 'app.name_taken'],
  [['add', 'Notes'], 6, 'request.validation_failed'],
  [['add', 'Notes', '--redirect-uri', 'http://wiki.example.org/'], 6, 'request.validation_failed'],
  [
    ['add', 'Notes', '--redirect-uri', CALLBACK, '--kind', 'browser', '--without', 'pkce'],
    6,
    'request.validation_failed',
  ],
  [['add', 'Notes', '--redirect-uri', CALLBACK, '--group', 'nobody'], 3, 'group.not_found'],
  [['add', 'Notes', '--redirect-uri', CALLBACK, '--attribute', 'nothing'], 6, 'request.validation_failed'],
  [['add', 'Notes', '--redirect-uri', CALLBACK, '--scope', 'admin'], 2, 'cli.usage'],
  [['add', 'Notes', '--redirect-uri', CALLBACK, '--with', 'http', '--without', 'http'], 2, 'cli.usage'],
  [['add', 'Notes', '--preset', 'unknown'], 2, 'cli.usage'],
  [['add', 'Notes', '--preset', 'miniflux'], 2, 'cli.usage'],
  [['add', 'Notes', '--preset', 'miniflux', '--url', 'http://reader.example.org'], 6, 'request.validation_failed'],
  [['add', 'Notes', '--preset', 'web-app'], 6, 'request.validation_failed'],
  [['show', 'Wiki', '--preset', 'unknown'], 2, 'cli.usage'],
  [['change', 'Wiki'], 2, 'cli.usage'],
  [['secret', 'Page'], 4, 'app.no_secret'],
  [['secret', 'Wiki', '--end', 'none', '--secret-file', 'none'], 2, 'cli.usage'],
]

test('what is wrong has an exit code, and changes nothing', async (t) => {
  const { server } = await startWithAdmin(t, { clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK)
  const page = await run('app', 'add', 'Page', '--kind', 'browser', '--redirect-uri', CALLBACK, '--json')
  assert.equal(outputIn(page)['client_secret'], null)
  for (const [args, exit, code] of REFUSED) {
    assert.deepEqual(failureIn(await run('app', ...args, '--json')), [exit, code], args.join(' '))
  }
  const { items } = outputIn(await run('app', 'list', '--json')) as { items: { name: string; logout_uris: string[] }[] }
  assert.deepEqual(
    items.map(({ name, logout_uris: uris }) => [name, ...uris]),
    [['Page'], ['Wiki']],
  )
})

async function bypassesOf(run: Run): Promise<unknown[]> {
  const { items } = outputIn(await run('audit', 'list', '--action', 'approval.bypassed', '--json'))
  return (items as { details: { change: unknown } }[]).map(({ details }) => details.change)
}

test('commands about apps go past the two-person rule, which is recorded', async (t) => {
  const databaseUrl = await migratedDatabaseUrl(t, 'sqlite')
  const installation = { databaseUrl, dataDir: await temporaryFolder(t), settings: { two_person_rule: 'on' } }
  const run = runner(t, installation)
  await withAdmin(installation)
  const made = outputIn(await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK, '--json'))
  assert.deepEqual([made['approval'], (await run('app', 'show', 'Wiki')).code], [null, 0])
  assert.equal((await run('app', 'secret', 'Wiki')).code, 0)
  assert.equal((await run('app', 'change', 'Wiki', '--without', 'pkce')).code, 0)
  assert.equal((await run('app', 'change', 'Wiki', '--name', 'Notes')).code, 0)
  assert.equal((await run('app', 'disable', 'Notes')).code, 0)
  assert.equal((await run('app', 'enable', 'Notes')).code, 0)
  // Newest first. Another name and an end need nobody.
  assert.deepEqual(await bypassesOf(run), ['enable-app', 'change-app', 'add-app-secret', 'create-app'])
  assert.deepEqual(outputIn(await run('approval', 'list', '--json')), { items: [] })
})
