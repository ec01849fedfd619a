// Before an app is restricted, a page shows the admin which users lose it; the page of the app says how many cannot use it, and offers an undo.
import assert from 'node:assert/strict'

import { MOST_ALLOWED, MOST_SHARED_GROUPS } from '#domain/clients/client-fields.ts'
import { findClientByName } from '#domain/clients/client.service.ts'
import { changeApp, createApp } from '#use-cases/administration/clients/clients.service.ts'
import { deleteGroup } from '#use-cases/administration/groups/groups.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { startWithRule } from '../support/people/admins.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer } from '../support/people/people.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const APPS = '/admin/apps'
const NEW = `${APPS}/new`
const REDIRECTS = ['https://notes.example.org/callback', 'https://old.example.org/callback']

async function appOn(server: Server, fields: object = {}): Promise<string> {
  const { client } = await createApp(server.operator(), { name: 'Notes', redirectUris: REDIRECTS, ...fields })
  return `${APPS}/${client.id}`
}

const FIELDS = [
  'name',
  'kind',
  'redirect_uris',
  'shared',
  'start_url',
  'allowed_groups',
  'least_assurance',
  'max_age',
  'seen',
]
const BOXES = ['refresh_tokens', 'scopes-profile', 'scopes-email', 'allowed_roles-admin', 'allowed_roles-user']

/** What a browser sends of a form as it is shown, with other values in some fields. */
function sentOf(page: ParsedPage, changed: Readonly<Record<string, string>>): Record<string, string> {
  const ticked = BOXES.filter((name) => page.count(`input[name="${name}"][checked]`) > 0)
  const sent = [...FIELDS, ...ticked].map((field) => [field, page.sent(field) ?? ''] as const)
  return { ...Object.fromEntries(sent), ...changed }
}

/** The values that the form of a page repeats, without its token. */
function repeatedOn(page: ParsedPage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...names, 'confirmed'].flatMap((name) =>
      page.hidden(name) === undefined ? [] : [[name, page.hidden(name) ?? '']],
    ),
  )
}

async function access(server: Server) {
  const found = await findClientByName(server.operator(), 'Notes')
  assert.ok(found)
  const { allowedRoles, allowedGroups, leastAssurance, maxAge, redirectUris, startUrl } = found
  return { allowedRoles, allowedGroups, leastAssurance, maxAge, redirectUris, startUrl }
}

onEitherDatabase(
  'a change that stops people shows who it is before it is saved, and keeps what was typed',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    const [ada, ben] = [await newcomer(admin, 'ada', { full_name: 'Ada Lovelace' }), await newcomer(admin, 'ben')]
    const board = await newGroup(admin, 'Board', { members: [ada] })
    const path = await appOn(server)
    const open = await browser.page(`${path}/access`)
    assert.match(open.part('access').text, /Everyone with an account/)

    const form = await browser.page(`${path}/change`)
    const typed = { [`allowed_groups-${board}`]: 'Board', name: 'Notes', start_url: 'https://notes.example.org/' }
    const sent = sentOf(form, typed)
    const asked = await browser.pageAfter(`${path}/change`, sent)
    assert.equal(asked.heading, 'Restrict Notes?')
    assert.match(
      asked.part('refused').text,
      /2 people who can use it now can’t anymore\..*root In none of the groups ben In none of the groups/,
    )
    assert.deepEqual(asked.part('refused').linksTo(/^\/admin\/users\//), ['root', 'ben'])
    assert.match(asked.part('then').text, /Groups.*Board/)
    assert.deepEqual((await access(server)).allowedGroups, [])

    // Back to the form, with everything as it was typed.
    const repeated = repeatedOn(asked, Object.keys(sent))
    assert.equal(repeated['redirect_uris']?.trim(), REDIRECTS.join('\n'))
    const back = await browser.pageAfter(`${path}/change`, { ...repeated, back: 'yes' })
    for (const [field, value] of Object.entries(sent))
      assert.equal((back.sent(field) ?? '').replaceAll('\r', '').trim(), value.replaceAll('\r', '').trim(), field)
    assert.equal(back.count(`input[name="allowed_groups-${board}"][checked]`), 1)
    const again = await browser.pageAfter(`${path}/change`, sentOf(back, { [`allowed_groups-${board}`]: 'Board' }))
    const confirmed = repeatedOn(again, Object.keys(sent))
    assertLeadsTo(await browser.submit(`${path}/change`, confirmed), `${path}?done=saved`)
    const { redirectUris, startUrl, allowedGroups } = await access(server)
    assert.deepEqual([redirectUris, startUrl, allowedGroups.length], [REDIRECTS, typed.start_url, 1])

    const page = await browser.page(`${path}/access`)
    assert.match(page.part('access').text, /Board.*2 people can’t use it\..*In none of the groups: 2 people/)
    const undo = await browser.page(page.part('access').link('Undo last change'))
    assert.match(undo.main.text, /Undo the last change of who may use Notes\?.*Changed.*Everyone with an account/)
    assertLeadsTo(
      await browser.submit(`${path}/undo-access`, { seen: undo.hidden('seen') ?? '' }),
      `${path}/access?done=undone`,
    )
    assert.deepEqual((await access(server)).allowedGroups, [])
    assert.equal((await access(server)).startUrl, typed.start_url)
    // The undo is a change itself, which stops people again when it is undone.
    const redo = await browser.page(`${path}/undo-access`)
    assert.match(redo.part('refused').text, /2 people who can use it now can’t anymore/)
    assert.equal((await rowOf(ben)).disabled, false)
  },
)

leaveToTestAll()

onEitherDatabase('a time since the sign-in that no app can have is refused on the form', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const path = await appOn(server)
  const sent = sentOf(await browser.page(`${path}/change`), {})
  for (const age of ['90.5', '59', '1e300', '-60', '31536001']) {
    const page = await browser.pageAfter(`${path}/change`, { ...sent, max_age: age }, 422)
    assert.match(page.main.text, /Choose at least 1 minute/, age)
  }
  assert.equal((await access(server)).maxAge, null)
})

test('a form that names more groups than an app can have is refused without looking all of them up', async (t) => {
  const heard: string[] = []
  const { server, browser } = await adminScene(t, { onStatement: (text) => heard.push(text) })
  const path = await appOn(server)
  const sent = sentOf(await browser.page(`${path}/change`), {})
  const names = Array.from({ length: 2_000 }, (_, at) => `Group ${at}`).join('; ')
  for (const [field, most] of [
    ['groups', MOST_SHARED_GROUPS],
    ['allowed_groups', MOST_ALLOWED],
  ] as const) {
    heard.length = 0
    const page = await browser.pageAfter(`${path}/change`, { ...sent, shared: 'some', [field]: names }, 422)
    assert.match(page.alert().text, /no group with this name/i)
    const found = heard.filter((text) => /"user_group"/.test(text)).length
    // One more lists the groups that the form offers.
    assert.ok(found <= most + 2, `${field}: ${found} statements`)
  }
})

onEitherDatabase('a new app for some people only asks first, and nothing is registered before', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  for (let at = 1; at <= 11; at++) await newcomer(admin, `user${at}`)
  const form = await browser.page(NEW)
  const sent = sentOf(form, { name: 'Notes', redirect_uris: REDIRECTS.join('\r\n'), 'allowed_roles-admin': 'yes' })
  const asked = await browser.pageAfter(NEW, sent)
  assert.equal(asked.heading, 'Register Notes for some people only?')
  assert.match(asked.part('refused').text, /11 people can’t use it.*user1 None of the roles.*And 1 more person/)
  assert.equal(asked.part('refused').linksTo(/^\/admin\/users\//).length, 10)
  assert.equal(await findClientByName(server.operator(), 'Notes'), undefined)
  const repeated = repeatedOn(asked, Object.keys(sent))
  const back = await browser.pageAfter(NEW, { ...repeated, back: 'yes' })
  assert.equal(back.count('details.more[open]'), 1)
  assert.equal(back.sent('allowed_roles-admin'), 'yes')
  const [first, second] = (await browser.submitTwice(NEW, repeated)).map((answer) => parsePage(answer))
  assert.equal(first?.part('client-secret').text, second?.part('client-secret').text)
  assert.deepEqual((await access(server)).allowedRoles, ['admin'])
})

onEitherDatabase(
  'a change that stops no one, or lets more people in, is saved at once; errors come before the question',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    const path = await appOn(server, { allowedRoles: ['user'], leastAssurance: 'two-factors' })
    const form = await browser.page(`${path}/change`)
    const wider = sentOf(form, { 'allowed_roles-admin': 'yes', least_assurance: '', max_age: '3600' })
    assertLeadsTo(await browser.submit(`${path}/change`, wider), `${path}?done=saved`)
    assert.deepEqual((await access(server)).allowedRoles, ['admin', 'user'])
    const wrong = sentOf(await browser.page(`${path}/change`), { name: '', least_assurance: 'phishing-resistant' })
    assert.match((await browser.pageAfter(`${path}/change`, wrong, 422)).alert().text, /Name/)
  },
)

onEitherDatabase(
  'users whom a required passkey stops are shown by reason, and a reader without the permission gets numbers only',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    await givePasskey(await newcomer(admin, 'ada'))
    await newcomer(admin, 'ben')
    const path = await appOn(server)
    const sent = sentOf(await browser.page(`${path}/change`), { least_assurance: 'phishing-resistant' })
    assert.match(
      (await browser.pageAfter(`${path}/change`, sent)).part('refused').text,
      /2 people who can use it now.*root No passkey ben No passkey/,
    )

    const role = { name: 'integrator', permissions: ['apps:write'] }
    assert.equal((await admin.asks('POST', '/roles', role)).status, 200)
    const eve = await newcomer(admin, 'eve')
    assert.equal((await admin.asks('PATCH', `/users/${(await rowOf(eve)).id}`, { role: 'integrator' })).status, 200)
    const other = await signedInBrowser(eve)
    const page = await other.pageAfter(`${path}/change`, {
      ...sent,
      seen: (await other.page(`${path}/change`)).hidden('seen') ?? '',
    })
    assert.match(page.part('refused').text, /No passkey: 3 people.*you need the permission/)
    assert.doesNotMatch(page.main.text, /root|ben/)
  },
)

onEitherDatabase(
  'under the two-person rule the questions ask a second admin, who sees what was meant',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const path = await appOn(server)
    const browser = await signedInBrowser(root)
    const sent = sentOf(await browser.page(`${path}/change`), { 'allowed_roles-user': 'yes', max_age: '3600' })
    const asked = await browser.pageAfter(`${path}/change`, sent)
    assert.equal(asked.heading, 'Ask a second admin to restrict Notes?')
    assert.match(asked.main.text, /Takes effect when another admin approves, at the latest on.*Send request/)
    const waiting = await browser.submit(`${path}/change`, repeatedOn(asked, Object.keys(sent)))
    const request = String(waiting.headers.location)
    assert.match(request, /^\/admin\/approvals\//)
    assert.deepEqual((await access(server)).allowedRoles, [])
    const id = /approvals\/([^?]+)/.exec(request)?.[1] ?? ''
    assert.equal((await mia.asks('POST', `/approvals/${id}/approve`)).status, 200)
    assert.deepEqual([(await access(server)).allowedRoles, (await access(server)).maxAge], [['user'], 3600])

    const undo = await browser.page(`${path}/undo-access`)
    assert.match(undo.heading, /^Ask a second admin to undo/)
    const again = await browser.submit(`${path}/undo-access`, { seen: undo.hidden('seen') ?? '' })
    assert.match(String(again.headers.location), /^\/admin\/approvals\//)
    assert.deepEqual((await access(server)).allowedRoles, ['user'])

    const fresh = sentOf(await browser.page(NEW), {
      name: 'Photos',
      redirect_uris: REDIRECTS[0] ?? '',
      'allowed_roles-user': 'yes',
    })
    assert.equal(
      (await browser.pageAfter(NEW, fresh)).heading,
      'Ask a second admin to register Photos for some people only?',
    )
  },
)

onEitherDatabase(
  'a change is not undone twice, nor to a group that is gone, nor after another change',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    const group = await newGroup(admin, 'Board')
    const path = await appOn(server, { allowedGroups: [group] })
    const id = path.split('/').at(-1) ?? ''
    assert.doesNotMatch((await browser.page(`${path}/access`)).part('access').text, /Undo/, 'nothing was changed yet')
    await changeApp(server.operator(), id, { allowedGroups: [], allowedRoles: ['admin'] })
    const shown = await browser.page(`${path}/undo-access`)
    assert.match(shown.part('then').text, /Board/)
    await changeApp(server.operator(), id, { maxAge: 600 })
    const late = await browser.pageAfter(`${path}/undo-access`, { seen: shown.hidden('seen') ?? '' }, 412)
    assert.match(late.part('then').text, /Administrator|Admin/)
    assert.equal((await access(server)).maxAge, 600)
    await changeApp(server.operator(), id, { maxAge: null })
    await changeApp(server.operator(), id, { allowedGroups: [group], allowedRoles: [] })
    await changeApp(server.operator(), id, { allowedGroups: [], allowedRoles: ['user'] })
    await deleteGroup(server.operator(), group)
    // Without its only group, the app would be for everyone.
    assert.doesNotMatch((await browser.page(`${path}/access`)).part('access').text, /Undo/)
    assertLeadsTo(await browser.open(`${path}/undo-access`), `${path}/access`)
  },
)
