// Threat: an answer contains a secret beside text that the attacker chooses, and its compressed length reveals how alike the two are
// (BREACH). So only pages that declare it are compressed, without anything of the request in them, and not at the wish of another site.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'

import { minutes } from '#foundation/kernel/time.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** Pages that show no code, key, token or link, and no text of people who are not signed in. A new one is considered by these words. */
const COMPRESSIBLE = [
  '/admin',
  '/admin/activity',
  '/admin/groups',
  '/admin/groups/:id',
  '/admin/policies',
  '/admin/policies/:id',
  '/admin/roles',
  '/admin/users',
  '/admin/users/:id',
  '/docs',
]
const OWN_PAGE = { 'accept-encoding': 'br, gzip', 'sec-fetch-site': 'same-origin' }

interface Scene {
  readonly server: Server
  readonly browser: Visitor
  /** The path of a page for each of `COMPRESSIBLE`. */
  readonly paths: readonly string[]
}

async function scene(t: TestContext): Promise<Scene> {
  const { server, root } = await startWithAdmin(t)
  const user = await root.asks('POST', '/users', { username: 'grace', email: 'grace@example.org' })
  const group = await root.asks('POST', '/groups', { name: 'Engineering' })
  await storePolicyVersion(server.doorward.db, { id: 'Office', sessionIdle: minutes(30) })
  const ids = { users: user.body['id'], groups: group.body['id'], policies: 'Office' }
  const browser = await signedInBrowser(root)
  const paths = COMPRESSIBLE.map((url) =>
    url.replace(/(\w+)\/:id$/, (_, kind: keyof typeof ids) => `${kind}/${String(ids[kind])}`),
  )
  return { server, browser, paths }
}

function textOf({ rawPayload, headers }: LightMyRequestResponse): string {
  const decode = { br: brotliDecompressSync, gzip: gunzipSync }[String(headers['content-encoding'])]
  return (decode?.(rawPayload) ?? rawPayload).toString()
}

test('only the pages of the list are compressed, and neither data of a user nor any other page', async (t) => {
  const { server, browser, paths } = await scene(t)
  const routes = (await liveRoutes(server)).filter(({ method, url }) => method === 'GET' && url !== '/sign-out')
  const declared = routes.filter(({ config }) => config.compressible === true)
  assert.deepEqual(declared.map(({ url }) => url).toSorted(), COMPRESSIBLE)
  const compressed: string[] = []
  let pages = 0
  for (const { url } of routes) {
    const { headers } = await browser.open(url.replaceAll(/:\w+/g, '1'), 'GET', OWN_PAGE)
    if (String(headers['content-type']).startsWith('text/html')) pages += 1
    if (headers['content-encoding'] !== undefined) compressed.push(url)
  }
  assert.ok(pages > 20, `${pages}`)
  const further = compressed.filter((url) => !url.startsWith('/assets/') && !COMPRESSIBLE.includes(url))
  assert.deepEqual(further, ['/openapi.json'])
  for (const path of paths) {
    const { statusCode, headers } = await browser.open(path, 'GET', OWN_PAGE)
    assert.deepEqual([statusCode, headers['content-encoding']], [200, 'br'], path)
  }
})

leaveToTestAll()

test('a page is compressed only for a request that this server’s pages or the user made, without a query', async (t) => {
  const { browser, paths } = await scene(t)
  const cases: readonly (readonly [headers: Record<string, string>, query: string, encoding: string | undefined])[] = [
    [OWN_PAGE, '', 'br'],
    [{ ...OWN_PAGE, 'sec-fetch-site': 'none' }, '', 'br'],
    [{ ...OWN_PAGE, 'accept-encoding': 'gzip' }, '', 'gzip'],
    [{ ...OWN_PAGE, 'accept-encoding': 'identity' }, '', undefined],
    [{ ...OWN_PAGE, 'sec-fetch-site': 'cross-site' }, '', undefined],
    [{ ...OWN_PAGE, 'sec-fetch-site': 'same-site' }, '', undefined],
    [{ ...OWN_PAGE, 'sec-fetch-site': '' }, '', undefined],
    [{ 'accept-encoding': 'br' }, '', undefined],
    [OWN_PAGE, '?q=a', undefined],
    [OWN_PAGE, '?done=saved', undefined],
  ]
  for (const path of paths)
    for (const [sent, query, encoding] of cases) {
      const { headers } = await browser.open(path + query, 'GET', sent)
      const said = `${path}${query} ${JSON.stringify(sent)}`
      assert.equal(headers['content-encoding'], encoding, said)
      assert.match(String(headers.vary), /accept-language.*accept-encoding.*sec-fetch-site/, said)
    }
  for (const path of ['/admin/users/4711', '/admin/groups/none'])
    assert.equal((await browser.open(path, 'GET', OWN_PAGE)).headers['content-encoding'], undefined, 'an error')
})

test('two guesses in a value that a page repeats have one length, which they would not have compressed', async (t) => {
  const { browser } = await scene(t)
  const [otherGuess = ''] = OTHER_GUESSES
  const answers = await Promise.all(
    [RIGHT_GUESS, otherGuess].map((guess) =>
      browser.open(`/admin/activity?about=${encodeURIComponent(guess)}`, 'GET', OWN_PAGE),
    ),
  )
  const [text = '', otherText = ''] = answers.map(textOf)
  assert.ok(text.includes(`value="${RIGHT_GUESS}"`) && otherText.includes(`value="${otherGuess}"`))
  const [right, other] = answers.map(({ rawPayload }) => rawPayload.length)
  assert.equal(right, other)
  const compressedWith = (guess: string) => gzipSync(withGuess(text, guess)).length
  const shorter = compressedWith(RIGHT_GUESS)
  const longer = Math.min(...OTHER_GUESSES.map(compressedWith))
  assert.ok(shorter < longer, `${shorter} and ${longer} bytes would show nothing`)
})

/** Stands on the page of the activity. */
const RIGHT_GUESS = 'Everything that happened on thi'

/** Of the same length. Compared by gzip: what a guess adds varies by 5 bytes with it, and by 50 with brotli, as the ids on the page do. */
const OTHER_GUESSES = [
  'Zqxwvutsrk jyhg fdplmnbq zx vkr',
  'Yvkqj wzxp gthbn mrfds lqxz jwp',
  'Qpwx zkjv ybnh tgmr xqfz vkdj l',
]

/** The page of the right guess with another one: two answers differ by their form tokens too, whose compressed lengths vary by some bytes. */
function withGuess(text: string, guess: string): string {
  return text.replaceAll(`value="${RIGHT_GUESS}"`, `value="${guess}"`)
}

test('a compressed page holds no secret but its form tokens, which no two answers share, and has padding of random length', async (t) => {
  const { browser, paths } = await scene(t)
  for (const path of paths) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => browser.open(path, 'GET', OWN_PAGE)))
    const texts = answers.map(textOf)
    for (const text of texts) {
      assert.match(text, /<\/html>\s*<!--[\w+/=]+-->$/)
      assert.doesNotMatch(text, /\bdw[a-z]_[\w-]{20,}|otpauth:|BEGIN [A-Z ]*KEY/, path)
      assert.deepEqual(
        [...browser.cookies.values()].filter((value) => value.length > 8 && text.includes(value)),
        [],
        path,
      )
    }
    const tokens = texts.flatMap((text) =>
      [...text.matchAll(/name="form_token" value="([^"]+)"/g)].map(([, token]) => token),
    )
    assert.ok(tokens.length >= 6, path)
    assert.equal(new Set(tokens.map((token) => token?.slice(43))).size >= 6, true, `${path} repeats a token`)
    const paddings = texts.map((text) => text.slice(text.lastIndexOf('<!--')))
    assert.equal(new Set(paddings).size, paddings.length, path)
    assert.ok(new Set(paddings.map(({ length }) => length)).size > 1, `${path} has padding of one length`)
  }
})
