// A refusal has a reference by which an admin finds its reason. Threat (enumeration): the reference discloses whether the account
// exists, is disabled, blocked or without a second factor. Only a reader of the audit log can look it up.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ALLOWED_FAILURES, assertWait, guess, guessInVain, seen, WRONG } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, newcomer, PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const KINDS = ['unknown', 'regular', 'disabled', 'factors'] as const
const REFERENCE = /[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/

/** Users of every kind; no user has the name `unknown`, and the user `factors` has no second factor. */
async function populate(server: Server): Promise<Person> {
  const root = await (await firstAdmin(server)).signsIn()
  await newcomer(root, 'regular')
  const { id } = await rowOf(await newcomer(root, 'disabled'))
  assert.equal((await root.asks('POST', `/users/${id}/disable`)).status, 200)
  assert.equal((await root.asks('POST', '/users', { username: 'factors', password: PASSWORD })).status, 200)
  return root
}

const ROUTES: Readonly<Record<string, (server: Server, username: string) => Promise<Reply>>> = {
  'POST /token': guess,
  'POST /attempts': (server, username) => ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } }),
}

function referenceIn({ body }: Reply): string {
  assert.match(String(body['refusal']), new RegExp(`^${REFERENCE.source}$`))
  return String(body['refusal'])
}

onEitherDatabase('answers differ in their reference only, and each reference is unique', async (t, dialect) => {
  const server = await start(t, { dialect })
  await populate(server)
  for (const [route, refuse] of Object.entries(ROUTES)) {
    const replies = []
    for (const kind of KINDS) {
      await server.doorward.db.deleteFrom('throttle_bucket').execute()
      replies.push(await refuse(server, kind))
    }
    for (const [index, reply] of replies.entries())
      assert.deepEqual(seen(reply), seen(replies[0]!), `${route}: ${KINDS[index]}`)
    assert.equal(new Set(replies.map(referenceIn)).size, KINDS.length, route)
  }
})

leaveToTestAll()

onEitherDatabase('a blocked guess is answered alike for every user, with a reference', async (t, dialect) => {
  const server = await start(t, { dialect })
  await populate(server)
  const waits = []
  for (const kind of KINDS) {
    await guessInVain(server, kind, ALLOWED_FAILURES)
    const reply = await guess(server, kind)
    assertWait(reply)
    waits.push(reply)
  }
  for (const [index, reply] of waits.entries()) assert.deepEqual(seen(reply), seen(waits[0]!), `${KINDS[index]}`)
  assert.equal(new Set(waits.map(referenceIn)).size, KINDS.length)
})

onEitherDatabase('the page of the sign-in shows the reference, and is the same for all', async (t, dialect) => {
  const server = await start(t, { dialect })
  await populate(server)
  const pages = []
  for (const kind of KINDS) {
    const { statusCode, body } = await new Visitor(server).submit('/sign-in', { username: kind, password: WRONG })
    assert.match(parsePage(body).text, new RegExp(`give this reference: ${REFERENCE.source}`))
    pages.push({ statusCode, body: masked(body, kind) })
  }
  for (const page of pages) assert.deepEqual(page, pages[0])
})

/** A page without what differs between any two: the login name, the reference, the challenge for a passkey. */
function masked(body: string, name: string): string {
  return body
    .replaceAll(name, 'NAME')
    .replace(REFERENCE, 'REFERENCE')
    .replace(/(challenge&quot;:&quot;)[\w-]+/, '$1CHALLENGE')
}

onEitherDatabase('only a reader of the audit log can look up a refusal', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await populate(server)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const url = `/refusals/${referenceIn(await guess(server, 'ada'))}`
  assert.deepEqual(refusalIn(await ask(server, 'GET', url)), [401, 'access.not_authenticated'])
  assert.deepEqual(refusalIn(await ada.asks('GET', url)), [403, 'access.insufficient_permissions'])
  assert.equal((await root.asks('GET', url)).status, 200)
  const { token } = await newSignedInUser(server, 'user', { transport: 'cookie' })
  const visitor = new Visitor(server)
  assert.equal((await visitor.open(`/admin${url}`)).statusCode, 303, 'an anonymous client sees the page')
  visitor.cookies.set('session', token)
  for (const path of [`/admin${url}`, '/admin/refusals?reference=x'])
    assert.equal((await visitor.open(path)).statusCode, 403)
})

onEitherDatabase('an id that is not of a refusal is not found, whatever it contains', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await populate(server)
  const [done] = itemsOf(await root.asks('GET', '/audit-events?action=sign_in.succeeded'))
  const garbage = [String(done?.['id']), 'x', '0', '%F0%9F%94%91', "' or 1=1 --", '..%2F..%2Fusers', 'a'.repeat(90)]
  for (const id of garbage) {
    const reply = await root.asks('GET', `/refusals/${encodeURI(id).replaceAll('%25', '%')}`)
    assert.deepEqual(refusalIn(reply), [404, 'audit_event.not_found'], id)
  }
})

onEitherDatabase('the look-up repeats no input and no key of a bucket', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await populate(server)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const browser = await signedInBrowser(ada)
  const { subject } = await rowOf(ada)
  await browser.submit('/sign-out', {})
  browser.cookies.delete('session')
  const refused = [
    (await browser.submit('/sign-in', { username: 'ada', password: WRONG })).body,
    (await guess(server, 'ada')).raw.body,
    (await ada.asks('PUT', '/users/me/password', { current: WRONG, new: 'four rather calm words' })).raw.body,
    (await ada.asks('POST', '/session/proof', { password: ada.password, code: '123456' })).raw.body,
  ]
  const { token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  const reader = new Visitor(server)
  reader.cookies.set('session', token)
  for (const text of refused) {
    const id = REFERENCE.exec(/refusal[^\n]*/.exec(text)?.[0] ?? '')?.[0]
    assert.ok(id, text)
    const trace = await root.asks('GET', `/refusals/${id}`)
    const page = await reader.open(`/admin/refusals/${id}`)
    assert.deepEqual([trace.status, page.statusCode], [200, 200])
    for (const hidden of [WRONG, ada.password, '123456', `user:${subject}`, String(ada.token)])
      for (const body of [trace.raw.body, page.body]) assert.ok(!body.includes(hidden), hidden)
  }
})
