// Enumeration, disclosure and open redirects: vulnerabilities of similar products, each row of the attack book tested here.
//
// Rows that other files test:
//   G4          test/attacks/enumeration.test.ts and enumeration-routes.test.ts count the work; the bench shows the times.
//   G9          test/attacks/malformed-parameters.test.ts: a query that is not as documented is refused by name.
//   G18         test/attacks/malformed-credentials.test.ts: malformed credentials grant no access and cause no internal error.
// Rows that do not apply yet:
//   G1, G2, G3  No recovery by mail: an admin resets a lost factor. Invitations: enumeration-routes.test.ts.
//   G13         There is no end-session endpoint and no redirect after signing out.
//   G14, G15    No request makes the server fetch a URL: there are no providers and no webhooks. The URL of the service for
//               breached passwords is the operator's setting.
//   G19         There are no external identities.
import assert from 'node:assert/strict'

import { dumpOf } from '../support/databases/database-dump.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { peopled, WRONG } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { givePasskey, giveRecoveryCodes, rowOf } from '../support/people/second-factors.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Columns that no answer may contain. */
const SECRET = 'hashed_password otp_secret sealed_secret code_hash token_hash public_key mac seal'.split(' ')

onEitherDatabase(
  'G5 CVE-2026-53725, G6 GHSA-37mj-c2wf-cx96, G7 CVE-2026-39943: no answer shows a row as it is stored',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const ada = await newcomer(root, 'ada')
    await givePasskey(ada)
    await giveRecoveryCodes(ada)
    await root.asks('POST', '/users', { username: 'eve', password: PASSWORD })
    await root.signsIn()
    const { id } = await rowOf(ada)
    await root.asks('PATCH', `/users/${id}`, { full_name: 'Ada' })
    const { audit_event: _, ...tables } = await dumpOf(server.doorward.db)
    const rows = Object.values(tables).flat()
    const values = rows.flatMap((row) => SECRET.flatMap((column) => row[column] ?? [])).map(String)
    assert.ok(values.length > 10)
    const routes = (await liveRoutes(server)).filter(({ method, config }) => method === 'GET' && config.page !== true)
    for (const { url } of routes) {
      const path = url.replaceAll(/:\w+/g, String(id)).replace('*', 'x')
      if (path.startsWith('/assets') || path.startsWith('/docs')) continue
      const { raw } = await root.asks('GET', path)
      for (const value of values) assert.ok(!raw.body.includes(value), `${path} shows what is stored`)
      if (path === '/openapi.json') continue
      for (const column of SECRET) assert.ok(!raw.body.includes(`"${column}"`), `${path} has a field ${column}`)
    }
  },
)

leaveToTestAll()

onEitherDatabase(
  'G8 CVE-2026-35442: no list sorts, filters or searches by a column that its reader may not see',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    for (const column of [...SECRET, 'credential_epoch', 'subject', 'password']) {
      for (const query of ['sort=COLUMN', 'sort=-COLUMN', 'COLUMN=a', 'fields=COLUMN', 'filter[COLUMN]=a']) {
        const { status, raw } = await root.asks('GET', `/users?${query.replace('COLUMN', column)}`)
        assert.equal(status, 422, `${query}, ${column}: ${raw.body}`)
      }
    }
    const { hashedPassword, subject } = await rowOf(root)
    for (const text of [hashedPassword?.reveal() ?? '', '$argon2id', subject]) {
      const { body, raw } = await root.asks('GET', `/users?q=${encodeURIComponent(text.slice(0, 60))}`)
      assert.deepEqual(body['items'], [], raw.body)
    }
  },
)

test('G10 CVE-2026-55106: routes for machines disclose nothing, and there is no debugging route', async (t) => {
  const { server } = await peopled(t)
  for (const url of ['/healthz', '/readyz']) {
    const { raw } = await ask(server, 'GET', url)
    assert.ok(raw.body.length < 60, raw.body)
  }
  for (const name of ['metrics', 'debug', 'debug/vars', 'status', 'info', 'env', '.env', 'actuator', 'server-status'])
    assert.equal((await ask(server, 'GET', `/${name}`)).status, 404, name)
})

const ELSEWHERE = [
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/%2f%2fevil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  '/.//evil.example',
  'http:/evil.example',
]

/** Asserts that no link and no form of the page leads there. The form for the theme contains the page's own URL. */
function leadsNowhereElse({ body }: { readonly body: string }, about: string): void {
  assert.doesNotMatch(body, /(?:href|action|src|content)="[^"]*evil\.example/, about)
}

/** Asserts that a URL is of this site, or missing. */
function staysHere(location: unknown, about: string): void {
  const to = new URL(String(location), 'http://localhost:8000')
  assert.equal(to.origin, 'http://localhost:8000', about)
  assert.ok(!decodeURIComponent(to.href).includes('evil.example'), `${about}: it goes on to ${to.href}`)
}

test('G11 CVE-2021-45328, G12 CVE-2024-28239: no step of a sign-in leads to another site', async (t) => {
  const { server, ada } = await peopled(t)
  for (const next of ELSEWHERE) {
    const query = `?next=${encodeURIComponent(next)}`
    const browser = new Visitor(server)
    for (const page of ['/sign-in', '/sign-in/help']) {
      leadsNowhereElse(await browser.open(page + query), `${page}, ${next}`)
    }
    const refused = await browser.submit(`/sign-in${query}`, { username: 'ada', password: WRONG })
    leadsNowhereElse(refused, `a refusal, ${next}`)
    const first = await browser.submit(`/sign-in${query}`, { username: 'ada', password: PASSWORD })
    staysHere(first.headers.location, `first step, ${next}`)
    const second = await browser.submit(`/sign-in/second-step${query}`, { code: ada.code() })
    assert.equal(second.statusCode, 303, second.body)
    staysHere(second.headers.location, `second step, ${next}`)
    const again = await browser.open(`/sign-in${query}`)
    staysHere(again.headers.location, `signed in already, ${next}`)
    leadsNowhereElse(await browser.open(`/confirm${query}`), `/confirm, ${next}`)
    staysHere((await browser.submit('/theme', { theme: 'dark', next })).headers.location, `/theme, ${next}`)
    staysHere((await browser.open(`/sign-out${query}`)).headers.location ?? '/', `sign-out, ${next}`)
  }
})

onEitherDatabase(
  'G16 CVE-2023-36456: the log holds the IP address of the connection, not the one that a header claims',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const headers = { 'x-forwarded-for': '198.51.100.7', 'x-real-ip': '198.51.100.7', forwarded: 'for=198.51.100.7' }
    const payload = { username: 'ada', password: WRONG }
    await ask(server, 'POST', '/attempts', { payload, headers, remoteAddress: '203.0.113.9' })
    await ada.asks('GET', '/audit-events', undefined, headers)
    const events = await server.doorward.db.selectFrom('audit_event').select(['details', 'action']).execute()
    const refused = events.filter(({ action }) => action === 'sign_in.refused').map(({ details }) => details ?? '')
    assert.ok(refused.length > 0 && refused.every((details) => details.includes('203.0.113.9')), refused.join())
    assert.ok(!JSON.stringify(events).includes('198.51.100.7'))
  },
)

test('G17 CVE-2024-49757: no URL lets an anonymous client register an account', async (t) => {
  const { server } = await peopled(t)
  const payload = { username: 'eve', password: PASSWORD, email: 'eve@example.org' }
  const before = await server.doorward.db.selectFrom('users').select('id').execute()
  for (const path of [
    'register',
    'signup',
    'sign-up',
    'users/register',
    'registration',
    'registrations',
    'registrations/submit',
    'users',
    'users/me',
    'setup',
  ]) {
    for (const method of ['POST', 'PUT'] as const) {
      const { status, raw } = await ask(server, method, `/${path}`, { payload })
      assert.ok(status >= 300 && status < 500, `${method} /${path}: ${status} ${raw.body}`)
    }
  }
  assert.deepEqual(await server.doorward.db.selectFrom('users').select('id').execute(), before)
})
