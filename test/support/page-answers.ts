// Reading what a page answered.
import assert from 'node:assert/strict'

import type { LightMyRequestResponse } from 'fastify'

import { seconds } from '../../src/kernel/time.ts'
import { Authenticator } from './authenticator.ts'
import type { Person } from './people.ts'
import type { Visitor } from './visitor.ts'

/** The answer sends the browser there with GET. */
export function assertLeadsTo(answer: LightMyRequestResponse, place: string): void {
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, place], answer.body.slice(0, 2000))
}

/** The page as it is read: without tags, its spaces single. */
export function wordsOn({ body }: LightMyRequestResponse): string {
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

/** The app behind the setup key of an enrolment page. */
export function authenticatorOn({ body }: LightMyRequestResponse): Authenticator {
  const key = /<code id="setup-key">([\s\S]*?)<\/code>/.exec(body)?.[1]?.replaceAll(/<[^>]*>|\s/g, '') ?? ''
  assert.match(key, /^[A-Z2-7]{32}$/)
  return new Authenticator(key)
}

/** Both steps, and the page that follows, so that the browser holds the token of its forms. */
export async function signsIn(visitor: Visitor, person: Person): Promise<void> {
  person.server.clock.pass(seconds(30))
  const { username, password } = person
  assertLeadsTo(await visitor.submit('/sign-in', { username, password }), '/sign-in/second-step')
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: person.code() }), '/account')
  assert.equal((await visitor.open('/account')).statusCode, 200)
}
