// Somebody for each state that an account can be in, as far as signing in goes.
import assert from 'node:assert/strict'

import { newcomer, PASSWORD } from './people.ts'
import type { Person } from './people.ts'
import { givePasskey, giveRecoveryCodes, newPhone, rowOf } from './second-factors.ts'
import { FLAG } from './software-authenticator.ts'
import type { SoftwareAuthenticator } from './software-authenticator.ts'
import type { Server } from '../server/start.ts'

export const STATES = ['none', 'app', 'passkey', 'touch', 'app passkey', 'app codes', 'invited', 'disabled'] as const
/** What somebody has: `touch` is a passkey that does not check who holds it; whoever is `disabled` has everything. */
export type State = (typeof STATES)[number]
export interface Someone {
  readonly server: Server
  readonly username: string
  /** A good code of their app, or one of nobody. */
  readonly code: () => string
  /** A recovery code of theirs that was not used, or one of nobody. */
  readonly recoveryCode: () => string
  readonly phone: SoftwareAuthenticator | undefined
  /** The last part of their invitation. */
  readonly link: string | undefined
}

/** Somebody new in that state, made by an admin who signed in a moment ago. */
export async function someone(admin: Person, state: State, number: number): Promise<Someone> {
  const { server } = admin
  const username = `${state.replace(' ', '-')}-${number}`
  const named = { server, username }
  const nobody = {
    ...named,
    code: () => '000000',
    recoveryCode: () => 'aaaa-aaaa-aaaa-aaaa',
    phone: undefined,
    link: undefined,
  }
  if (state === 'none' || state === 'invited') {
    const { body } = await admin.asks('POST', '/users', { username, ...(state === 'none' && { password: PASSWORD }) })
    const { url } = body['invitation'] as { url: string }
    return { ...nobody, link: state === 'invited' ? url.split('/').at(-1) : undefined }
  }
  const person = await newcomer(admin, username)
  const hasApp = state.includes('app') || state === 'disabled'
  const hasCodes = state === 'app codes' || state === 'disabled'
  const flags = state === 'touch' ? FLAG.up : FLAG.up | FLAG.uv
  const hasPasskey = state === 'disabled' || state === 'touch' || state.includes('passkey')
  const phone = hasPasskey ? await givePasskey(person, newPhone(server, { flags })) : undefined
  const { subject, id } = await rowOf(person)
  const { db } = server.doorward
  if (!hasApp) await db.deleteFrom('totp_factor').where('subject', '=', subject).execute()
  const codes = await giveRecoveryCodes(person)
  if (!hasCodes) await db.deleteFrom('recovery_code').where('subject', '=', subject).execute()
  if (state === 'disabled') await admin.asks('POST', `/users/${id}/disable`)
  return {
    ...nobody,
    ...(hasApp && { code: () => person.code() }),
    ...(hasCodes && { recoveryCode: () => codes.pop() ?? assert.fail('all recovery codes are used') }),
    phone,
  }
}
