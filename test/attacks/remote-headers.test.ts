// An app behind a reverse proxy reads who sends a request from headers that anybody can send: by the client of clients/node it believes
// them only as Doorward answered them, and only from a listed proxy.
import fc from 'fast-check'
import fastify from 'fastify'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { IDENTITY_HEADERS, identityHeaders } from '#domain/hosts/identity-headers.ts'
import {
  AccessError,
  expressCaller,
  fastifyCaller,
  type RemoteUser,
  remoteUsers,
  withCaller,
} from '../../clients/node/src/index.ts'
import { HostBrowser, protect, TRUSTING, verify, WIKI } from '../support/hosts/protected-site.ts'
import { signsInForHost } from '../support/hosts/signs-in.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import { newGroup } from '../support/people/groups.ts'
import { hostRule } from '../support/people/hosts.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const PROXY = '10.1.2.3'
const users = remoteUsers({ proxies: ['192.0.2.7', '10.1.0.0/16', '2001:db8::/32'] })
type Sent = Readonly<Record<string, string>>

const ADA = { username: 'ada', subject: '0f', fullName: 'Ada Lovelace', email: 'ada@example.org', emailVerifiedAt: 1 }
const lowerCase = (headers: Sent): Sent =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
const OF_ADA = lowerCase(identityHeaders(ADA, ['staff']))
const from = (remoteAddress: string | undefined, headers: Sent = OF_ADA) => ({ headers, socket: { remoteAddress } })
const refusedWith = (status: number) => (error: unknown) => error instanceof AccessError && error.status === status

/** An app with a route for all users, an open one and one for a group, which answers who it thinks sends a request. */
function wiki(t: TestContext) {
  const app = fastify()
  t.after(() => app.close())
  const whoAsks = (request: object) => (request as { caller?: RemoteUser }).caller ?? {}
  app.get('/', { preHandler: fastifyCaller(users) }, whoAsks)
  app.get('/public', { preHandler: fastifyCaller(users, { optional: true }) }, whoAsks)
  app.get('/staff', { preHandler: fastifyCaller(users, { groups: ['x,admins'] }) }, whoAsks)
  return async (url: string, headers: Sent, remoteAddress = PROXY) => {
    const answer = await app.inject({ url, headers, remoteAddress })
    return { status: answer.statusCode, user: answer.json<RemoteUser>() }
  }
}

test('an app knows the user whom Doorward named to its proxy, and refuses the same headers from elsewhere', async (t) => {
  const { server, admin, ada } = await ownPageScene(t, { settings: TRUSTING })
  const group = await newGroup(admin, 'x,admins')
  const { id, subject } = await rowOf(ada)
  await admin.asks('PUT', `/groups/${group}/members/${id}`)
  await protect(server, { sharedGroups: [group], rules: [hostRule('/public', { who: 'everyone' })] })
  const browser = new HostBrowser(server)
  const { answer } = await signsInForHost(browser, await browser.open(`https://${WIKI}/`), ada)
  const named = ({ headers }: typeof answer): Sent =>
    Object.fromEntries(IDENTITY_HEADERS.map((name) => [name.toLowerCase(), String(headers[name.toLowerCase()])]))
  const asks = wiki(t)

  const { status, user } = await asks('/', named(answer))
  assert.equal(status, 200)
  assert.deepEqual(user, { subject, username: 'ada', fullName: 'Ada Lovelace', groups: ['x,admins'] })
  assert.equal((await asks('/staff', named(answer))).status, 200)
  for (const address of ['10.2.0.1', '127.0.0.1', '::1', ''])
    assert.equal((await asks('/', named(answer), address)).status, 403, address)

  const open = named(await verify(server, '/public/logo.svg'))
  assert.deepEqual(await asks('/public', open), { status: 200, user: {} })
  assert.equal((await asks('/', open)).status, 401)
  assert.equal((await asks('/public', open, '203.0.113.7')).status, 403)
})

leaveToTestAll()

test('the connection says where a request comes from, whatever its headers say', async () => {
  const forged = { ...OF_ADA, 'x-forwarded-for': PROXY, forwarded: `for=${PROXY}`, 'x-real-ip': PROXY }
  await assert.rejects(users.verify(from('203.0.113.7', forged)), refusedWith(403))
  // Node forgets the IP address of a connection that is closed.
  await assert.rejects(users.verify(from(undefined)), refusedWith(403))
  for (const address of [
    '192.0.2.7',
    '::ffff:192.0.2.7',
    '::FFFF:c000:207',
    '10.1.255.255',
    '2001:db8:1::1',
    '2001:db8::1%eth0',
  ])
    assert.equal((await users.verify(from(address))).username, 'ada', address)
  for (const address of [
    '192.0.2.8',
    '10.0.255.255',
    '10.2.0.0',
    '2001:db9::',
    '::192.0.2.7',
    '10.1',
    'unknown',
    '10.1.2.3:80',
  ])
    await assert.rejects(users.verify(from(address)), refusedWith(403), address)
})

test('a list of proxies that is empty or holds anything else is refused at the start', () => {
  assert.throws(() => remoteUsers({ proxies: [] }), /No proxy is listed/)
  for (const text of [
    '',
    'localhost',
    '10.1',
    '10.1.0.0/33',
    '10.1.0.0/',
    '::1/129',
    '010.1.2.3',
    '256.1.1.1',
    '1.2.3.4 ',
    '::1%lo',
    'unix',
  ])
    assert.throws(() => remoteUsers({ proxies: [text] }), /is no IP address/, text)
})

test('a network holds the addresses that differ from it behind its prefix only', async () => {
  const isBelieved = (network: string, ipAddress: string): Promise<boolean> =>
    remoteUsers({ proxies: [network] })
      .verify(from(ipAddress))
      .then(Boolean, () => false)
  for (const { width, size, base, between } of [
    { width: 32, size: 8, base: 10, between: '.' },
    { width: 128, size: 16, base: 16, between: ':' },
  ]) {
    const written = (bits: bigint): string =>
      Array.from({ length: width / size }, (_, index) =>
        BigInt.asUintN(size, bits >> BigInt(width - size * (index + 1))).toString(base),
      ).join(between)
    const drawn = [fc.bigInt(0n, 2n ** BigInt(width) - 1n), fc.nat(width), fc.nat(width - 1)] as const
    await fc.assert(
      fc.asyncProperty(...drawn, async (bits, length, flipped) => {
        const network = `${written(bits)}/${length}`
        assert.ok(await isBelieved(network, written(bits)), network)
        const near = written(bits ^ (1n << BigInt(flipped)))
        assert.equal(await isBelieved(network, near), flipped < width - length, `${near} in ${network}`)
      }),
    )
  }
})

test('headers that Doorward did not answer are refused: one that is missing, doubled, or not encoded', async () => {
  for (const name of Object.keys(OF_ADA)) {
    const { [name]: value = '', ...others } = OF_ADA
    await assert.rejects(users.verify(from(PROXY, others)), refusedWith(403), name)
    await assert.rejects(users.verifyIfSent(from(PROXY, others)), refusedWith(403), name)
    // What a client sent stands before or after what the proxy added: Node joins both by a comma and a space.
    for (const doubled of [`root, ${value}`, `${value}, root`, `, ${value}`, `${value}, `])
      await assert.rejects(
        users.verify(from(PROXY, { ...OF_ADA, [name]: doubled })),
        refusedWith(403),
        `${name}: ${doubled}`,
      )
    for (const strange of ['Zürich', '%', '%FF', 'a\u0000', ','])
      await assert.rejects(
        users.verify(from(PROXY, { ...OF_ADA, [name]: strange })),
        refusedWith(403),
        `${name}: ${strange}`,
      )
  }
  // Caddy 2.6 writes the name of a header that was not answered.
  const placeholder = Object.fromEntries(
    Object.keys(OF_ADA).map((name) => [name, `{http.reverse_proxy.header.${name}}`]),
  )
  await assert.rejects(users.verify(from(PROXY, placeholder)), refusedWith(403))
  const nameless = { ...OF_ADA, 'remote-user': '' }
  const subjectless = { ...OF_ADA, 'remote-subject': '' }
  for (const half of [nameless, subjectless])
    await assert.rejects(users.verifyIfSent(from(PROXY, half)), refusedWith(403))
  // WSGI, CGI and PHP read this name as the other; the client does not.
  await assert.rejects(
    users.verify(from(PROXY, { ...OF_ADA, remote_user: 'root', 'remote-user': '' })),
    refusedWith(403),
  )
})

test('behind a proxy that leaves out empty headers, user and subject are there together or not at all', async () => {
  const behindNginx = remoteUsers({ proxies: [PROXY], leavesOutEmpty: true })
  const { 'remote-user': username = '', 'remote-subject': subject = '' } = OF_ADA
  const both = { 'remote-user': username, 'remote-subject': subject }
  const bare = { subject, username, fullName: undefined, email: undefined, groups: [] }
  assert.deepEqual(await behindNginx.verify(from(PROXY, both)), bare)
  assert.equal(await behindNginx.verifyIfSent(from(PROXY, {})), undefined)
  await assert.rejects(behindNginx.verify(from(PROXY, {})), refusedWith(401))
  for (const name of Object.keys(OF_ADA)) {
    const { [name]: value = '', ...others } = OF_ADA
    await assert.rejects(behindNginx.verifyIfSent(from(PROXY, { [name]: value })), refusedWith(403), name)
    if (name in both) await assert.rejects(behindNginx.verifyIfSent(from(PROXY, others)), refusedWith(403), name)
  }
})

test('what Doorward answers is read as it was: names in all scripts, commas, no email, no groups', async () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((drawn) => `x${drawn.toWellFormed()}x`)
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.option(text),
      fc.option(text),
      fc.array(text),
      async (username, fullName, email, groups) => {
        const sent = lowerCase(identityHeaders({ ...ADA, username, fullName, email }, groups))
        assert.deepEqual(await users.verify(from(PROXY, sent)), {
          subject: '0f',
          username,
          fullName: fullName ?? undefined,
          email: email ?? undefined,
          groups,
        })
      },
    ),
  )
})

test('Express, and handlers of a standard request, know the user too', async () => {
  const answered: unknown[] = []
  const response = {
    status: (code: number) => (answered.push(code), response),
    set: () => response,
    json: () => undefined,
  }
  const request: ReturnType<typeof from> & { caller?: unknown } = from(PROXY)
  await new Promise<void>((resolve) => expressCaller(users)(request, response, () => resolve()))
  assert.equal((request.caller as RemoteUser).username, 'ada')
  expressCaller(users)(from('203.0.113.7'), response, () => assert.fail('it goes on'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(answered, [403])

  const standard = new Request('http://wiki.example/', { headers: OF_ADA })
  const show = withCaller(users, (_request, { username }, ip: string) => Response.json([username, ip]), {
    ipAddressOf: (_request, ip) => ip,
  })
  assert.deepEqual(await (await show(standard, PROXY)).json(), ['ada', PROXY])
  assert.equal((await show(standard, '203.0.113.7')).status, 403)
  await assert.rejects(withCaller(users, () => new Response())(standard), /say by `ipAddressOf`/)
})

test('what a host cannot demand is an error of the compiler, and of the program', async () => {
  // @ts-expect-error No header names the role.
  await assert.rejects(users.verify(from(PROXY), { roles: ['admin'] }), TypeError)
  await assert.rejects(users.verify(from(PROXY), { groups: ['other'] }), refusedWith(403))
  await assert.rejects(users.verify(from(PROXY), { groups: [] }), refusedWith(403))
})
