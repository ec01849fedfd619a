// What people do on the pages without scripts, and how an answer is read.
import assert from 'node:assert/strict'

import type { LightMyRequestResponse } from 'fastify'

import { Authenticator } from '../people/authenticator.ts'
import type { Person } from '../people/people.ts'
import { parsePage } from './parsed-page.ts'
import { Visitor } from './visitor.ts'

const RECOVERY_CODE = /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/

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
  const key = parsePage(page).part('setup-key').text.replaceAll(' ', '')
  assert.match(key, /^[A-Z2-7]{32}$/)
  assert.ok(page.includes(`secret=${key}`), 'the link to the app has another secret')
  return new Authenticator(key)
}

/** The answer sends the browser there with GET. */
export function assertLeadsTo(answer: LightMyRequestResponse, place: string): void {
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, place], answer.body.slice(0, 2000))
}

/** The answer shows recovery codes, this once, and leads on to that place; the codes. */
export function assertShowsCodes(answer: LightMyRequestResponse, next: string): string[] {
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.headers['cache-control'], 'no-store')
  const page = parsePage(answer)
  const codes = page.withRole('listitem').filter((item) => RECOVERY_CODE.test(item))
  assert.equal(codes.length, 10, page.text)
  const saved = `/account/security/recovery-codes/saved?next=${encodeURIComponent(next)}`
  assert.ok(page.actions().includes(saved), page.actions().join(' '))
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
export function wordsOn(answer: LightMyRequestResponse): string {
  return parsePage(answer).text
}

/** The text of the element with that id; nothing where it is not there. */
export function textIn(page: string, id: string): string {
  return parsePage(page).hasPart(id) ? parsePage(page).part(id).text : ''
}

/** The accessible names of the buttons in the element with that id. */
export function buttonsIn(page: string, id: string): string[] {
  return parsePage(page).part(id).buttons()
}

/** The value of the hidden field of that name. */
export function hiddenIn(page: string, name: string): string {
  return parsePage(page).hidden(name) ?? ''
}

/** What the field that is sent under that name holds. */
export function valueIn(page: string, name: string): string | undefined {
  return parsePage(page).sent(name)
}
