// Passkeys without HTTP: two users in a database, the services, and software authenticators.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { assertionOptions, type AssertionScope, verifyAssertion } from '#domain/factors/passkeys/assertion.service.ts'
import type { AuthenticationResponse, RegistrationResponse } from '#domain/factors/passkeys/ceremony.service.ts'
import type { Passkey } from '#domain/factors/passkeys/passkey.service.ts'
import { addPasskey, registrationOptions, verifyRegistration } from '#domain/factors/passkeys/registration.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { SoftwareAuthenticator } from '../../../clients/test/src/software-authenticator.ts'
import { contextOn } from '../databases/stores.ts'
import { temporaryFolder } from '../databases/temporary.ts'

const ORIGIN = 'https://id.example.org'
export const RP_ID = 'id.example.org'
export const ADA = 'adas-subject'
export const GRACE = 'graces-subject'

export type PasskeyContext = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** The dependencies of the services, with the public URL `ORIGIN` and two users in the database. */
export async function passkeyStage(t: TestContext, db: Database): Promise<PasskeyContext> {
  const flags = { public_url: ORIGIN, data_dir: await temporaryFolder(t) }
  const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
  for (const subject of [ADA, GRACE])
    await db.insertInto('users').values({ subject, username: subject, username_key: subject, disabled: 0 }).execute()
  return { ...contextOn(db), config }
}

export function at(ctx: PasskeyContext, now: Instant): PasskeyContext {
  return { ...ctx, now }
}

export function newAuthenticator(habits: Partial<ConstructorParameters<typeof SoftwareAuthenticator>[0]> = {}) {
  return new SoftwareAuthenticator({ origin: ORIGIN, ...habits })
}

export function askToRegister(ctx: PasskeyContext, subject = ADA) {
  return registrationOptions(ctx, { subject, username: subject, displayName: subject, boundTo: 'session' })
}

export function tryToRegister(ctx: PasskeyContext, response: RegistrationResponse, subject = ADA) {
  return verifyRegistration(ctx, { subject, boundTo: 'session', response })
}

/** Registers a passkey of this authenticator, from the options to the row. */
export async function registers(
  ctx: PasskeyContext,
  authenticator: SoftwareAuthenticator,
  subject = ADA,
): Promise<Passkey> {
  const response = authenticator.register(await askToRegister(ctx, subject))
  const verdict = await tryToRegister(ctx, response, subject)
  assert.ok(verdict.outcome === 'verified', JSON.stringify(verdict))
  const { registration } = verdict
  return inTransaction(ctx, (tx) => addPasskey(tx, registration, { name: 'Phone' }))
}

export const SIGN_IN: AssertionScope = { purpose: 'sign-in', subject: null, boundTo: null }
export const SECOND_STEP: AssertionScope = { purpose: 'second-factor', subject: ADA, boundTo: 'attempt' }

export function askToAssert(ctx: PasskeyContext, scope: AssertionScope = SIGN_IN) {
  return assertionOptions(ctx, scope)
}

export function tryToAssert(ctx: PasskeyContext, response: AuthenticationResponse, scope: AssertionScope = SIGN_IN) {
  return verifyAssertion(ctx, { ...scope, response })
}
