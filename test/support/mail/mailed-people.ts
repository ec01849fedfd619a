// Users of a server that sends mail, and the links that they get.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { days } from '#foundation/kernel/time.ts'
import { type AdminAndUser, startWithUser } from '../people/admin-and-user.ts'
import { ask, type Person, type Reply } from '../people/people.ts'
import { opensAttempt, provesSecondStep } from '../people/second-factors.ts'
import type { Server, StartOptions } from '../server/start.ts'
import { deliverQueuedMails, linksIn, type ReceivedMail, startSmtpServer, type TestSmtpServer } from './smtp-server.ts'

export const ADA_EMAIL = 'ada@example.org'

export interface MailedPeople extends AdminAndUser {
  readonly smtp: TestSmtpServer
}

/** Starts a server that sends its mails to a test server; its user `ada` has an email. What the start has sent is delivered. */
export async function startWithMail(t: TestContext, options: StartOptions = {}): Promise<MailedPeople> {
  const smtp = await startSmtpServer(t)
  const settings = { ...options.settings, ...smtp.settings }
  const people = await startWithUser(t, { ...options, settings }, { email: ADA_EMAIL })
  await deliverQueuedMails(people.server.doorward)
  return { ...people, smtp }
}

/** Delivers what is queued and returns the mails to an email that came since `before`, the number of those that it had. */
export async function newMails(
  { server, smtp }: Pick<MailedPeople, 'server' | 'smtp'>,
  email: string,
  work: () => Promise<unknown>,
): Promise<readonly ReceivedMail[]> {
  await deliverQueuedMails(server.doorward)
  const before = smtp.to(email).length
  await work()
  await deliverQueuedMails(server.doorward)
  return smtp.to(email).slice(before)
}

/** The path of the only link to this page in the mails. */
export function linkTo(page: string, mails: readonly ReceivedMail[]): string {
  const links = new Set(mails.flatMap(linksIn).filter((path) => path.startsWith(`${page}/`)))
  const [link, ...others] = [...links]
  assert.ok(link !== undefined && others.length === 0, `not one link to ${page}: ${[...links].join(' ')}`)
  return link
}

/** The token at the end of the path of a link. */
export function tokenOf(link: string): string {
  return link.split('/').at(-1) ?? ''
}

/** The sessions and API tokens of a user that are still valid. */
export async function validCredentials({ doorward: { db } }: Server, subject: string): Promise<number> {
  const count = async (table: 'session' | 'api_token'): Promise<number> =>
    (await db.selectFrom(table).select('id').where('subject', '=', subject).where('revoked_at', 'is', null).execute())
      .length
  return (await count('session')) + (await count('api_token'))
}

/** The path of the link in the notice of a sign-in from a new device. */
export async function newDeviceLink(people: MailedPeople): Promise<string> {
  people.server.clock.pass(days(1))
  return linkTo('/not-me', await newMails(people, ADA_EMAIL, () => people.ada.signsIn()))
}

/** Says "This wasn't me" by the link. */
export function reportsNotMe(server: Server, link: string): Promise<Reply> {
  return ask(server, 'POST', '/notices/not-me', { payload: { token: tokenOf(link) } })
}

/** Signs in with password and app; returns the answer to the second step. */
export async function signsInByStep(person: Person): Promise<Reply> {
  const { server, username, password } = person
  const attempt = await opensAttempt({ server, username, password })
  return provesSecondStep(server, attempt, ['totp', person.code()])
}
