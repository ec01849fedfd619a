// Where a user goes on to a path that leaves this site: each page that follows `?next=` answers with a page in between.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import type { App } from '#foundation/web/http/app.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const NEXT = 'next=%2Fleave%3Fscope%3Dopenid%2520profile'

function leaving(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true, leavesSite: true } as const
  app.get('/leave', { config }, (_request, reply) => reply.redirect('https://app.example.org/'))
}

/** Asserts that the answer is the page in between, which goes on to the path as it was asked for. */
function assertGoesOn({ statusCode, body, headers }: LightMyRequestResponse): void {
  assert.equal(statusCode, 200, body.slice(0, 300))
  assert.match(body, /<meta http-equiv="refresh" content="0; url=\/leave\?scope=openid%20profile" \/>/)
  assert.match(body, /<body class="card">[^]*<a [^>]*href="\/leave\?scope=openid%20profile"/)
  assert.equal(headers.location, undefined)
}

test('a sign-in, a re-authentication and recovery codes go on to a path that leaves this site by a page in between', async (t) => {
  const { admin, visitor } = await visitorScene(t, { routes: [leaving] })
  const { username, password } = admin
  assertLeadsTo(await visitor.submit(`/sign-in?${NEXT}`, { username, password }), `/sign-in/second-step?${NEXT}`)
  assertGoesOn(await visitor.submit(`/sign-in/second-step?${NEXT}`, { code: admin.code() }))
  await visitor.open('/account')
  assertGoesOn(await visitor.open(`/sign-in?${NEXT}`))
  assertGoesOn(await visitor.open(`/confirm?${NEXT}`))
  assertGoesOn(await visitor.submit(`/confirm?${NEXT}`, { password: PASSWORD, code: admin.code() }))
  assertGoesOn(await visitor.open(`/account/recovered?${NEXT}`))
  assertGoesOn(await visitor.submit(`/account/security/recovery-codes/saved?${NEXT}`, { saved: 'yes' }))
})

leaveToTestAll()

test('a sign-in by the password alone goes on in the same way', async (t) => {
  const scene = await visitorScene(t, { routes: [leaving], settings: { second_factor: 'optional' } })
  const { server, admin, visitor } = scene
  await server.doorward.db.deleteFrom('totp_factor').execute()
  await server.doorward.db.updateTable('users').set({ second_factor_at: null, role: 'user' }).execute()
  const { username, password } = admin
  assertGoesOn(await visitor.submit(`/sign-in?${NEXT}`, { username, password }))
})

test('a path of this site is redirected to as before', async (t) => {
  const { admin, visitor } = await visitorScene(t, { routes: [leaving] })
  await signsIn(visitor, admin)
  for (const path of ['/account/security', '/leaves', '/unknown', '/LEAVE/x'])
    assertLeadsTo(await visitor.open(`/sign-in?next=${encodeURIComponent(path)}`), path)
})
