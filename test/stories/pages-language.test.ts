// The language of a page: the one the user chose, else the one the browser asks for, else English.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { signedInBrowser } from '../support/pages/page-answers.ts'
import { firstAdmin } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'

const ASKED: readonly [accepted: string | undefined, language: string][] = [
  [undefined, 'en'],
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['fr-FR,fr;q=0.9', 'en'],
  ['fr, de;q=0.4, en;q=0.3', 'de'],
  ['de;q=nonsense', 'en'],
  ['*', 'en'],
]

test('a page is in the language that the browser asks for, names it in `lang`, and varies by Accept-Language', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  for (const [accepted, language] of ASKED) {
    const headers = accepted === undefined ? {} : { 'accept-language': accepted }
    for (const url of ['/sign-in', '/no-such-page', '/problems/throttle.blocked']) {
      const page = await new Visitor(server).open(url, 'GET', { accept: 'text/html', ...headers })
      assert.match(page.body, new RegExp(`<html\\s+lang="${language}"`), `${url} for ${accepted}`)
      assert.equal(page.headers.vary, 'accept-language', url)
    }
  }
})

test('where programs of other origins may read answers, both reasons to differ are named', async (t) => {
  const server = await start(t, { settings: { cors_origins: 'https://app.example.org' } })
  assert.equal((await new Visitor(server).open('/sign-in')).headers.vary, 'accept-language, origin')
})

const CHOSEN: readonly [locale: string | null, accepted: string, language: string][] = [
  ['de-CH', 'en', 'de'],
  ['en-GB', 'de', 'en'],
  [null, 'de', 'de'],
  ['fr', 'de', 'de'],
  ['no such \u0007 language', 'de', 'de'],
]

test('the language that a user chose wins over the browser’s; an unsupported one is ignored', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const { db } = server.doorward
  for (const [locale, accepted, language] of CHOSEN) {
    await db.updateTable('users').set({ locale }).execute()
    const browser = await signedInBrowser(admin)
    const page = await browser.open('/account', 'GET', { 'accept-language': accepted })
    assert.match(page.body, new RegExp(`<html\\s+lang="${language}"`), `${locale} with ${accepted}`)
  }
})

test('an externally inserted unknown time zone breaks no page', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  await server.doorward.db.updateTable('users').set({ time_zone: 'Mars/Olympus_Mons' }).execute()
  const browser = await signedInBrowser(admin)
  for (const url of ['/account', '/account/security', '/account/activity', '/admin/users', '/admin/activity'])
    assert.equal((await browser.open(url)).statusCode, 200, url)
  assert.match((await browser.open('/account/security')).body, /<time datetime="[^"]+" title="[^"]+ UTC"/)
})

test('programs get English, whatever language they ask for', async (t) => {
  const server = await start(t)
  const { body, headers } = await server.app.inject({
    method: 'POST',
    url: '/attempts',
    headers: { 'accept-language': 'de' },
    payload: { username: 1 },
  })
  assert.match(body, /"detail":"This must be a string\."/)
  assert.equal(headers.vary, undefined)
})
