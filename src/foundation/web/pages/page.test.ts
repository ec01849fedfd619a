import Fastify, { type LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { english } from '#foundation/texts/english.ts'
import { apiEquivalent } from '../components/api-equivalent.ts'
import { section } from '../components/section.ts'
import { html } from '../html.ts'
import type { App } from '../http/app.ts'
import { OWN_BRAND } from '../http/brand.ts'
import { errorPage } from './error-page.ts'
import { type Page, renderPage, sendPage } from './page.ts'

const body = html`<p>Hello</p>`
const shown = (page: Partial<Parameters<typeof renderPage>[0]>): string =>
  renderPage({ instanceName: 'Acme', title: 'Sign in', body, ...page })

test('a page has one main, one heading, a language and a title from narrow to wide', () => {
  const page = shown({ title: ['Second step', 'Sign in'] })
  assert.match(page, /^<!doctype html>\s*<html\s+lang="en"/)
  assert.equal(page.match(/<main\b/g)?.length, 1)
  assert.equal(page.match(/<h1\b/g)?.length, 1)
  assert.match(page, /<title>Second step – Sign in – Acme<\/title>/)
  assert.match(page, /<h1>Second step<\/h1>/)
})

test('a page that is shown again because of an error says so first in its title', () => {
  const page = shown({ failed: true })
  assert.match(page, /<title>Error: Sign in – Acme<\/title>/)
  assert.match(page, /<h1>Sign in<\/h1>/)
})

test('the step indicator stands above the heading, and a notice before both', () => {
  const page = shown({ stepIndicator: { done: 0, of: 2 }, notice: html`<p>Wait</p>` })
  assert.match(page, /<p>Wait<\/p>\s*<p class="progress">.*?Step 1 of 2<\/p>\s*<h1>/s)
})

test('the action that adds to a list stands beside the heading', () => {
  const page = shown({ title: 'Users', beside: html`<a href="/new">New</a>` })
  assert.match(page, /<div class="lead-in"><h1>Users<\/h1> <a href="\/new">New<\/a>\s*<\/div>/)
})

test('requests of the API stand behind one button at the end of the page, under the titles of their parts', () => {
  const call = (path: string, needsSession = false) =>
    apiEquivalent(english, { publicUrl: 'https://a.test' }, { method: 'GET', path, needsSession })
  const alone = shown({ title: 'Users', api: call('/users') })
  assert.match(alone, /<p>Hello<\/p>\s*<details class="api">\s*<summary>.*Show as API call<.*<pre>.*\/users/s)
  assert.doesNotMatch(alone, /<h2>/)
  const members = section({ id: 'members', title: 'Members', api: call('/members', true) })
  const several = shown({
    title: 'Users',
    api: call('/users'),
    body: html`<p>Body</p>
      ${members}`,
  })
  assert.match(
    several,
    /<\/section>\s*<details class="api">.*Show as API calls<.*<h2>Users<.*\/users.*SESSION.*<h2>Members<.*\/members/s,
  )
  assert.equal(several.match(/<details class="api">/g)?.length, 1)
  assert.doesNotMatch(shown({ body: section({ id: 'a', title: 'A' }) }), /class="api"/)
})

test('a page contains no inline script or style, and nothing from another site', () => {
  const page = shown({ stepIndicator: { done: 1, of: 3 } })
  assert.doesNotMatch(page, /<script|<style|style=| on[a-z]+=|https?:/)
  assert.ok(page.includes(`<link rel="stylesheet" href="${OWN_BRAND.stylesheet.url}"`))
})

test('an instance may be called anything', () => {
  const page = shown({ instanceName: '</title><script>"&' })
  assert.ok(!page.includes('<script'))
  assert.equal(page.match(/<\/title>/g)?.length, 1)
})

test('an error page shows the id of the request in the log and a link to the start page', () => {
  const page = errorPage({ title: 'Not found', detail: 'No <page>.', requestId: 'r-"1', instanceName: 'Acme' })
  assert.match(page, /<h1>Not found<\/h1>/)
  assert.ok(page.includes('No &lt;page&gt;.') && page.includes('r-&quot;1'))
  assert.match(page, /<a class="button primary" href="\/">/)
  assert.match(page, /<svg class="door"/)
})

test('a page that reports a refusal has its status and headers', async () => {
  const blocked = new Refusal('throttle.blocked', { retryAfter: 31 })
  const waiting = await answerTo({ title: 'Sign in', body, refusal: blocked })
  assert.equal(waiting.statusCode, 429)
  assert.equal(waiting.headers['retry-after'], '31')
  const refused = await answerTo({ title: 'Sign in', body, refusal: new Refusal('sign_in.incorrect') })
  assert.equal(refused.statusCode, 401)
  assert.equal((await answerTo({ title: 'Sign in', body, status: 404 })).statusCode, 404)
})

test('the theme switch needs scripts where the URL does not lead to the same page again or contains a secret', async () => {
  const app = pagesApp()
  const page = { title: 'Codes', body }
  app.get('/codes', async (_request, reply) => sendPage(reply, page))
  app.post('/codes', async (_request, reply) => sendPage(reply, page))
  app.get('/invitation/:token', async (_request, reply) => sendPage(reply, page))
  const again = (await app.inject('/codes?a=1')).body
  assert.match(again, /name="next" value="\/codes\?a=1"/)
  assert.doesNotMatch(again, /class="themes" hidden|modules\/theme/)
  for (const lost of [await app.inject({ method: 'POST', url: '/codes' }), await app.inject('/invitation/secret')]) {
    assert.equal(lost.statusCode, 200)
    assert.match(lost.body, /<details class="themes" hidden>/)
    assert.match(lost.body, /src="\/assets\/modules\/theme\./)
    assert.doesNotMatch(lost.body, /secret/)
  }
})

function answerTo(page: Page): Promise<LightMyRequestResponse> {
  const app = pagesApp()
  app.get('/', async (_request, reply) => sendPage(reply, page))
  return app.inject('/')
}

function pagesApp(): App {
  const app: App = Fastify()
  const source = { ipAddress: '127.0.0.1', network: '127.0.0.1', userAgent: null, deviceCookie: null }
  const config = { instanceName: 'Acme', publicUrl: 'http://localhost:8000', secureCookies: false }
  const ctx = { config, db: { seen: { apps: false } }, principal: { kind: 'anonymous', source } } as unknown as Context
  app.addHook('onRequest', async (request) => {
    request.ctx = ctx
  })
  return app
}
