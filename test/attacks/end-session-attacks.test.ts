// A request to sign out that no app of this browser has made: nobody is signed out by it, and nobody is led elsewhere.
import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'

import { deleteClient } from '#domain/clients/client.service.ts'
import { hours } from '#foundation/kernel/time.ts'
import { registerApp } from '../support/openid/apps.ts'
import {
  type AttackScene,
  attackScene,
  changeApp,
  codeFor,
  exchangeAs,
  isAlive,
} from '../support/openid/attack-scene.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const BYE = 'https://app.example/bye'
const FIELDS = { logoutUris: [BYE] }

async function hintOf({ server, app }: AttackScene, visitor: Visitor): Promise<string> {
  const { body, raw } = await exchangeAs(server, app, await codeFor(visitor, app))
  assert.equal(raw.statusCode, 200, raw.body)
  return String(body['id_token'])
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The hint with other claims or another header, and with the signature that `signed` makes. */
function changed(hint: string, header: object, claims: object, signed?: (content: string) => string): string {
  const [first = '', second = '', third = ''] = hint.split('.')
  const read = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString()) as object
  const content = `${encoded({ ...read(first), ...header })}.${encoded({ ...read(second), ...claims })}`
  return `${content}.${signed ? signed(content) : third}`
}

/** A page of ours asks, and nothing has ended. */
async function assertAsked(
  visitor: Visitor,
  parameters: Readonly<Record<string, string>>,
  about: string,
): Promise<void> {
  const query = new URLSearchParams({ post_logout_redirect_uri: BYE, state: 'x', ...parameters }).toString()
  const answer = await visitor.open(`/oidc/session/end?${query}`)
  assert.deepEqual([answer.statusCode, answer.headers.location], [200, undefined], about)
  assert.match(answer.body, /action="\/oidc\/session\/end\/confirm/, about)
  assert.doesNotMatch(answer.body, /http-equiv="refresh"/, about)
  assert.equal((await visitor.open('/account')).statusCode, 200, `${about}: signed out`)
}

/** Not even after the button: what cannot be verified does not say where to go. */
async function assertLeadsNowhere(visitor: Visitor, parameters: Readonly<Record<string, string>>, about: string) {
  const query = new URLSearchParams({ post_logout_redirect_uri: BYE, ...parameters }).toString()
  const page = await visitor.open(`/oidc/session/end?${query}`)
  assert.doesNotMatch(page.body, /app\.example\/bye"/, about)
}

test('an ID token hint that is unsigned, changed or signed with another key ends no session, and redirects to no app', async (t) => {
  const scene = await attackScene(t, { fields: FIELDS })
  const { visitor, app } = scene
  const hint = await hintOf(scene, visitor)
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const byEc = (content: string) =>
    sign('sha256', Buffer.from(content), { key: ec, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  const byRsa = (content: string) => sign('sha256', Buffer.from(content), rsa).toString('base64url')
  const byMac = (key: string) => (content: string) => createHmac('sha256', key).update(content).digest('base64url')
  const hints = {
    'alg none': changed(hint, { alg: 'none' }, {}, () => ''),
    'alg none with the old signature': changed(hint, { alg: 'none' }, {}),
    'alg None': changed(hint, { alg: 'None' }, {}, () => ''),
    'another sub': changed(hint, {}, { sub: 'x' }),
    'another sid': changed(hint, {}, { sid: 'x' }),
    'a foreign key': changed(hint, {}, {}, byEc),
    'a foreign key of the other algorithm': changed(hint, { alg: 'RS256' }, {}, byRsa),
    'a MAC by the secret': changed(hint, { alg: 'HS256' }, {}, byMac(app.secret)),
    'a MAC by the id': changed(hint, { alg: 'HS256' }, {}, byMac(app.client.id)),
    'a key in the header': changed(hint, { jwk: ec.export({ format: 'jwk' }) }, {}, byEc),
    'no signature': hint.split('.').slice(0, 2).join('.'),
    'no token': 'x',
    'three dots': '...',
  }
  for (const [about, id_token_hint] of Object.entries(hints)) {
    await assertAsked(visitor, { id_token_hint }, about)
    await assertLeadsNowhere(visitor, { id_token_hint }, about)
    await assertAsked(visitor, { id_token_hint, client_id: app.client.id }, about)
  }
  const left = await visitor.open(
    `/oidc/session/end?id_token_hint=${hint}&post_logout_redirect_uri=${encodeURIComponent(BYE)}`,
  )
  assert.equal(left.headers.location, BYE, 'the true hint')
})

leaveToTestAll()

test('a hint of another person, another browser or another app ends no session', async (t) => {
  const scene = await attackScene(t, { fields: FIELDS })
  const { server, visitor, admin, app, clock } = scene
  await hintOf(scene, visitor)
  const ada = await signedInBrowser(await newcomer(await admin.signsIn(), 'ada'))
  const elsewhere = await signedInBrowser(admin)
  clock.pass(0)
  await assertAsked(visitor, { id_token_hint: await hintOf(scene, ada) }, 'another person')
  // The same person with a stolen `sid`: the hint of the other browser is genuine, yet it is not of this one.
  await assertAsked(visitor, { id_token_hint: await hintOf(scene, elsewhere) }, 'another browser')
  const reader = await registerApp(server, { name: 'Reader', logoutUris: ['https://reader.example/bye'] })
  const theirs = await hintOf({ ...scene, app: reader }, visitor)
  await assertAsked(visitor, { id_token_hint: theirs }, 'another app, whose URI it is not')
  await assertLeadsNowhere(visitor, { id_token_hint: theirs, client_id: app.client.id }, 'two apps')
  await assertAsked(visitor, { client_id: app.client.id }, 'no hint')
  await assertAsked(visitor, {}, 'neither')
})

test('a hint of an app that is gone leads nowhere, and one that has expired still counts', async (t) => {
  const scene = await attackScene(t, { fields: FIELDS, settings: { session_idle: '8h' } })
  const { server, visitor, app, clock } = scene
  const reader = await registerApp(server, { name: 'Reader', ...FIELDS })
  const gone = await hintOf({ ...scene, app: reader }, visitor)
  await changeApp(server, reader, deleteClient)
  await assertAsked(visitor, { id_token_hint: gone }, 'a deleted app')
  await assertLeadsNowhere(visitor, { id_token_hint: gone }, 'a deleted app')
  const { body } = await exchangeAs(server, app, await codeFor(visitor, app))
  const hint = String(body['id_token'])
  clock.pass(hours(2))
  const left = await visitor.open(
    `/oidc/session/end?id_token_hint=${hint}&post_logout_redirect_uri=${encodeURIComponent(BYE)}`,
  )
  assert.equal(left.headers.location, BYE)
  assert.equal(await isAlive(server, app, body['access_token']), false)
})

test('the question is answered by a form of our own page only (CSRF), and by no link', async (t) => {
  const scene = await attackScene(t, { fields: FIELDS })
  const { visitor, app } = scene
  const query = `?client_id=${app.client.id}&post_logout_redirect_uri=${encodeURIComponent(BYE)}`
  await visitor.open(`/oidc/session/end${query}`)
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  assert.equal((await visitor.submit(`/oidc/session/end/confirm${query}`, {}, foreign)).statusCode, 403)
  assert.equal((await visitor.submit(`/oidc/session/end/confirm${query}`, { form_token: 'x' })).statusCode, 403)
  assert.equal((await visitor.open(`/oidc/session/end/confirm${query}`)).statusCode, 405)
  assert.equal((await visitor.open('/account')).statusCode, 200)
  // A URI with a question mark of its own reaches the form whole.
  const page = await visitor.open(`/oidc/session/end?post_logout_redirect_uri=${BYE}?a=b&client_id=${app.client.id}`)
  assert.match(page.body, /confirm\?post_logout_redirect_uri=https:\/\/app\.example\/bye\?a=b&amp;client_id=/)
})
