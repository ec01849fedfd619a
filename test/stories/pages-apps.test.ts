// The pages of apps in a browser without scripts: an admin registers an app, copies its settings, changes it and ends what it has.
import assert from 'node:assert/strict'

import { findClientByName } from '#domain/clients/client.service.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { createApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { startWithRule } from '../support/people/admins.ts'
import { storeAppSignIns } from '../support/people/app-sign-ins.ts'
import { declares } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const APPS = '/admin/apps'
const NEW = `${APPS}/new`
/** The form in which every setting is entered. */
const ANY_APP = `${NEW}?preset=other`
const CALLBACK = 'https://notes.example.org/callback'
/** What a browser sends of the form of a new app in which nothing else was touched. */
const FORM = {
  name: 'Notes',
  kind: 'web',
  redirect_uris: CALLBACK,
  refresh_tokens: 'yes',
  'scopes-profile': 'yes',
  'scopes-email': 'yes',
  shared: 'none',
} as const

/** Registers an app as the operator does; returns the path of its page. */
async function appOn(server: Server, fields: object = {}): Promise<{ readonly id: string; readonly path: string }> {
  const { client } = await createApp(server.operator(), { name: 'Notes', redirectUris: [CALLBACK], ...fields })
  return { id: client.id, path: `${APPS}/${client.id}` }
}

async function stored(server: Server, name: string) {
  const found = await findClientByName(server.operator(), name)
  assert.ok(found, `there is no app ${name}`)
  return found
}

function secretOn(page: ParsedPage): string {
  const secret = page.part('client-secret').text
  assert.match(secret, /^dwc_[\w-]{43}$/)
  return secret
}

onEachDatabase('an admin registers an app in one form, and sees its secret once', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const empty = await browser.page(APPS)
  assert.match(empty.main.text, /No apps yet.*One account opens all your apps/)
  assert.equal(empty.main.link('Register an app'), NEW)
  assert.equal(empty.count('input[type=search]'), 0)

  const form = await browser.page(ANY_APP)
  for (const [field, value] of Object.entries({ ...FORM, name: undefined, redirect_uris: '' }))
    assert.equal(form.sent(field)?.trim(), value, field)
  const made = await browser.submit(NEW, FORM)
  assert.deepEqual([made.statusCode, made.headers['cache-control']], [200, 'no-store'])
  const shown = parsePage(made)
  const secret = secretOn(shown)
  const { id, createdBy } = await stored(server, 'Notes')
  assert.notEqual(createdBy, null)
  assert.equal(shown.heading, 'Notes is registered')
  assert.match(shown.statuses().join(), /You won’t see it again/)
  assert.deepEqual([shown.part('client-id').text, shown.main.link('Open the app’s page')], [id, `${APPS}/${id}`])

  const page = await browser.page(`${APPS}/${id}`)
  assert.equal(page.heading, 'Notes')
  assert.match(page.part('redirects').text, new RegExp(RegExp.escape(CALLBACK)))
  assert.match((await browser.page(page.main.link('Details'))).part('details').text, /Web app.*Registered.*by root/)
  assert.match((await browser.page(page.main.link('Sign-ins'))).part('sign-ins').text, /Asks people first No/)
  assert.ok(!page.markup.includes(secret))
  const list = await browser.page(APPS)
  assert.deepEqual(list.table().rows.length, 1)
  assert.match(list.main.text, /Notes.*Web app.*notes\.example\.org/)
  assert.match((await browser.page(`${APPS}?q=ote`)).main.text, /Apps that match “ote”/)
  assert.match((await browser.page(`${APPS}?q=wiki`)).main.text, /No apps match “wiki” Clear search Show as API call/)
})

leaveToTestAll()

onEitherDatabase('the settings to copy are those that the server answers', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { path } = await appOn(server)
  const page = await browser.page(path)
  const discovery = page.part('discovery').text
  const { publicUrl } = server.doorward.config
  const answer = await server.app.inject(discovery.slice(publicUrl.length))
  const document = answer.json<Readonly<Record<string, string>>>()
  for (const [element, field] of [
    ['issuer', 'issuer'],
    ['endpoint-authorization', 'authorization_endpoint'],
    ['endpoint-token', 'token_endpoint'],
    ['endpoint-userinfo', 'userinfo_endpoint'],
    ['endpoint-keys', 'jwks_uri'],
    ['endpoint-endSession', 'end_session_endpoint'],
    ['endpoint-introspection', 'introspection_endpoint'],
    ['endpoint-revocation', 'revocation_endpoint'],
  ] as const)
    assert.equal(page.part(element).text, document[field], field)
})

onEitherDatabase('a form with errors keeps what was typed, and registers nothing', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  await declares(admin)
  await appOn(server)
  await browser.page(ANY_APP)
  for (const [fields, status, sentence] of [
    [{ ...FORM, name: '' }, 422, /Name: required/],
    [{ ...FORM, name: 'notes' }, 409, /Another app has this name/i],
    [{ ...FORM, name: 'Wiki', redirect_uris: ' ' }, 422, /Redirect URIs: enter at least one/],
    [{ ...FORM, name: 'Wiki', redirect_uris: `${CALLBACK}\r\nhttp://a.example/` }, 422, /line 2: Use https/i],
    [{ ...FORM, name: 'Wiki', shared: 'some', groups: 'Staff' }, 422, /no group with this name/i],
    [{ ...FORM, name: 'Wiki', 'attribute-desk': 'yes', 'claim-desk': 'sub' }, 422, /Choose another claim/i],
    [{ ...FORM, name: 'Wiki', refresh_tokens: '', offline_access: 'yes' }, 422, /needs refresh tokens/i],
  ] as const) {
    const page = await browser.pageAfter(NEW, fields, status)
    assert.match(page.alert().text, sentence)
    for (const [field, value] of Object.entries(fields))
      if (/^(?:name|redirect_uris|claim-)/.test(field))
        assert.deepEqual((page.sent(field) ?? '').trim().split(/\s+/), value.trim().split(/\s+/), field)
    const concernsMore = /group|claim|refresh/.test(sentence.source)
    assert.equal(page.count('details.more[open]'), concernsMore ? 1 : 0, sentence.source)
  }
  assert.equal(await findClientByName(server.operator(), 'Wiki'), undefined)
})

onEitherDatabase('a double submit of the form registers one app and shows its secret twice', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  await browser.page(ANY_APP)
  const [first, second] = (await browser.submitTwice(NEW, FORM)).map((answer) => secretOn(parsePage(answer)))
  assert.equal(first, second)
  const { id } = await stored(server, 'Notes')
  assert.equal((await readApp(server.operator(), id)).secrets.length, 1)
})

onEitherDatabase('what is behind “More settings” is stored, shown in words and changed again', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  await declares(admin)
  const staff = await newGroup(admin, 'Staff')
  await browser.page(ANY_APP)
  const everything = {
    ...FORM,
    logout_uris: 'https://notes.example.org/bye',
    offline_access: 'yes',
    'scopes-roles': 'yes',
    shared: 'some',
    groups: 'staff',
    'attribute-note': 'yes',
    'claim-note': 'remark',
    rs256: 'yes',
    secret_in_body: 'yes',
    claims_in_id_token: 'yes',
    no_pkce: 'yes',
    allow_http: 'yes',
    unconfirmed_email: 'yes',
  }
  await browser.pageAfter(NEW, everything)
  const { id, ...client } = await stored(server, 'Notes')
  assert.deepEqual(
    [client.authMethod, client.idTokenAlg, client.requirePkce, client.sharedGroups, client.scopes.join(' ')],
    ['client_secret_post', 'RS256', false, [staff], 'openid profile email roles groups offline_access'],
  )
  assert.match(
    (await browser.page(`${APPS}/${id}/access`)).part('learns').text,
    /Also if it isn’t verified.*If the user is in it: Staff.*Note of the admins.*remark.*Only admins see and edit it.*Allowed by root.*in the ID token/,
  )
  assert.match(
    (await browser.page(`${APPS}/${id}`)).part('weaker').text,
    /without PKCE.*without encryption.*aren’t verified/,
  )
  assert.match((await browser.page(`${APPS}/${id}/sign-ins`)).part('sign-ins').text, /180 days/)

  const form = await browser.page(`${APPS}/${id}/change`)
  const seen = form.hidden('seen') ?? ''
  for (const field of ['shared', 'claim-note'])
    assert.equal(form.sent(field), { ...everything, shared: 'none' }[field], field)
  assert.equal(form.submission(`${APPS}/${id}/change`)[`groups-${staff}`], 'Staff')
  const less = await browser.submit(`${APPS}/${id}/change`, { ...FORM, name: 'Diary', seen })
  assertLeadsTo(less, `${APPS}/${id}?done=saved`)
  const after = await stored(server, 'Diary')
  assert.deepEqual(
    [after.scopes.join(' '), after.requirePkce, after.attributes, after.sharedGroups],
    ['openid profile email', true, [], []],
  )
  const late = await browser.pageAfter(`${APPS}/${id}/change`, { ...FORM, name: 'Late', seen }, 412)
  assert.equal(late.sent('name'), 'Late')
  const again = { ...FORM, name: 'Late', seen: late.hidden('seen') ?? '' }
  assertLeadsTo(await browser.submit(`${APPS}/${id}/change`, again), `${APPS}/${id}?done=saved`)
})

onEitherDatabase('a new secret is valid beside the old one until that is revoked', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { id, path } = await appOn(server)
  const before = await browser.page(`${path}/secrets`)
  assert.match((await browser.page(before.main.link('Create new secret'))).main.text, /stays valid until you revoke it/)
  const shown = await browser.pageAfter(`${path}/secrets/new`, {})
  assert.equal(shown.heading, 'New secret for Notes')
  const secret = secretOn(shown)
  const both = await browser.page(`${path}/secrets`)
  assert.equal(
    both
      .part('secrets')
      .targets(`${path}/secrets/`)
      .filter((target) => target.endsWith('/end')).length,
    2,
  )
  assert.deepEqual(both.part('secrets').linksTo(`${path}/secrets/new`), [], 'a third one would be refused')
  assert.ok(!both.markup.includes(secret))
  assert.match((await browser.pageAfter(`${path}/secrets/new`, {}, 409)).alert().text, /Two secrets/)

  const [first, second] = (await readApp(server.operator(), id)).secrets
  const end = `${path}/secrets/${first?.id}/end`
  assert.match((await browser.page(end)).main.text, /If the app still uses it/)
  for (let presses = 0; presses < 2; presses++)
    assertLeadsTo(await browser.submit(end, {}), `${path}/secrets?done=secret-ended`)
  const last = await browser.page(`${path}/secrets/${second?.id}/end`)
  assert.match(last.main.text, /^[^.]*created on \w{3}, \d+ \w{3} \d{4}.*the only secret that’s valid/)
  assert.equal(last.main.link('Create a new secret'), `${path}/secrets/new`)
  assert.match((await browser.page(`${path}/secrets?done=secret-ended`)).text, /Secret revoked\..*Expired/)
})

onEitherDatabase('an app without a secret says so, and offers none', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  await browser.page(ANY_APP)
  const shown = await browser.pageAfter(NEW, { ...FORM, kind: 'native', redirect_uris: 'http://127.0.0.1/callback' })
  assert.equal(shown.hasPart('client-secret'), false)
  assert.match(shown.text, /The app needs no secret/)
  const { id } = await stored(server, 'Notes')
  const page = await browser.page(`${APPS}/${id}/secrets`)
  assert.match(page.part('secrets').text, /can’t keep a secret/)
  assert.deepEqual(page.targets(`${APPS}/${id}/secrets/`), [])
  assert.match((await browser.page(APPS)).main.text, /Native app.*This device/)
})

onEitherDatabase('an app is disabled, enabled and deleted after questions that say what ends', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { id, path } = await appOn(server)
  await storeAppSignIns(server, id, 3)
  assert.match((await browser.page(`${path}/sign-ins`)).part('sign-ins').text, /3 sign-ins to this app are open/)
  assert.match((await browser.page(`${path}/end-sign-ins`)).main.text, /3 sign-ins end immediately/)
  assertLeadsTo(await browser.submit(`${path}/end-sign-ins`, {}), `${path}/sign-ins?done=sign-ins-ended`)
  assert.match((await browser.page(`${path}/sign-ins`)).part('sign-ins').text, /No one is signed in/)

  assert.doesNotMatch((await browser.page(`${path}/disable`)).main.text, /open sign-in/)
  for (let presses = 0; presses < 2; presses++)
    assertLeadsTo(await browser.submit(`${path}/disable`, {}), `${path}/details?done=disabled`)
  const off = await browser.page(`${path}/details`)
  assert.match(off.main.text, /Disabled/)
  assert.equal(off.linksTo(`${path}/disable`).length, 0)
  assert.match((await browser.page(APPS)).main.text, /Disabled/)
  assert.equal((await browser.page(`${path}/delete`)).linksTo(`${path}/disable`).length, 0)
  assertLeadsTo(await browser.submit(`${path}/enable`, {}), `${path}/details?done=enabled`)
  assert.equal((await browser.page(`${path}/delete`)).link('Disable the app instead'), `${path}/disable`)
  for (let presses = 0; presses < 2; presses++)
    assertLeadsTo(await browser.submit(`${path}/delete`, {}), `${APPS}?done=deleted`)
  assert.match((await browser.page(`${APPS}?done=deleted`)).text, /App deleted/)
  await browser.page(path, 404)
})

onEitherDatabase('every form of an app requires a recent authentication', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { path } = await appOn(server)
  const end = `${path}/secrets/${'x'.repeat(36)}/end`
  server.clock.pass(minutes(11))
  const questions = ['change', 'secrets/new', 'disable', 'delete', 'end-sign-ins'].map((below) => `${path}/${below}`)
  for (const page of [NEW, end, ...questions])
    assertLeadsTo(await browser.open(page), `/confirm?next=${encodeURIComponent(page)}`)
  for (const page of [NEW, end, `${path}/enable`, ...questions])
    assert.match(String((await browser.submit(page, FORM)).headers.location), /^\/confirm\?/, page)
})

onEitherDatabase('who may not see users sees an app without the names of admins', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  await browser.page(ANY_APP)
  await browser.pageAfter(NEW, FORM)
  const { id } = await stored(server, 'Notes')
  await createRole(server.operator(), { name: 'app-maker', description: '', permissions: ['apps:write'] })
  const maker = await signedInBrowser(await newcomer(admin, 'mia', { role: 'app-maker' }))
  const page = await maker.page(`${APPS}/${id}/details`)
  assert.doesNotMatch(page.main.text, /root/)
  assert.deepEqual(page.targets('/admin/users'), [])
})

test('who may not list groups types their names into the form of an app, which lists none', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const group = await newGroup(admin, 'Payroll')
  await newGroup(admin, 'Secret plans')
  await browser.page(ANY_APP)
  await browser.pageAfter(NEW, FORM)
  const { id } = await stored(server, 'Notes')
  await server.doorward.db
    .updateTable('client')
    .set({ allowed_groups: JSON.stringify([group]) })
    .where('id', '=', id)
    .execute()
  const change = `${APPS}/${id}/change`
  assert.match((await browser.page(change)).main.text, /Secret plans/)
  await createRole(server.operator(), { name: 'app-maker', description: '', permissions: ['apps:write'] })
  const maker = await signedInBrowser(await newcomer(admin, 'mia', { role: 'app-maker' }))
  const page = await maker.page(change)
  assert.doesNotMatch(page.markup, /Secret plans/)
  assert.equal(page.sent('allowed_groups'), 'Payroll')
})

test('a group that is gone when the form of an app is sent stays in it, so that the app is not opened to everyone', async (t) => {
  const { admin, browser } = await adminScene(t)
  await newGroup(admin, 'Payroll')
  assert.match((await browser.page(ANY_APP)).main.text, /Payroll/)
  const sent = { ...FORM, allowed_groups: '', 'allowed_groups-gone': 'Gone' }
  const refused = parsePage(await browser.submit(NEW, sent))
  assert.match(refused.main.text, /no group with this name/i)
  assert.equal(refused.sent('allowed_groups'), 'Gone')
})

onEitherDatabase(
  'under the two-person rule the pages say what waits, and show the secret at once',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const { id, path } = await appOn(server)
    const [browser, other] = [await signedInBrowser(root), await signedInBrowser(mia)]
    const form = await browser.page(ANY_APP)
    assert.match(form.main.text, /Takes effect when another admin approves, at the latest on/)
    const shown = await browser.pageAfter(NEW, { ...FORM, name: 'Wiki' })
    secretOn(shown)
    assert.equal(shown.heading, 'Wiki is waiting for a second admin')
    assert.equal(await findClientByName(server.operator(), 'Wiki'), undefined)
    const request = shown.main.link('Open the request')
    assert.match(
      (await other.page(request)).main.text,
      /Wiki.*Web app.*With a secret, in the header.*Who is signing in, Profile, Email/s,
    )
    assertLeadsTo(await other.submit(`${request}/approve`, {}), `${request}?done=approved`)
    assert.equal((await stored(server, 'Wiki')).id, shown.part('client-id').text)

    assert.match((await browser.page(`${path}/change`)).main.text, /A new name and removed redirect URIs take effect/)
    const changed = await browser.submit(`${path}/change`, { ...FORM, redirect_uris: 'https://elsewhere.example/' })
    assert.match(String(changed.headers.location), /^\/admin\/approvals\/.*done=asked$/)
    assert.deepEqual((await stored(server, 'Notes')).redirectUris, [CALLBACK])
    assertLeadsTo(await browser.submit(`${path}/change`, { ...FORM, name: 'Diary' }), `${path}?done=saved`)

    assert.match(
      (await browser.page(`${path}/secrets/new`)).main.text,
      /The secret works when another admin approves, at the latest on/,
    )
    const renewed = await browser.pageAfter(`${path}/secrets/new`, {})
    secretOn(renewed)
    assert.match(renewed.main.text, /works once another admin has approved/)
    assert.equal((await readApp(server.operator(), id)).secrets.length, 1)
    assertLeadsTo(await browser.submit(`${path}/disable`, {}), `${path}/details?done=disabled`)
    assert.match(
      (await browser.page(`${path}/details`)).part('danger').text,
      /again\. Takes effect when another admin approves/,
    )
    const enabled = await browser.submit(`${path}/enable`, {})
    assert.match(String(enabled.headers.location), /^\/admin\/approvals\//)
  },
)
