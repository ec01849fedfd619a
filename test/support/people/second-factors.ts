// Users with passkeys and recovery codes, and how each is verified through HTTP.
import assert from 'node:assert/strict'

import { addPasskey, registrationOptions, verifyRegistration } from '#domain/factors/passkeys/registration.service.ts'
import { makeRecoveryCodes, replaceRecoveryCodes } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { findUserByName, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction } from '#foundation/context.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import {
  type Habits,
  type RequestOptions,
  SoftwareAuthenticator,
} from '../../../clients/test/src/software-authenticator.ts'
import { parsePage } from '../pages/parsed-page.ts'
import type { Server } from '../server/start.ts'
import { ask, type Person, type Reply } from './people.ts'

/** Names a user at a server. */
export type Named = Pick<Person, 'server' | 'username'>

export async function rowOf({ server, username }: Named): Promise<User> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no user ${username}`)
  return user
}

export function newPhone({ doorward }: Server, habits: Partial<Habits> = {}): SoftwareAuthenticator {
  return new SoftwareAuthenticator({ origin: new URL(doorward.config.publicUrl).origin, ...habits })
}

/** Adds a passkey to a user by the services; the user's sessions continue. */
export async function givePasskey(person: Named, phone = newPhone(person.server)): Promise<SoftwareAuthenticator> {
  const ctx = person.server.operator()
  const user = await rowOf(person)
  const scope = { subject: user.subject, boundTo: 'test' }
  const options = await registrationOptions(ctx, { ...scope, username: user.username, displayName: user.username })
  const verdict = await verifyRegistration(ctx, { ...scope, response: phone.register(options) })
  assert.ok(verdict.outcome === 'verified', JSON.stringify(verdict))
  await inTransaction(ctx, async (tx) => {
    await addPasskey(tx, verdict.registration, { name: 'Phone' })
    const since = { passkeyAt: ctx.now, secondFactorAt: user.secondFactorAt ?? ctx.now }
    await updateUser(tx, user, since, { bumpEpoch: false })
  })
  return phone
}

/** Replaces a user's recovery codes; returns the new ones. */
export async function giveRecoveryCodes(person: Named): Promise<string[]> {
  const ctx = person.server.operator()
  const { subject } = await rowOf(person)
  const made = await makeRecoveryCodes(ctx)
  await inTransaction(ctx, (tx) => replaceRecoveryCodes(tx, subject, made))
  return made.shown.map((code) => code.reveal())
}

/** The first step at `POST /attempts`; returns the attempt. */
export async function opensAttempt({ server, username, password }: Named & { password: string }): Promise<string> {
  const { body, raw } = await ask(server, 'POST', '/attempts', { payload: { username, password } })
  assert.equal(typeof body['attempt'], 'string', raw.body)
  return String(body['attempt'])
}

/** The current code of the app whose setup key is in an answer. */
export function firstCodeIn({ clock }: Server, { body }: Reply): string {
  return new Authenticator(String(body['secret'])).code(clock.now())
}

/** Begins the enrolment of an app in an attempt; returns the body of its confirmation. */
export async function beginsEnrolment(server: Server, attempt: unknown): Promise<{ attempt: unknown; code: string }> {
  const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  return { attempt, code: firstCodeIn(server, key) }
}

/** Begins the enrolment of another app of a signed-in user; returns its id and the URL and code of its confirmation. */
export async function beginsApp(person: Person): Promise<{ id: string; url: string; code: string }> {
  const begun = await person.asks('POST', '/users/me/totp')
  const id = String(begun.body['id'])
  return { id, url: `/users/me/totp/${id}/confirm`, code: firstCodeIn(person.server, begun) }
}

/** The field of a form that registers a new passkey, by the options on its page. */
export function newPasskeyOn(server: Server, page: string): string {
  return JSON.stringify(newPhone(server).register(JSON.parse(parsePage(page).data('options') ?? '') as never))
}

export function provesSecondStep(
  server: Server,
  attempt: string,
  [kind, proof]: readonly ['totp' | 'recovery-code', string],
  from: { remoteAddress?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return ask(server, 'POST', '/attempts/second-factor', { payload: { attempt, kind, proof }, ...from })
}

/** The options for a passkey: of the second step of an attempt, or of a sign-in by passkey alone. */
export async function asksForPasskey(server: Server, attempt?: string): Promise<RequestOptions> {
  const { status, body, raw } = await ask(server, 'POST', '/attempts/passkey/options', { payload: { attempt } })
  assert.equal(status, 200, raw.body)
  return body as unknown as RequestOptions
}

/** Signs in with a passkey, as the second step of an attempt or alone. */
export async function showsPasskey(server: Server, phone: SoftwareAuthenticator, attempt?: string): Promise<Reply> {
  const response = phone.assert(await asksForPasskey(server, attempt))
  return ask(server, 'POST', '/attempts/passkey', { payload: { attempt, response } })
}

/** The passkey's assertion for `POST /session/proof`. */
export async function passkeyForReauthentication(person: Person, phone: SoftwareAuthenticator): Promise<object> {
  const { status, body, raw } = await person.asks('POST', '/session/proof/passkey/options')
  assert.equal(status, 200, raw.body)
  return phone.assert(body as unknown as RequestOptions)
}

/** The access token in an answer that completes a sign-in, of whichever route. */
export function tokenIn({ body, raw }: Reply): string {
  const session = (body['session'] ?? body) as Record<string, unknown>
  assert.equal(typeof session['access_token'], 'string', raw.body)
  return String(session['access_token'])
}
