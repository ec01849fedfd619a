import Fastify, { type FastifyReply } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import {
  clearAttemptCookie,
  clearSessionCookie,
  readChoiceCookie,
  readCookie,
  setAttemptCookie,
  setChoiceCookie,
  setDeviceCookie,
  setSessionCookie,
  tradeAttemptForSession,
} from './cookies.ts'

const https = { secureCookies: true }
const http = { secureCookies: false }

test('on https a session cookie has the __Host- prefix and the attributes that the prefix requires', async () => {
  const cookies = await cookiesOf((reply) => setSessionCookie(reply, https, Secret.of('dws_abc')))
  assert.deepEqual(cookies, ['__Host-session=dws_abc; Path=/; HttpOnly; SameSite=Lax; Secure'])
})

test('on http the cookie has its plain name and no Secure, as a browser would drop it otherwise', async () => {
  const cookies = await cookiesOf((reply) => setSessionCookie(reply, http, Secret.of('dws_abc')))
  assert.deepEqual(cookies, ['session=dws_abc; Path=/; HttpOnly; SameSite=Lax'])
})

test('an attempt cookie lives as long as the attempt, a session cookie as long as the browser', async () => {
  const [attempt = ''] = await cookiesOf((reply) =>
    setAttemptCookie(reply, https, Secret.of('dwt_a'), minutes(15) + 999),
  )
  assert.match(attempt, /^__Host-attempt=dwt_a; Max-Age=900; /)
  const [over = ''] = await cookiesOf((reply) => setAttemptCookie(reply, https, Secret.of('dwt_a'), -5))
  assert.match(over, /Max-Age=0;/)
})

test('finishing a sign-in sets the session and removes the attempt in one answer', async () => {
  const cookies = await cookiesOf((reply) =>
    tradeAttemptForSession(reply, http, { token: Secret.of('dws_abc'), browser: null }),
  )
  assert.equal(cookies.length, 2)
  assert.match(cookies[0] ?? '', /^attempt=; Max-Age=0; Path=\/; /)
  assert.match(cookies[1] ?? '', /^session=dws_abc; /)
})

test('the device cookie is set by a finished sign-in and lasts for 400 days', async () => {
  const cookies = await cookiesOf((reply) =>
    tradeAttemptForSession(reply, https, { token: Secret.of('dws_abc'), browser: Secret.of('id.1.mac') }),
  )
  assert.equal(cookies[2], '__Host-device=id.1.mac; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax; Secure')
  const [plain] = await cookiesOf((reply) => setDeviceCookie(reply, http, Secret.of('id.1.mac')))
  assert.equal(plain, 'device=id.1.mac; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax')
})

test('the cookie of a remembered device is its own, lasts as long as the device, and is bound to this host', async () => {
  const remembered = { value: Secret.of('id.dwr_abc'), lifetime: days(30) }
  const cookies = await cookiesOf((reply) =>
    tradeAttemptForSession(reply, https, { token: Secret.of('dws_abc'), browser: Secret.of('id.1.mac'), remembered }),
  )
  assert.equal(cookies[3], '__Host-remembered=id.dwr_abc; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax; Secure')
})

test('the choices of a browser last for a year, are bound to this host on https, and are removed for the default', async () => {
  const set = (config: typeof https, value?: string) =>
    cookiesOf((reply) => setChoiceCookie(reply, config, 'theme', value))
  assert.deepEqual(await set(https, 'dark'), [
    '__Host-theme=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax; Secure',
  ])
  assert.deepEqual(await set(https), ['__Host-theme=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure'])
  assert.deepEqual(await set(http, 'dark'), ['theme=dark; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax'])
  // A host beside this one, or a page on http, can set a cookie without the prefix.
  const request = { headers: { cookie: 'theme=dark; single-keys=off' } }
  for (const name of ['theme', 'single-keys'] as const) assert.equal(readChoiceCookie(request, https, name), undefined)
  assert.equal(readChoiceCookie(request, http, 'theme'), 'dark')
})

test('a device cookie under its former name is removed when the current one is set', async () => {
  const sent = { cookie: '__Host-browser=id.1.mac; __Host-session=dws_abc' }
  const cookies = await cookiesOf((reply) => setDeviceCookie(reply, https, Secret.of('id.2.mac')), sent)
  assert.equal(cookies.length, 2)
  assert.match(cookies[0] ?? '', /^__Host-device=id\.2\.mac; /)
  assert.match(cookies[1] ?? '', /^__Host-browser=; Max-Age=0; /)
})

test('clearing names the same cookie with the same attributes, or the browser would keep it', async () => {
  const cookies = await cookiesOf((reply) => {
    clearSessionCookie(reply, https)
    clearAttemptCookie(reply, https)
  })
  assert.deepEqual(cookies, [
    '__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    '__Host-attempt=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
  ])
})

const headers: readonly [name: string, header: string | undefined, value: string | undefined][] = [
  ['no header', undefined, undefined],
  ['an empty header', '', undefined],
  ['the only cookie', 'session=abc', 'abc'],
  ['among others', 'a=1; session=abc;b=2', 'abc'],
  ['a longer name that ends alike', '__Host-session=abc', undefined],
  ['a longer name that begins alike', 'sessions=abc', undefined],
  ['an empty value', 'session=', undefined],
  ['a value with an equals sign', 'session=a=b', 'a=b'],
  ['the same name twice', 'session=first; session=second', 'first'],
]
for (const [name, header, value] of headers) {
  test(`a cookie is read from its header: ${name}`, () => assert.equal(readCookie(header, 'session'), value))
}

async function cookiesOf(set: (reply: FastifyReply) => void, sent: { cookie?: string } = {}): Promise<string[]> {
  const app = Fastify()
  app.get('/', async (_request, reply) => {
    set(reply)
    return ''
  })
  const { headers: answered } = await app.inject({ url: '/', headers: sent })
  return [answered['set-cookie'] ?? []].flat()
}
