// The pages of resources in a browser without scripts: an admin registers an API, says which apps may ask for its tokens, and deletes it.
import assert from 'node:assert/strict'

import { MOST_RESOURCE_CLIENTS } from '#domain/clients/resource-fields.ts'
import { findResource, listResources } from '#domain/clients/resource.service.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { createResource } from '#use-cases/administration/resources/resources.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { startWithRule } from '../support/people/admins.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const RESOURCES = '/admin/resources'
const NEW = `${RESOURCES}/new`
const URI = 'https://api.example.org/orders'
/** What a browser sends of the form. */
const FORM = {
  name: 'Orders',
  uri: URI,
  token_format: 'opaque',
  served_by: 'orders api',
  scopes: 'read write',
  allowed: 'some',
  apps: 'Wiki; old\r\nNotes',
  lifetime: '',
} as const

/** An API, and two apps that may call it. */
async function storeApps(server: Server) {
  const make = async (name: string, fields: object) =>
    (await createApp(server.operator(), { name, ...fields })).client.id
  return {
    api: await make('Orders API', { kind: 'api' }),
    wiki: await make('Wiki; old', { redirectUris: ['https://wiki.example.org/'] }),
    notes: await make('Notes', { redirectUris: ['https://notes.example.org/'] }),
  }
}

async function onlyResource(server: Server) {
  const { items } = await listResources(server.operator(), { limit: 2 })
  assert.equal(items.length, 1)
  return items[0] ?? assert.fail()
}

onEitherDatabase('an admin registers an API from the page of apps, and copies what it needs', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { api, wiki, notes } = await storeApps(server)
  const list = await browser.page((await browser.page('/admin/apps')).main.link('Resources'))
  assert.match(list.main.text, /No resources yet/)
  const form = await browser.page(list.main.link('Register a resource'))
  assert.deepEqual([form.sent('token_format'), form.sent('allowed'), form.sent('lifetime')], ['opaque', 'some', ''])
  assert.deepEqual((await browser.page(NEW)).main.headings(2), ['Details', 'Tokens', 'Access'])
  const made = await browser.submit(NEW, FORM)
  const { id, createdAt: _, createdBy, ...row } = await onlyResource(server)
  assertLeadsTo(made, `${RESOURCES}/${id}?done=created`)
  assert.notEqual(createdBy, null)
  assert.deepEqual(row, {
    uri: URI,
    name: 'Orders',
    servedBy: api,
    tokenFormat: 'opaque',
    lifetime: null,
    scopes: ['read', 'write'],
    allowedClients: [wiki, notes].toSorted(),
    revision: 1,
    isServed: true,
  })
  const page = await browser.page(`${RESOURCES}/${id}`)
  assert.equal(page.heading, 'Orders')
  assert.equal(page.main.link('Resources'), RESOURCES)
  assert.deepEqual(
    [page.part('audience').text, page.part('issuer').text, page.part('introspection').text],
    [URI, 'http://localhost:8000/oidc', 'http://localhost:8000/oidc/token/introspection'],
  )
  assert.match(
    page.part('details').text,
    /Orders API.*Opaque.*10 minutes.*read.*write.*(?:Wiki; old.*Notes|Notes.*Wiki; old).*by root/,
  )
  assert.match((await browser.page(RESOURCES)).table().rows.join(), /Orders.*Opaque/)
})

leaveToTestAll()

onEitherDatabase('a form with errors keeps what was typed, and registers nothing', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  await storeApps(server)
  await createResource(server.operator(), { uri: 'https://taken.example/', name: 'Taken', tokenFormat: 'jwt' })
  await browser.page(NEW)
  for (const [fields, status, sentence] of [
    [{ ...FORM, name: '' }, 422, /Name: required/],
    [{ ...FORM, uri: 'http://api.example.org/' }, 422, /URI of the API: use https/i],
    [{ ...FORM, uri: 'https://taken.example/' }, 409, /another resource has this URI/i],
    [{ ...FORM, served_by: 'nobody' }, 422, /App that checks the tokens: there’s no such app/i],
    [{ ...FORM, served_by: '' }, 422, /Choose the app that checks the tokens/i],
    [{ ...FORM, apps: 'Wiki; old\r\nnobody' }, 422, /Apps: there’s no such app/i],
    [{ ...FORM, scopes: 'read openid' }, 422, /Scopes: this server gives something else/i],
    [{ ...FORM, token_format: 'jwt', lifetime: '600' }, 422, /from 60 to 300 seconds/i],
    [{ ...FORM, lifetime: 'soon' }, 422, /from 60 to 3600 seconds/i],
    [{ ...FORM, lifetime: '99999999999999999999' }, 422, /from 60 to 3600 seconds/i],
  ] as const) {
    const page = await browser.pageAfter(NEW, fields, status)
    assert.match(page.alert().text, sentence)
    for (const field of ['name', 'uri', 'served_by', 'apps', 'scopes'] as const)
      assert.deepEqual((page.sent(field) ?? '').trim().split(/\s+/), fields[field].trim().split(/\s+/), field)
  }
  assert.equal((await onlyResource(server)).name, 'Taken')
})

onEitherDatabase(
  'a resource is changed on the state that was read, says what a JWT costs, and is deleted',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    const { api, wiki } = await storeApps(server)
    const fields = { servedBy: api, scopes: ['read'], allowedClients: [wiki] }
    const { id } = await createResource(server.operator(), { uri: URI, name: 'Orders', ...fields })
    const path = `${RESOURCES}/${id}`
    const form = await browser.page(`${path}/change`)
    const seen = form.hidden('seen') ?? ''
    assert.deepEqual(
      [form.sent('served_by'), form.sent('apps')?.trim(), form.count('#uri')],
      ['Orders API', 'Wiki; old', 0],
    )
    const signed = { ...FORM, token_format: 'jwt', served_by: '', allowed: 'all', lifetime: '120', seen }
    assertLeadsTo(await browser.submit(`${path}/change`, signed), `${path}?done=saved`)
    const after = await findResource(server.operator(), id)
    assert.deepEqual(
      [after?.tokenFormat, after?.servedBy, after?.allowedClients, after?.lifetime],
      ['jwt', null, 'all', 120],
    )
    const page = await browser.page(path)
    assert.match(page.part('details').text, /The API itself.*can live up to 2 minutes after its user was disabled.*All/)
    assert.equal(page.part('keys').text, 'http://localhost:8000/oidc/jwks')
    const late = await browser.pageAfter(`${path}/change`, { ...signed, name: 'Late' }, 412)
    assert.equal(late.sent('name'), 'Late')

    assert.match((await browser.page(`${path}/delete`)).main.text, /JWTs can live up to 5 minutes longer/)
    assertLeadsTo(await browser.submit(`${path}/delete`, {}), `${RESOURCES}?done=deleted`)
    assertLeadsTo(await browser.submit(`${path}/delete`, {}), `${RESOURCES}?done=deleted`)
    assert.equal(await findResource(server.operator(), id), undefined)
  },
)

onEitherDatabase('a resource whose app is disabled says that it gives no tokens', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const { api } = await storeApps(server)
  const { id } = await createResource(server.operator(), { uri: URI, name: 'Orders', servedBy: api })
  const app = await browser.page(`/admin/apps/${api}`)
  assert.equal(app.part('serves').link(URI), `${RESOURCES}/${id}`)
  assert.equal(app.count('#redirects'), 0)
  for (const tab of ['access', 'sign-ins']) {
    assert.deepEqual(app.linksTo(`/admin/apps/${api}/${tab}`), [])
    assertLeadsTo(await browser.open(`/admin/apps/${api}/${tab}`), `/admin/apps/${api}`)
  }
  for (const act of ['disable', 'delete'])
    assert.match(
      (await browser.page(`/admin/apps/${api}/${act}`)).main.text,
      /checks the tokens for https:\/\/api.example.org\/orders, so no app gets any/,
    )
  await disableApp(server.operator(), api)
  assert.match((await browser.page(`${RESOURCES}/${id}`)).main.text, /disabled or deleted, so no app gets one/)
  assert.match((await browser.page(RESOURCES)).main.text, /Orders.*No tokens/)
})

onEitherDatabase('under the two-person rule the form says what waits, and leads to the request', async (t, dialect) => {
  const { root } = await startWithRule(t, dialect)
  const browser = await signedInBrowser(root)
  assert.match((await browser.page(NEW)).main.text, /Takes effect when another admin approves/)
  const asked = await browser.submit(NEW, { ...FORM, token_format: 'jwt', served_by: '', apps: '' })
  assert.match(String(asked.headers.location), /^\/admin\/approvals\//)
})

test('a form that names more apps than a resource can have is refused without looking all of them up', async (t) => {
  const heard: string[] = []
  const { server, browser } = await adminScene(t, { onStatement: (text) => heard.push(text) })
  await storeApps(server)
  heard.length = 0
  const apps = Array.from({ length: 2_000 }, (_, at) => `App ${at}`).join('\n')
  const page = await browser.pageAfter(NEW, { ...FORM, apps }, 422)
  assert.match(page.main.text, /There’s no such app/)
  const lookups = heard.filter((text) => text.includes('from "client"')).length
  assert.ok(lookups >= MOST_RESOURCE_CLIENTS && lookups <= 2 * MOST_RESOURCE_CLIENTS + 20, `${lookups} statements`)
})
