// An app that does not hear of the ends of sessions: what its page and the API show of that, and how an admin sends them again.
import assert from 'node:assert/strict'

import { MOST_ATTEMPTS, waitAfterFailure } from '#domain/back-channel/delivery.ts'
import { minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { revokeSession } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { grantIn } from '../support/openid/app-grants.ts'
import { type LogoutReceiver, notifyApps } from '../support/openid/logout-receiver.ts'
import { type LogoutScene, logoutScene } from '../support/openid/logout-scene.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const NOTHING = { waiting: 0, given_up: 0, failing_since: null, last_answer: null, next_attempt_at: null }

/** Lets the receiver answer with a status and a text from now on. */
function answers(receiver: LogoutReceiver, status: number, text = ''): void {
  receiver.answer = (response) => void response.writeHead(status).end(text)
}

function deliveriesOf({ admin, app }: LogoutScene) {
  return admin.asks('GET', `/apps/${app.client.id}/deliveries`)
}

onEitherDatabase(
  'the page of an app that refuses ends of sessions says so, and sends them again',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, admin, app, receiver, grant } = scene
    const page = `/admin/apps/${app.client.id}/sign-ins`
    const browser = await signedInBrowser(admin)
    assert.equal((await browser.page(page)).hasPart('deliveries'), false)
    assert.deepEqual((await deliveriesOf(scene)).body, NOTHING)

    answers(receiver, 400, '<b>no such\nsession</b>')
    await revokeSession(server.operator(), grant.sessionId)
    const endedAt = server.clock.now()
    await notifyApps(server)
    const shown = (await browser.page(page)).part('deliveries').text
    assert.match(shown, /Not signed out at this app/)
    assert.match(shown, /hasn’t heard of 1 sign-out, so people may still be signed in there/)
    assert.match(shown, /Last answer 400 <b>no such session<\/b> Since .* Next attempt/)
    assert.doesNotMatch(shown, /Given up|Due now/)
    assert.match(
      (await browser.page(`/admin/apps/${app.client.id}`)).text,
      /Sign-ins 1/,
      'each page of the app says so',
    )
    assert.deepEqual((await deliveriesOf(scene)).body, {
      waiting: 1,
      given_up: 0,
      failing_since: toRfc3339(endedAt),
      last_answer: '400 <b>no such session</b>',
      next_attempt_at: toRfc3339(endedAt + minutes(10)),
    })

    const retry = `/admin/apps/${app.client.id}/deliveries/retry`
    assertLeadsTo(await browser.submit(retry, {}), `${page}?done=deliveries-retried`)
    const due = await browser.page(`${page}?done=deliveries-retried`)
    assert.match(due.text, /The app will hear of them in a moment/)
    assert.match(due.part('deliveries').text, /Next attempt Due now/)
    answers(receiver, 200)
    await notifyApps(server)
    assert.equal(receiver.received.length, 2)
    assert.equal((await browser.page(page)).hasPart('deliveries'), false)
    assert.doesNotMatch((await browser.page(`/admin/apps/${app.client.id}`)).text, /Sign-ins \d/)
    assert.deepEqual((await deliveriesOf(scene)).body, NOTHING)
  },
)

leaveToTestAll()

onEitherDatabase('the last answer is that of the last attempt, whichever end it was about', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, ada, app, receiver, grant } = scene
  const others = []
  for (let more = 0; more < 2; more++)
    others.push(await grantIn(server, await signedInBrowser(ada), { app: app.client.id }))
  const [second, third] = others
  const lastAnswer = async () => (await deliveriesOf(scene)).body['last_answer']
  const fails = async (status: number, ended?: { readonly sessionId: string }): Promise<void> => {
    answers(receiver, status)
    if (ended !== undefined) await revokeSession(server.operator(), ended.sessionId)
    await notifyApps(server)
    assert.equal(await lastAnswer(), String(status))
    server.clock.pass(minutes(5))
  }
  await fails(400, grant)
  await fails(500, second)
  await fails(503)
  await fails(502)
  // The second one waits longer now than this one after its first attempt.
  await fails(404, third)
  assert.equal(receiver.received.length, 5)
})

onEitherDatabase('what was given up is counted apart, and sent again by the API', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, admin, ada, app, receiver, grant } = scene
  const second = await grantIn(server, await signedInBrowser(ada), { app: app.client.id })
  answers(receiver, 500)
  await revokeSession(server.operator(), grant.sessionId)
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    await notifyApps(server)
    server.clock.pass(waitAfterFailure(attempt))
  }
  const page = `/admin/apps/${app.client.id}/sign-ins`
  const browser = await signedInBrowser(admin)
  const shown = async () => (await browser.page(page)).part('deliveries').text
  assert.match(await shown(), /1 sign-out,.* Next attempt None/)
  await revokeSession(server.operator(), second.sessionId)
  await notifyApps(server)
  assert.match(await shown(), /2 sign-outs,.* Given up 1 Next attempt/)
  server.clock.pass(minutes(1))
  await admin.signsIn()
  const { waiting, given_up: givenUp } = (await deliveriesOf(scene)).body
  assert.deepEqual([waiting, givenUp], [1, 1])

  const retry = `/apps/${app.client.id}/deliveries/retry`
  const { status, body } = await admin.asks('POST', retry)
  assert.deepEqual([status, body], [200, { retried: 2 }])
  answers(receiver, 204)
  await notifyApps(server)
  assert.deepEqual((await admin.asks('POST', retry)).body, { retried: 0 })
  assert.deepEqual((await deliveriesOf(scene)).body, NOTHING)
  for (const [method, path] of [
    ['GET', '/apps/none/deliveries'],
    ['POST', '/apps/none/deliveries/retry'],
  ] as const)
    assert.equal((await admin.asks(method, path)).body['code'], 'app.not_found')
})
