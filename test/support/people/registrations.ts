// People who register by themselves, and the mails that they get.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'

import { linkOf } from '#domain/mail/message.service.ts'
import { recordRequest } from '#domain/registrations/registration.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { submitRegistration } from '#use-cases/onboarding/submit-registration.service.ts'
import { QUEUES_MAIL } from '../mail/queued-mail.ts'
import type { Server } from '../server/start.ts'
import { ask, PASSWORD, type Reply } from './people.ts'

/** Settings with which people register, with and without the approval of an admin. Mails stay in the outbox. */
export const APPROVAL = QUEUES_MAIL
export const OPEN = { ...QUEUES_MAIL, registration: 'open' }

export interface OutboxMail {
  readonly template: string
  readonly recipient: string
  readonly facts: Readonly<Record<string, string>>
  /** The URL of its link; null where it has none. */
  readonly link: string | null
}

/** The mails in the outbox, or those to one recipient, the oldest first, with their links opened. */
export async function outboxOf(server: Server, recipient?: string): Promise<OutboxMail[]> {
  const { db, keyring, config } = server.doorward
  const all = db.selectFrom('outbox').selectAll().orderBy('id')
  const rows = await (recipient === undefined ? all : all.where('recipient', '=', recipient)).execute()
  return rows.map((row) => {
    const sealed = { id: row.id, linkPath: row.link_path, sealedLinkToken: row.sealed_link_token }
    const link = linkOf({ keyring, config }, sealed as Parameters<typeof linkOf>[1])
    const facts = JSON.parse(row.facts) as Record<string, string>
    return { template: row.template, recipient: row.recipient, facts, link: link?.reveal() ?? null }
  })
}

/** Asks for an account at `POST /registrations`. */
export function asksForAccount(
  server: Server,
  email: string,
  { proof, ipAddress }: { readonly proof?: object; readonly ipAddress?: string } = {},
): Promise<Reply> {
  const payload = { email, ...proof }
  return ask(server, 'POST', '/registrations', { payload, ...(ipAddress && { remoteAddress: ipAddress }) })
}

/** Asks for an account and returns the token of the mailed link. */
export async function mailedToken(server: Server, email: string, proof?: object): Promise<string> {
  const asked = await asksForAccount(server, email, { ...(proof && { proof }) })
  assert.equal(asked.status, 202, asked.raw.body)
  const mail = (await outboxOf(server, email)).at(-1)
  assert.equal(mail?.template, 'registration')
  return mail.link?.split('/').at(-1) ?? ''
}

/** Chooses username and password behind the link. */
export function submitsAccount(
  server: Server,
  token: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const payload = { token, username: 'grace', password: PASSWORD, ...fields }
  return ask(server, 'POST', '/registrations/submit', { payload })
}

/** Lets a person register by the services, up to the wait for an admin; returns the id of the registration. */
export async function waitingPerson(server: Server, username: string, email: string, fullName: string | null = null) {
  const ctx = server.operator()
  const id = await inTransaction(ctx, (tx) => recordRequest(tx, { email, locale: 'en' }))
  const mail = (await outboxOf(server, email)).at(-1)
  const token = Secret.of(mail?.link?.split('/').at(-1) ?? '')
  const account = { token, username, fullName, password: Secret.of(PASSWORD) }
  assert.deepEqual(await submitRegistration(ctx, account), { stage: 'waiting' })
  return id ?? ''
}

/** Solves a challenge as the page's module does. */
export function solved(challenge: string, bits: number): string {
  for (let number = 0; ; number++) {
    const digest = hash('sha256', `${challenge}:${number}`, 'buffer')
    if (digest.readUInt32BE() >>> (32 - bits) === 0) return String(number)
  }
}

/** A new challenge of the server with its solution. */
export async function newProof(server: Server): Promise<{ challenge: string; solution: string }> {
  const { body } = await ask(server, 'GET', '/registrations/challenge')
  const challenge = String(body['challenge'])
  return { challenge, solution: solved(challenge, Number(body['bits'])) }
}
