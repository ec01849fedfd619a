// A user in each state of enrolment that decides how a sign-in proceeds.
import assert from 'node:assert/strict'

import { FLAG, type SoftwareAuthenticator } from '../../../clients/test/src/software-authenticator.ts'
import { invitationIn } from '../requests/replies.ts'
import type { Server } from '../server/start.ts'
import { newcomer, PASSWORD, type Person } from './people.ts'
import { givePasskey, giveRecoveryCodes, newPhone, rowOf } from './second-factors.ts'

export const STATES = [
  'none',
  'app',
  'passkey',
  'touch',
  'app passkey',
  'app codes',
  'invited',
  'disabled',
  'expired',
] as const
/** The states beside which policies are looked at. */
export const POLICY_STATES = ['none', 'app', 'passkey', 'app passkey', 'app codes', 'passkey codes', 'invited'] as const
export type PolicyState = (typeof POLICY_STATES)[number]

/** The user's second factors: `touch` is a passkey without user verification; a `disabled` and an `expired` user have all of them. */
export type State = (typeof STATES)[number]
export interface UserInState {
  readonly server: Server
  readonly username: string
  /** A valid code of the user's app, or a wrong one. */
  readonly code: () => string
  /** An unused recovery code of the user, or a wrong one. */
  readonly recoveryCode: () => string
  readonly phone: SoftwareAuthenticator | undefined
  /** The token of the user's invitation. */
  readonly link: string | undefined
}

/** Creates a user in that state; the admin must have signed in a moment ago. */
export async function newUserInState(admin: Person, state: State | PolicyState, number: number): Promise<UserInState> {
  const { server } = admin
  const username = `${state.replace(' ', '-')}-${number}`
  const named = { server, username }
  const withoutFactors = {
    ...named,
    code: () => '000000',
    recoveryCode: () => 'aaaa-aaaa-aaaa-aaaa',
    phone: undefined,
    link: undefined,
  }
  if (state === 'none' || state === 'invited') {
    const wanted = { username, ...(state === 'none' && { password: PASSWORD }) }
    const link = invitationIn(await admin.asks('POST', '/users', wanted))
    return { ...withoutFactors, link: state === 'invited' ? link : undefined }
  }
  const person = await newcomer(admin, username)
  const hasAll = state === 'disabled' || state === 'expired'
  const hasApp = state.startsWith('app') || hasAll
  const hasCodes = state.endsWith('codes') || hasAll
  const flags = state === 'touch' ? FLAG.up : FLAG.up | FLAG.uv
  const hasPasskey = hasAll || state === 'touch' || state.includes('passkey')
  const phone = hasPasskey ? await givePasskey(person, newPhone(server, { flags })) : undefined
  const { subject, id } = await rowOf(person)
  const { db } = server.doorward
  if (!hasApp) await db.deleteFrom('totp_factor').where('subject', '=', subject).execute()
  const codes = await giveRecoveryCodes(person)
  if (!hasCodes) await db.deleteFrom('recovery_code').where('subject', '=', subject).execute()
  if (state === 'disabled') await admin.asks('POST', `/users/${id}/disable`)
  if (state === 'expired')
    await db.updateTable('users').set({ expires_at: server.clock.now() }).where('id', '=', id).execute()
  return {
    ...withoutFactors,
    ...(hasApp && { code: () => person.code() }),
    ...(hasCodes && { recoveryCode: () => codes.pop() ?? assert.fail('all recovery codes are used') }),
    phone,
  }
}
