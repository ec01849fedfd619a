// What people do on the pages without scripts, and how an answer is read.
import assert from 'node:assert/strict'

import type { LightMyRequestResponse } from 'fastify'

import { Authenticator } from '../people/authenticator.ts'
import type { Person } from '../people/people.ts'
import { Visitor } from './visitor.ts'

/** A browser in which the person has just signed in. */
export async function signedInBrowser(
  person: Person,
  options: { readonly language?: string; readonly agent?: string } = {},
): Promise<Visitor> {
  const visitor = new Visitor(person.server, options)
  await signsIn(visitor, person)
  return visitor
}

/** Both steps, and the page that follows, so that the browser holds the token of its forms. */
export async function signsIn(visitor: Visitor, person: Person): Promise<void> {
  const { username, password } = person
  assertLeadsTo(await visitor.submit('/sign-in', { username, password }), '/sign-in/second-step')
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: person.code() }), '/account')
  assert.equal((await visitor.open('/account')).statusCode, 200)
}

/** The app that scanned what a page shows. */
export function authenticatorOn(page: string): Authenticator {
  const key = /<code id="setup-key">([\s\S]*?)<\/code>/.exec(page)?.[1]?.replaceAll(/<[^>]*>|\s/g, '') ?? ''
  assert.match(key, /^[A-Z2-7]{32}$/)
  assert.ok(page.includes(`secret=${key}`), 'the link to the app has another secret')
  return new Authenticator(key)
}

/** The answer sends the browser there with GET. */
export function assertLeadsTo(answer: LightMyRequestResponse, place: string): void {
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, place], answer.body.slice(0, 2000))
}

/** The answer shows recovery codes, this once, and leads on to that place; the codes. */
export function assertShowsCodes({ statusCode, body, headers }: LightMyRequestResponse, next: string): string[] {
  assert.equal(statusCode, 200, body)
  assert.equal(headers['cache-control'], 'no-store')
  const codes = Array.from(body.matchAll(/<li><code>([^<]+)<\/code><\/li>/g), ([, code = '']) => code)
  assert.equal(codes.length, 10)
  for (const code of codes) assert.match(code, /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  assert.ok(body.includes(`action="/account/security/recovery-codes/saved?next=${encodeURIComponent(next)}"`), body)
  return codes
}

/** The session is over: a page leads to the first step of a sign-in instead of being shown. */
export function assertSignedOut({ statusCode, headers }: LightMyRequestResponse): void {
  assert.equal(statusCode, 303)
  assert.match(String(headers.location), /^\/sign-in\?/)
}

/** The page without what stands around it on every page. */
export function mainOf({ body }: LightMyRequestResponse): string {
  const main = /<main[\s\S]*<\/main>/.exec(body)?.[0]
  assert.ok(main, body)
  return main
}

/** The page as it is read: without tags, its spaces single. */
export function wordsOn({ body }: LightMyRequestResponse): string {
  return withoutTags(body)
}

/** The text of the element with that id, without its tags. */
export function textIn(page: string, id: string): string {
  return withoutTags(markupIn(page, id))
}

/** What the buttons in the element with that id are called, by whoever hears them. */
export function buttonsIn(page: string, id: string): string[] {
  return [...markupIn(page, id).matchAll(/<button[^>]*>([\s\S]*?)<\/button>/g)].map(([, words = '']) =>
    withoutTags(words),
  )
}

function markupIn(page: string, id: string): string {
  return new RegExp(`<(\\w+)[^>]* id="${id}"[^>]*>([\\s\\S]*?)</\\1>`).exec(page)?.[2] ?? ''
}

function withoutTags(markup: string): string {
  return (
    markup
      // Stands around names within a sentence.
      .replaceAll(/<\/?bdi>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  )
}

/** The value of the hidden field of that name. */
export function hiddenIn(page: string, name: string): string {
  return new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
}

/** What the field of that name holds: an input's value, or the chosen option's. */
export function valueIn(page: string, name: string): string | undefined {
  const select = new RegExp(`<select[^>]* name="${name}"[\\s\\S]*?</select>`).exec(page)?.[0]
  if (select !== undefined) return /<option value="([^"]*)" selected>/.exec(select)?.[1]
  const input = new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(page)?.[0] ?? ''
  return /\bvalue="([^"]*)"/.exec(input)?.[1]
}
