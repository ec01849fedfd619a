// Apps hear by a stream what has ended (security event tokens, RFC 8417), and when the stream is complete.
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { MOST_STREAMS } from '#domain/back-channel/ending-reader.service.ts'
import { endSecret, listSecrets } from '#domain/clients/client-secret.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import {
  deleteUser,
  disableUser,
  signOutUser,
} from '#use-cases/administration/account-status/account-status.service.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { signOutOfAppOf } from '#use-cases/administration/clients/user-apps.service.ts'
import { revokeSession } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { basicOf, claimsIn, eventIn, openStream } from '../support/openid/ending-stream.ts'
import { registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'

/** Ada has signed in to an app, which has a token of hers for an API; another app and another API know nothing of her. */
async function scene(t: TestContext, dialect: Dialect) {
  const { server, baseUrl } = await listening(t, { dialect, clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server)
  const other = await registerApp(server, { name: 'Other' })
  const orders = await registerApi(server)
  const stock = await registerApi(server, { uri: 'https://api.example/stock', name: 'Stock' })
  const own = await signInAt(browser, app)
  await signInAt(browser, app, { scope: 'openid read', resource: RESOURCE_URI })
  const { id, subject } = await stored(server, ada.username)
  const chain = () => chainPending(server.operator())
  await chain()
  const { db } = server.doorward
  const session = await db
    .selectFrom('client_session')
    .selectAll()
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow()
  const open = (by: typeof app, query?: string) => openStream(t, baseUrl, by, query)
  return { server, baseUrl, browser, ada, app, other, orders, stock, own, id, subject, session, chain, open }
}

onEachDatabase(
  'an app and the API that it calls hear who was disabled, by tokens that they can verify',
  async (t, dialect) => {
    const { server, app, other, orders, stock, id, subject, chain, open } = await scene(t, dialect)
    const [atApp, atOther, atOrders, atStock] = await Promise.all(
      [app, other, orders.api, stock.api].map((one) => open(one)),
    )
    assert.ok(atApp && atOther && atOrders && atStock)
    await atApp.nextLine()
    await disableUser(server.operator(), { id })
    await atApp.nextLine()
    const expected = { event: 'session-revoked', sub: subject }
    assert.deepEqual(atApp.heard.map(eventIn), [expected], 'before the event has its position in the chain')
    await chain()
    for (const stream of [atApp, atOther, atOrders, atStock]) await stream.nextLine()
    assert.deepEqual(atApp.heard.map(eventIn), [expected], 'once')
    assert.deepEqual(atOrders.heard.map(eventIn), [expected])
    assert.deepEqual([atOther.heard, atStock.heard], [[], []])

    const { body } = await server.app.inject({ url: '/oidc/jwks' })
    const issuer = `${server.doorward.config.publicUrl}/oidc`
    const keys = createLocalJWKSet(JSON.parse(body) as JSONWebKeySet)
    const { payload } = await jwtVerify(atOrders.tokens[0] ?? '', keys, {
      issuer,
      audience: orders.api.client.id,
      typ: 'secevent+jwt',
    })
    assert.deepEqual(
      [payload.sub, payload.exp, payload['sub_id']],
      [undefined, undefined, { format: 'iss_sub', iss: issuer, sub: subject }],
    )
  },
)

leaveToTestAll()

onEitherDatabase('each cause names what has ended: one session, what an app got, all of a user', async (t, dialect) => {
  const { server, browser, ada, app, orders, id, subject, session, open } = await scene(t, dialect)
  const second = new Visitor(server)
  await signsIn(second, ada)
  await signInAt(second, app)
  const stream = await open(app)
  const atOrders = await open(orders.api)
  await stream.nextLine()
  await revokeSession(server.operator(), session.session_id)
  await stream.nextLine()
  const ended = { event: 'session-revoked', sub: subject }
  assert.deepEqual(stream.heard.map(eventIn), [{ ...ended, sids: [session.sid] }])
  assert.deepEqual(atOrders.heard.map(eventIn), [{ ...ended, sids: [session.sid] }])
  await signOutOfAppOf(server.operator(), { id }, app.client.id)
  await stream.nextLine()
  assert.deepEqual(stream.heard.map(eventIn).slice(1), [{ ...ended, client_id: app.client.id }])
  await signsIn(browser, ada)
  await signOutUser(server.operator(), { id })
  await stream.nextLine()
  await deleteUser(server.operator(), { id })
  await stream.nextLine()
  assert.deepEqual(stream.heard.map(eventIn).slice(2), [ended, ended])
})

onEitherDatabase(
  'a reader goes on after its position, in one answer too; an unknown or old position is 410',
  async (t, dialect) => {
    const { server, baseUrl, app, id, subject, chain, open } = await scene(t, dialect)
    const first = await open(app)
    await first.nextLine()
    const { position = '' } = first.lines.at(-1) ?? {}
    first.close()
    await disableUser(server.operator(), { id })
    await chain()
    const again = await open(app, `?after=${position}`)
    await again.nextLine()
    const expected = { event: 'session-revoked', sub: subject }
    assert.deepEqual(again.heard.map(eventIn), [expected])
    assert.notEqual(again.lines.at(-1)?.position, position)
    const recent = await open(app, '?within=60')
    await recent.nextLine()
    assert.deepEqual(recent.heard.map(eventIn).at(-1), expected)

    const headers = { ...basicOf(app), accept: 'application/json' }
    const answer = await fetch(`${baseUrl}/endings?after=${position}`, { headers })
    const { sets, position: next } = (await answer.json()) as { sets: Record<string, string>; position: string }
    assert.deepEqual(
      Object.values(sets).map((set) => eventIn(claimsIn(set))),
      [expected],
    )
    assert.equal(next, again.lines.at(-1)?.position)

    for (const wrong of ['7', '1-0123456789abcdef', position.replace(/^\d+/, '99999'), 'x'])
      assert.equal((await open(app, `?after=${wrong}`)).status, 410, wrong)
    server.clock.pass(days(7) + seconds(1))
    assert.equal((await open(app, `?after=${position}`)).status, 410)
    assert.equal((await open(app, `?after=${next}`)).status, 200)
  },
)

onEitherDatabase(
  'a stream needs the secret of an app, and ends with it; so many are open at once',
  async (t, dialect) => {
    const { server, baseUrl, app, other, orders, open } = await scene(t, dialect)
    assert.equal((await open({ ...app, secret: 'wrong' })).status, 401)
    assert.equal((await fetch(`${baseUrl}/endings`)).status, 401)
    const single = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
    assert.equal((await open(single)).status, 401)

    const [stream, ofOther] = [await open(app), await open(other)]
    await stream.nextLine()
    const ctx = server.operator()
    const [secret] = await listSecrets(ctx, app.client.id)
    await inTransaction(ctx, (tx) => endSecret(tx, app.client, secret?.id ?? ''))
    await chainPending(ctx)
    await waitUntil(async () => stream.isClosed())
    await disableApp(ctx, other.client.id)
    await chainPending(ctx)
    await waitUntil(async () => ofOther.isClosed())

    for (let count = 0; count < MOST_STREAMS.app; count += 1) assert.equal((await open(orders.api)).status, 200)
    assert.equal((await open(orders.api)).status, 429)
  },
)

onEitherDatabase(
  'a line says how long the stream had been open when it was complete; none comes while the database does not answer',
  async (t, dialect) => {
    const { server, app, open } = await scene(t, dialect)
    const began = performance.now()
    const stream = await open(app)
    await stream.nextLine()
    await stream.nextLine()
    const openFor = performance.now() - began
    const elapsed = stream.lines.map((line) => line.elapsed)
    assert.deepEqual(
      elapsed,
      elapsed.toSorted((one, two) => one - two),
    )
    assert.ok((elapsed.at(-1) ?? 0) <= openFor, 'never later than the reader')
    assert.ok((elapsed.at(-1) ?? 0) > 900)

    const { db } = server.doorward
    await db.schema.alterTable('audit_event').renameTo('hidden').execute()
    const before = stream.lines.length
    await new Promise((resolve) => setTimeout(resolve, seconds(2)))
    assert.ok(stream.lines.length <= before + 1)
    await db.schema.alterTable('hidden').renameTo('audit_event').execute()
    await stream.nextLine()
  },
)

onEitherDatabase('a node that stops closes its streams at once; without an app there is none', async (t, dialect) => {
  const { server, app, open } = await scene(t, dialect)
  const stream = await open(app)
  await stream.nextLine()
  const closing = server.app.close()
  await waitUntil(async () => stream.isClosed())
  await closing
  const empty = await listening(t, { dialect })
  assert.equal((await fetch(`${empty.baseUrl}/endings`)).status, 404)
})
