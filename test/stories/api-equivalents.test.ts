// The API requests that pages show, sent as they are shown.
import assert from 'node:assert/strict'

import { startSession } from '#domain/sessions/session.service.ts'
import { SCOPES } from '#foundation/kernel/principal.ts'
import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { BULK_ACTIONS } from '#use-cases/administration/users-page/bulk.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { agreesTo } from '../support/openid/consents.ts'
import { storeFailedDeliveries } from '../support/openid/failed-deliveries.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { commandsOn, type ShownCommand } from '../support/pages/shown-commands.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { storeAppSignIns } from '../support/people/app-sign-ins.ts'
import { DECLARED, declares } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask, type Person } from '../support/people/people.ts'
import { waitingPerson } from '../support/people/registrations.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { newWaitingRequest } from '../support/people/waiting-requests.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** A new session with the highest assurance level; a request that a page shows may end all sessions. */
async function sessionOf(person: Person, transport: 'bearer' | 'cookie'): Promise<string> {
  const { token } = await startSession(person.server.operator(), {
    user: await rowOf(person),
    methods: ['passkey'],
    transport,
  })
  return token.reveal()
}

/** Opens the page and sends every request that it shows, each with a new session; returns the page. */
async function doesAllOn(person: Person, path: string): Promise<ParsedPage> {
  const browser = new Visitor(person.server)
  browser.cookies.set('session', await sessionOf(person, 'cookie'))
  const page = await browser.page(path)
  const commands = commandsOn(page)
  assert.ok(commands.length > 0, `${path} shows nothing`)
  for (const command of commands) {
    person.token = await sessionOf(person, 'bearer')
    const { status, raw } = await person.asks(command.method, command.path, command.payload)
    assert.ok(status === 200 || status === 204, `${path}: ${command.method} ${command.path}: ${raw.body}`)
  }
  return page
}

onEitherDatabase('the equivalent API requests of a page work as they are shown', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect })
  const { id: token } = await apiTokenOf(ada)
  await givePasskey(ada)
  const security = await doesAllOn(ada, '/account/security')
  // Of the second step, the sessions and the API tokens.
  assert.equal(commandsOn(security).length, 3)
  const [passkey, app] = ['passkeys', 'app'].map((kind) =>
    security.targets(`/account/security/${kind}/rename/`)[0]?.split('/').at(-1),
  )
  for (const path of [
    '/account',
    '/account/activity',
    '/account/security/password',
    '/account/security/passkeys/new',
    `/account/security/passkeys/rename/${passkey}`,
    '/account/security/app/new',
    `/account/security/app/rename/${app}`,
    `/account/security/app/replace/${app}`,
    '/account/security/recovery-codes',
    '/account/security/tokens/new',
    `/account/security/tokens/revoke/${token}`,
    `/account/security/app/remove/${app}`,
  ])
    await doesAllOn(ada, path)
  await givePasskey(ada)
  await doesAllOn(ada, `/account/security/passkeys/remove/${passkey}`)
  await doesAllOn(ada, '/account/delete')
})

/** Every path that links lead to from these pages, with the page; a path is opened once, whatever its query. */
async function crawl(browser: Visitor, ...from: readonly string[]): Promise<ReadonlyMap<string, ParsedPage>> {
  const found = new Map<string, ParsedPage>()
  const open = [...from]
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (found.has(path)) continue
    const answer = await browser.open(path)
    if (!String(answer.headers['content-type']).startsWith('text/html')) continue
    assert.equal(answer.statusCode, 200, path)
    const page = parsePage(answer)
    found.set(path, page)
    open.push(
      ...['/admin', '/account'].flatMap((area) => page.targets(area)).map((target) => target.replace(/[?#].*$/, '')),
    )
  }
  return found
}

/** Requests that end what others need come last. */
function rank({ method, path }: ShownCommand): number {
  if (/\/tokens\/|\/me\/apps\//.test(path)) return 2
  if (/\/(sign-out|disable|reset-second-factor)$/.test(path)) return 5
  const ranks = { GET: 0, PATCH: 1, PUT: 2, POST: 3, DELETE: 4 }
  return (
    ranks[method] +
    (/^\/(users|policies|apps|resources|hosts)\/[^/]+$/.test(path) ? 2 : 0) +
    (path.startsWith('/users/me') ? 6 : 0)
  )
}

/** The request without the ids in its path. */
function kindOf({ by, method, path }: ShownCommand): string {
  return `${method} ${path.replace(/\?.*/, '').replaceAll(/\/(\d+|[\da-f]{8}-[\da-f-]+)(?=\/|$)/g, '/:id')} with $${by}`
}

/** Requests with a word that stands for a value or with a file, or that the only admin cannot make. */
const EXAMPLES = /GROUP|PUT \/apps\/:id\/icon |PUT \/policies\/[^/]+\/exemptions|DELETE \/users\/me(\/totp\/:id)? /

/** Pages after an act, which show no request. */
const SHOW_NONE = new Set(
  ['recovered', 'deleted', 'security/recovery-codes/saved'].map((below) => `/account/${below}`),
).add('/admin/users/bulk')

leaveToTestAll()

test('what a page shows with an API token works with one, and what it shows with a session is refused to one', async (t) => {
  const { server, root, ada } = await startWithUser(t, { settings: QUEUES_MAIL }, { email: 'ada@example.org' })
  const ctx = server.operator()
  const { id: bob } = (await createUser(ctx, { username: 'bob', email: 'bob@example.org', delivery: 'mail' })).user
  const { id: boss } = (await createUser(ctx, { username: 'boss', role: 'admin' })).user
  await waitingPerson(server, 'carl', 'carl@example.org')
  await waitingPerson(server, 'cora', 'cora@example.org')
  await declares(root, DECLARED.slice(0, 1))
  const wiki = await root.asks('POST', '/apps', { name: 'Wiki', redirect_uris: ['https://wiki.example.org/'] })
  await storeAppSignIns(server, String(wiki.body['id']))
  await agreesTo(server, String(wiki.body['id']), (await rowOf(root)).subject, ['scope:email'])
  await storeFailedDeliveries(server, { clientId: String(wiki.body['id']), subject: (await rowOf(ada)).subject })
  await root.asks('PATCH', `/apps/${String(wiki.body['id'])}`, { max_age: 3600 })
  const mail = { uri: 'https://mail.example.org/', name: 'Mail', token_format: 'jwt', scopes: ['read'] }
  assert.equal((await root.asks('POST', '/resources', mail)).status, 200)
  const host = await root.asks('POST', '/hosts', {
    name: 'git.example.org',
    rules: [{ path: '/public', who: 'everyone' }],
  })
  assert.equal(host.status, 200, host.raw.body)
  await newGroup(root, 'Sales', { members: [ada], managers: [root] })
  await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:read'] })
  const policy = await root.asks('POST', '/policies', {
    name: 'Soon',
    scope: 'role',
    scope_ref: 'desk',
    second_factor: 'required',
  })
  assert.equal(policy.status, 200, policy.raw.body)
  const later = { second_factor: 'phishing-resistant', in_force_from: toRfc3339(server.clock.now() + days(30)) }
  const everyone = await root.asks('POST', '/policies', {
    name: 'All',
    scope: 'everyone',
    helpers_may_exempt: true,
    ...later,
  })
  assert.equal(everyone.status, 200, everyone.raw.body)
  const exempt = { reason: 'Waits for a phone', ends_at: toRfc3339(server.clock.now() + days(60)) }
  const { id: adasId } = await rowOf(ada)
  await root.asks('PUT', `/policies/${String(everyone.body['id'])}/exemptions/${adasId}`, exempt)
  for (const person of [ada, root, root]) await apiTokenOf(person)
  await givePasskey(root)
  await newWaitingRequest(server)
  const browser = new Visitor(server)
  browser.cookies.set('session', await sessionOf(root, 'cookie'))
  const refused = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'wrong' } })
  const { db } = server.doorward
  await db.updateTable('users').set({ review_required_at: server.clock.now() }).where('id', '=', bob).execute()
  const unlinked = [
    '/admin/connect',
    `/admin/refusals/${String(refused.body['refusal'])}`,
    '/account/security/requests',
    `/admin/users/${adasId}/refusal?reference=${String(refused.body['refusal'])}`,
    `/admin/users/${bob}/exempt/${String(everyone.body['id'])}`,
  ]
  const pages = [...(await crawl(browser, '/admin', '/account', ...unlinked))]
  for (const [action, id] of [...BULK_ACTIONS.map((one) => [one, bob] as const), ['invite', boss] as const]) {
    const page = await browser.pageAfter('/admin/users/bulk', { action, [`user-${id}`]: 'yes' })
    pages.push([`/admin/users/bulk ${action}`, page])
  }
  const shown = new Map(pages.flatMap(([, page]) => commandsOn(page)).map((one) => [JSON.stringify(one), one]))
  const commands = [...shown.values()].toSorted((a, b) => rank(a) - rank(b))
  // The page of new tokens offers all scopes but this one.
  const scopes = SCOPES.filter((scope) => scope !== 'users:reset-factors')
  root.token = await sessionOf(root, 'bearer')
  const token = await apiTokenOf(root, scopes)
  const wrong: string[] = []
  const done = new Set<string>()
  for (const command of commands) {
    const { by, method, path, payload } = command
    if (done.has(kindOf(command))) continue
    const asked = await asksWith(server, token, method, path, payload)
    if ((asked.status === 403) !== (by === 'SESSION')) wrong.push(`${kindOf(command)}: ${path} ${asked.raw.body}`)
    root.token = await sessionOf(root, 'bearer')
    const { status, raw } = by === 'SESSION' ? await root.asks(method, path, payload) : asked
    if (status < 300) done.add(kindOf(command))
    else if (status === 401 || status === 403) wrong.push(`${kindOf(command)}: ${status} ${raw.body}`)
  }
  assert.deepEqual(wrong, [])
  const failed = new Set(commands.map(kindOf)).difference(done)
  assert.deepEqual(
    [...failed].filter((kind) => !EXAMPLES.test(kind)),
    [],
  )
  // Each page below these paths was opened, so no request of a page is left out.
  const opened = pages.map(([path]) => path.replace(/\?.*/, ''))
  const missed = (await liveRoutes(server)).filter(({ method, url, config }) => {
    const isHere = config.page === true && method === 'GET' && /^\/(admin|account)(\/|$)/.test(url)
    return (
      isHere &&
      !SHOW_NONE.has(url) &&
      !opened.some((path) => new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`).test(path))
    )
  })
  assert.deepEqual(
    missed.map(({ url }) => url),
    [],
  )
})
