// Re-authentication that must reach more than the policies ask, as an app can require it: `/confirm?since=&least=`.
import assert from 'node:assert/strict'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { reauthenticate } from '#use-cases/sign-in/reauthentication.service.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { PASSWORD } from '../support/people/people.ts'
import { signedInAs } from '../support/people/principals.ts'
import { givePasskey, giveRecoveryCodes, rowOf } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const NEXT = 'next=%2Faccount%2Fdelete'
const BACK = '/account/delete?done=confirmed'

test('an authentication that is recent enough for the policies is asked for again where a later one is required', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await signsIn(visitor, admin)
  server.clock.pass(minutes(1))
  assertLeadsTo(await visitor.open(`/confirm?${NEXT}`), '/account/delete')
  const path = `/confirm?since=${server.clock.now()}&${NEXT}`
  const page = await visitor.page(path)
  assert.equal(page.heading, 'Confirm it’s you')
  assert.ok(page.actions().some((action) => action.startsWith(`/confirm?since=${server.clock.now()}&next=`)))
  assertLeadsTo(await visitor.submit(path, { password: PASSWORD, code: admin.code() }), BACK)
  server.clock.pass(minutes(1))
  assertLeadsTo(await visitor.open(path), '/account/delete')
})

leaveToTestAll()

test('where a passkey is required, no other factor is offered or taken', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  const phone = await givePasskey(admin)
  await signsIn(visitor, admin)
  const path = `/confirm?least=phishing-resistant&${NEXT}`
  const page = await visitor.page(path)
  assert.deepEqual([page.data('passkey'), page.linksTo(/way=/)], ['get', []])
  for (const way of ['totp', 'recovery-code'])
    assert.equal((await visitor.page(`${path}&way=${way}`)).data('passkey'), 'get')
  const methods = async () =>
    (await server.doorward.db.selectFrom('session').select('authentication_methods as methods').execute()).map(
      (row) => row.methods,
    )
  const before = await methods()
  await visitor.submit(`${path}&way=totp`, { password: PASSWORD, code: admin.code() })
  assert.deepEqual(await methods(), before, 'a code counted as a passkey')
  const options = JSON.parse((await visitor.page(path)).data('options') ?? '{}') as object
  const passkey = JSON.stringify(phone.assert(options as never))
  assertLeadsTo(await visitor.submit(`${path}&way=passkey`, { passkey }), BACK)
  assertLeadsTo(await visitor.open(path), '/account/delete')
})

test('an account that cannot reach what is required is told what it lacks, and where to add it', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await signsIn(visitor, admin)
  const path = `/confirm?least=phishing-resistant&${NEXT}`
  const page = await visitor.page(path, 403)
  assert.match(page.text, /This needs a passkey Your account has no passkey yet/)
  assert.deepEqual(page.linksTo(/security/), ['Add a passkey'])
  const fields = { password: PASSWORD, code: admin.code() }
  assert.match(
    (await visitor.pageAfter(path, fields, 403)).text,
    /This needs a passkey Your account has no passkey yet/,
  )
  await storePolicyVersion(server.doorward.db, { id: 'apps', factors: ['totp'] })
  const forbidden = await visitor.page(path, 403)
  assert.match(forbidden.text, /Your account can’t have a passkey here\. Ask an admin/)
  assert.deepEqual(forbidden.linksTo(/security/), [])
})

test('a user without a second step is told to set one up where it is required', async (t) => {
  const { server, admin, visitor } = await visitorScene(t, { settings: { second_factor: 'optional' } })
  for (const table of ['totp_factor', 'recovery_code'] as const) await server.doorward.db.deleteFrom(table).execute()
  await server.doorward.db.updateTable('users').set({ second_factor_at: null, role: 'user' }).execute()
  const { username, password } = admin
  assertLeadsTo(await visitor.submit('/sign-in', { username, password }), '/account')
  const page = await visitor.page(`/confirm?least=two-factors&${NEXT}`, 403)
  assert.match(page.text, /This needs a second step Your account has no second step that can be used here/)
  assertLeadsTo(await visitor.open(`/confirm?least=one-factor&${NEXT}`), '/account/delete')
})

test('a requirement that is malformed requires nothing, and one of the future is one of now', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await signsIn(visitor, admin)
  for (const query of [
    'since=x',
    'since=-1',
    'since=1&since=2',
    'since=1e3',
    'least=three',
    'least=',
    'least[]=two-factors',
  ])
    assertLeadsTo(await visitor.open(`/confirm?${query}&${NEXT}`), '/account/delete')
  const path = `/confirm?since=${server.clock.now() + minutes(60)}&${NEXT}`
  assertLeadsTo(await visitor.open(path), '/account/delete')
  server.clock.pass(1)
  assert.equal((await visitor.page(path)).heading, 'Confirm it’s you')
})

test('the service refuses factors below the required level, whatever a page offers', async (t) => {
  const { server, admin } = await visitorScene(t)
  const ctx = await signedInAs(server.operator(), await rowOf(admin))
  const shown = { password: Secret.of(PASSWORD), factor: { kind: 'totp', code: admin.code() } } as const
  const isTooWeak = (error: unknown): boolean => error instanceof Refusal && error.code === 'reauthentication.too_weak'
  await assert.rejects(reauthenticate(ctx, shown, 'phishing-resistant'), isTooWeak)
  assert.ok((await reauthenticate(ctx, shown, 'two-factors')).token)
})

test('the form and the links to other factors keep what is required', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await givePasskey(admin)
  await giveRecoveryCodes(admin)
  await signsIn(visitor, admin)
  const required = `since=${server.clock.now() + 1}&least=two-factors`
  server.clock.pass(1)
  const page = await visitor.page(`/confirm?${required}&${NEXT}`)
  const paths = [...page.markup.matchAll(/"(\/confirm\?[^"]*way=[^"]*)"/g)].map(([, path = '']) => path)
  assert.ok(paths.length >= 2, paths.join(' '))
  for (const path of paths)
    assert.ok(path.replaceAll('&amp;', '&').startsWith(`/confirm?${required}&${NEXT}&way=`), path)
})
