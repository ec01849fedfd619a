// Threat: unexpected values in the forms and URLs of every page. The answer is a page or a redirect, never an internal error; the
// value of a secret field is never repeated; markup is shown as text.
import type { LightMyRequestResponse } from 'fastify'
import { parseHTML } from 'linkedom'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { isOpen } from '#entry/http/permission.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { type LiveRoute, liveRoutes } from '../support/requests/live-routes.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
const CANARY = 'canary-of-a-secret'
/** An empty value, markup, a control character, a long value, and a URL of another site. */
const FEW_VALUES = ['', MARKUP, '\u0000', 'x'.repeat(5000), '//evil.example/']
const VALUES = [
  ...FEW_VALUES,
  ...'99999999999999999999 -1 null __proto__ javascript:alert(1)'.split(' '),
  ' ',
  '\u202eright to left',
  "' or 1=1 --",
]
const FORM = 'application/x-www-form-urlencoded'
const BODIES: readonly (readonly [contentType: string, body: string])[] = [
  [FORM, '%'],
  [FORM, 'username=%E0%A4%A&password=%ff'],
  [FORM, '&&==&=a&__proto__=b&constructor=c'],
  [FORM, `username=a&username=b&password=${CANARY}&password=${CANARY}`],
  [FORM, `a=${'x'.repeat(2_000_000)}`],
  ['application/json', '{"username":{"a":1}}'],
  ['multipart/form-data; boundary=x', '--x\r\n'],
  ['text/plain', 'username=a'],
]
const QUERY = ['next', 'q', 'cursor', 'sort', 'status', 'role', 'done', 'because', 'since', 'until', 'action', 'result']
/** Fields that are sent to every form. */
const KNOWN = 'username email full_name password code current new role seen id reason user'.split(' ')
/** The longest parameter that a page's route accepts. */
const LONGEST_PARAMETER = 200
const SECRETS = /password|^code$|^current$|^new$|token/

type Role = 'anonymous' | 'user' | 'admin'
interface Sender {
  readonly cookie: string
  readonly formToken: string
  readonly id: number
}

async function senderFor(server: Server, role: Role): Promise<Sender> {
  if (role === 'anonymous') return { cookie: '', formToken: '', id: 1 }
  const { token, user } = await newSignedInUser(server, role, { transport: 'cookie' })
  const cookie = `session=${token}`
  const formToken = parsePage(await server.app.inject({ url: '/account', headers: { cookie } })).hidden('form_token')
  assert.ok(formToken, 'a page of a signed-in user has no form token')
  return { cookie, formToken, id: user.id }
}

function urlOf({ url }: LiveRoute, value: string): string {
  return url.replaceAll(/:\w+/g, encodeURIComponent(value))
}

function holds(reply: LightMyRequestResponse, what: string): void {
  const { statusCode, headers, body } = reply
  assert.ok(statusCode < 500, `${what}: ${statusCode}`)
  if (statusCode >= 300 && statusCode < 400) {
    assert.match(String(headers.location), /^(?:[?]|\/(?![/\\]))/, what)
    return
  }
  assert.match(String(headers['content-type']), /^text\/(html|plain|csv)|^application\/(x-ndjson|jsonl|json)/, what)
  if (String(headers['content-type']).startsWith('text/html')) assert.ok(!body.includes('<script>alert'), what)
  assert.ok(!body.includes(CANARY), `${what} shows a secret`)
}

leaveToTestAll()

for (const role of ['anonymous', 'user', 'admin'] as const) {
  const claim = `no address of a page and nothing in a form does harm, sent by a ${role}`
  test(claim, (t) => throwAt(t, role, FEW_VALUES))
  exhaustive(`${claim}, in every combination`, (t) => throwAt(t, role, VALUES))
}

async function throwAt(t: TestContext, role: Role, values: readonly string[]): Promise<void> {
  const server = await start(t, { settings: { body_limit: '100000' } })
  const pages = (await liveRoutes(server)).filter(({ config }) => config.page === true)
  assert.ok(pages.length > 10)
  for (const [index, page] of pages.entries()) {
    const sender = await senderFor(server, role)
    const tryAll = page.method === 'GET' ? openEverything : submitEverything
    const isWhole = values === VALUES || role === leastRoleFor(page)
    await tryAll(server, page, sender, isWhole ? values : values.slice(index % values.length).slice(0, 1))
  }
}

/** Others than that role get the same page, or none at all: for them one value is enough, in turn. */
function leastRoleFor({ config: { access } }: LiveRoute): Role {
  if (isOpen(access)) return 'anonymous'
  return access === 'signed-in' ? 'user' : 'admin'
}

async function openEverything(
  server: Server,
  page: LiveRoute,
  { cookie, id }: Sender,
  values: readonly string[],
): Promise<void> {
  for (const value of values) {
    // All pages read their parameters by the same validator: each value with each other one is for `npm run test:exhaustive`.
    for (const parameter of [...(values === VALUES ? values : [value]), String(id)]) {
      const url = urlOf(page, parameter.slice(0, LONGEST_PARAMETER) || 'x')
      const query = QUERY.map((name) => `${name}=${encodeURIComponent(value)}`).join('&')
      const reply = await server.app.inject({ url: `${url}?${query}`, headers: { cookie } })
      holds(reply, `GET ${page.url} with ${JSON.stringify(value.slice(0, 30))}`)
      if (!page.url.includes(':')) break
    }
  }
  const query = QUERY.map((name) => `${name}=a&${name}=b&${name}[c]=d`).join('&')
  const twice = await server.app.inject({ url: `${urlOf(page, String(id))}?${query}`, headers: { cookie } })
  holds(twice, `GET ${page.url} with everything twice`)
}

async function submitEverything(
  server: Server,
  page: LiveRoute,
  sender: Sender,
  values: readonly string[],
): Promise<void> {
  const url = urlOf(page, String(sender.id))
  const names = await fieldsOf(server, url, sender)
  const send = (payload: string, contentType = FORM) => {
    const headers = { cookie: sender.cookie, 'content-type': contentType, 'sec-fetch-site': 'same-origin' }
    return server.app.inject({ method: 'POST', url, payload, headers })
  }
  for (const value of values) {
    const typed = names.map((name) => [name, SECRETS.test(name) ? CANARY + value : value])
    const form = new URLSearchParams([...typed, ['form_token', sender.formToken]])
    holds(await send(form.toString()), `POST ${page.url} with ${JSON.stringify(value.slice(0, 30))}`)
  }
  for (const [contentType, body] of BODIES) {
    const form = contentType === FORM ? `${body}&form_token=${sender.formToken}` : body
    holds(await send(form, contentType), `POST ${page.url} with ${contentType} ${body.slice(0, 30)}`)
  }
}

/** The fields of the page's forms, the hidden ones too, and those of other forms. */
async function fieldsOf({ app }: Server, url: string, { cookie }: Sender): Promise<string[]> {
  const { document } = parseHTML((await app.inject({ url, headers: { cookie } })).body)
  const own = Array.from(document.querySelectorAll('[name]:is(input, select, textarea, button)'), (field) =>
    String(field.getAttribute('name')),
  )
  return [...new Set([...own, ...KNOWN])].filter((name) => name !== 'form_token')
}

test('what was typed stands in no address that follows, also where a re-authentication or a sign-in comes between', async (t) => {
  const server = await start(t)
  const posts = (await liveRoutes(server)).filter(({ method, config }) => method === 'POST' && config.page === true)
  const led = new Set<string>()
  const accepted: Readonly<Record<string, string>> = {
    role: 'admin',
    expires_in: '3600',
    email: `${CANARY}@example.org`,
    locale: '',
    time_zone: '',
  }
  for (const wait of [minutes(11), days(2)]) {
    for (const page of posts) {
      const sender = await senderFor(server, 'admin')
      const url = urlOf(page, String(sender.id))
      const typed = (await fieldsOf(server, url, sender)).map((name) => [name, accepted[name] ?? CANARY])
      server.clock.pass(wait)
      const { statusCode, headers } = await server.app.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams([...typed, ['form_token', sender.formToken]]).toString(),
        headers: { cookie: sender.cookie, 'content-type': FORM, 'sec-fetch-site': 'same-origin' },
      })
      if (statusCode === 303) led.add(String(headers.location).split('?', 1)[0] ?? '')
      assert.ok(!JSON.stringify(headers).includes(CANARY), `POST ${page.url}: ${JSON.stringify(headers)}`)
    }
  }
  assert.ok(led.has('/confirm') && led.has('/sign-in'))
})

/** Forms that are open to anyone, some with a link of their own. */
const PAGES_WITH_FORMS = [
  '/sign-in',
  '/sign-in/second-step',
  '/sign-out',
  '/enrolment/app',
  '/enrolment/passkey',
  '/setup',
  '/setup/dwl_canary',
  '/invitation/dwl_canary',
]

const STRANGE_FORM_BODIES: readonly (string | Buffer)[] = [
  '',
  'x',
  '&&&',
  'username=%00&password=%00&code=%00&setup_token=%00',
  'username=%ff',
  'password=1&password=2',
  `password=${'x'.repeat(40_000)}`,
  `code=${'x'.repeat(1024 * 1024)}`,
  'username=%E2%80%AE<script>alert(1)</script>&password=x',
  Buffer.from([0xff, 0xfe]),
]

test('malformed forms of the pages cause no internal error and repeat no secret', async (t) => {
  const server = await start(t)
  for (const url of PAGES_WITH_FORMS) {
    for (const payload of STRANGE_FORM_BODIES) {
      const headers = { 'content-type': FORM, 'sec-fetch-site': 'same-origin' }
      const reply = await server.app.inject({ method: 'POST', url, headers, payload })
      assert.ok(reply.statusCode < 500, `${url}: ${reply.statusCode} ${reply.body}`)
      assert.ok(!reply.body.includes('<script>alert'), `${url} repeats a script`)
      assert.ok(!reply.body.includes('canary'), `${url} repeats its link`)
    }
  }
  assert.ok(!server.logText().includes('canary'), 'a link of a page stands in the log')
})
