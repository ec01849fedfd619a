// The tokens of links back into an account, issued by the services and not mailed.
import assert from 'node:assert/strict'

import { issueLink } from '#domain/links/link.service.ts'
import { emailTagOf } from '#domain/mail/password-link.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { RESET_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { resetSecondFactor } from '#use-cases/administration/credentials/credentials.service.ts'
import type { Server } from '../server/start.ts'

/** Stores that the user's email is verified; `email` replaces it. */
export async function verifyEmail(
  { doorward, clock }: Server,
  username: string,
  email = `${username}@example.org`,
): Promise<void> {
  const changes = { email, email_key: foldName(email), email_verified_at: clock.now() }
  await doorward.db.updateTable('users').set(changes).where('username', '=', username).execute()
}

/** The token of a link that sets a new password for a user, whose email is verified first. */
export async function issuedResetLink(server: Server, username: string): Promise<string> {
  await verifyEmail(server, username)
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no ${username}`)
  const { subject, credentialEpoch: epoch } = user
  const wanted = { purpose: 'password-reset', subject, epoch, lifetime: RESET_LIFETIME } as const
  const { token } = await issueLink(server.operator(), { ...wanted, about: emailTagOf(user) })
  return token.reveal()
}

/** Resets the second step of a user; returns the token of the enrolment link. */
export async function issuedEnrolmentLink(server: Server, username: string): Promise<string> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no ${username}`)
  const { enrolment } = await resetSecondFactor(server.operator(), user, { reason: 'Lost phone.' })
  assert.ok(enrolment, 'no link was made')
  return enrolment.token.reveal()
}
