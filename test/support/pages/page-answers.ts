// Actions on pages in a browser without scripts, and assertions about answers.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { Authenticator } from '../../../clients/test/src/codes.ts'
import type { Person } from '../people/people.ts'
import { type ParsedPage, parsePage } from './parsed-page.ts'
import { Visitor, type VisitorOptions } from './visitor.ts'

const RECOVERY_CODE = /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/

/** A browser in which the user has just signed in. */
export async function signedInBrowser(person: Person, options: VisitorOptions = {}): Promise<Visitor> {
  const visitor = new Visitor(person.server, options)
  await signsIn(visitor, person)
  return visitor
}

/** Password, code and the account page, so that the browser holds the token of its forms. */
export async function signsIn(visitor: Visitor, person: Person): Promise<void> {
  const { username, password } = person
  assertLeadsTo(await visitor.submit('/sign-in', { username, password }), '/sign-in/second-step')
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: person.code() }), '/account')
  assert.equal((await visitor.open('/account')).statusCode, 200)
}

/** The authenticator app of the setup key on the page. */
export function authenticatorOn(answer: string | ParsedPage): Authenticator {
  const page = parsePage(answer)
  const key = page.part('setup-key').text.replaceAll(' ', '')
  assert.match(key, /^[A-Z2-7]{32}$/)
  const [link = ''] = page.targets('otpauth:')
  assert.equal(new URL(link).searchParams.get('secret'), key, 'the link to the app has another secret')
  return new Authenticator(key)
}

/** Asserts that the answer redirects the browser there (303 See Other). */
export function assertLeadsTo(answer: LightMyRequestResponse, path: string): void {
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, path], answer.body.slice(0, 2000))
}

/** Asserts that the answer shows recovery codes, is not cached and leads on to `next`; returns the codes. */
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

/** Asserts that the session has ended: the page redirects to the sign-in. */
export function assertSignedOut({ statusCode, headers }: LightMyRequestResponse): void {
  assert.equal(statusCode, 303)
  assert.match(String(headers.location), /^\/sign-in\?/)
}

/** The text of the element with that id; empty where there is none. */
export function textIn(page: string | ParsedPage, id: string): string {
  return parsePage(page).hasPart(id) ? parsePage(page).part(id).text : ''
}

/** The value of the hidden field of that name; empty where there is none. */
export function hiddenIn(page: string | ParsedPage, name: string): string {
  return parsePage(page).hidden(name) ?? ''
}
