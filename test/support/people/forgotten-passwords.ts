// A server that sends mail, users with verified emails, and the mailed links of forgotten passwords.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { deliverQueuedMails, linksIn, startSmtpServer, type TestSmtpServer } from '../mail/smtp-server.ts'
import type { Server, StartOptions } from '../server/start.ts'
import { ask, newcomer, type Person, type Reply, startWithAdmin } from './people.ts'
import { verifyEmail } from './reset-links.ts'

export const NEW_PASSWORD = 'a kettle full of stars'

export interface MailScene {
  readonly server: Server
  readonly root: Person
  readonly ada: Person
  readonly smtp: TestSmtpServer
}

/** A server that sends mail, with an admin and with ada, whose emails are verified. */
export async function mailScene(t: TestContext, options: StartOptions = {}): Promise<MailScene> {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { ...options, settings: { ...options.settings, ...smtp.settings } })
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org' })
  await verifyEmail(server, 'root')
  await verifyEmail(server, 'ada')
  await forgetMails({ server, smtp })
  return { server, root, ada, smtp }
}

/** Delivers what is queued, and forgets what came: the notices of people who have just joined, for example. */
export async function forgetMails({ server, smtp }: Pick<MailScene, 'server' | 'smtp'>): Promise<void> {
  await deliverQueuedMails(server.doorward)
  await server.doorward.db.deleteFrom('outbox').execute()
  smtp.forget()
}

/** Asks for the mail of a forgotten password. */
export function forgets(server: Server, login: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return ask(server, 'POST', '/password-resets', { payload: { login }, headers })
}

/** Asks for the mail, which must be accepted, and delivers it; returns the path of its link. */
export async function resetLink({ server, smtp }: MailScene, login = 'ada'): Promise<string> {
  await deliverQueuedMails(server.doorward)
  const before = smtp.mails.length
  assert.equal((await forgets(server, login)).status, 202)
  await deliverQueuedMails(server.doorward)
  const [mail, ...others] = smtp.mails.slice(before)
  assert.ok(mail && others.length === 0, `${others.length + Number(mail !== undefined)} mails were sent`)
  const [link] = linksIn(mail)
  assert.match(link ?? '', /^\/password-reset\/dwl_[\w-]{43}$/)
  return link ?? ''
}

/** Sends the link's token with a new password. */
export function resets(server: Server, link: string, password = NEW_PASSWORD): Promise<Reply> {
  return ask(server, 'POST', '/password-resets/complete', { payload: { token: link.split('/').at(-1), password } })
}
