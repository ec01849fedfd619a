// Passkeys in a real Chromium: its virtual authenticator, and passkeys that exist before the test's page opens.
import assert from 'node:assert/strict'

import type { CDPSession, Page } from 'playwright-core'

import { inTransaction } from '../../../src/foundation/context.ts'
import {
  makeRecoveryCodes,
  replaceRecoveryCodes,
} from '../../../src/domain/factors/recovery-codes/recovery-code.service.ts'
import {
  addPasskey,
  registrationOptions,
  verifyRegistration,
} from '../../../src/domain/factors/passkeys/registration.service.ts'
import { updateUser, findUserByName } from '../../../src/domain/users/user.service.ts'
import type { Person } from '../people/people.ts'
import { FLAG, SoftwareAuthenticator } from '../people/software-authenticator.ts'
import type { SoftwarePasskey } from '../people/software-authenticator.ts'

export interface Habits {
  /** Whether the authenticator can verify the user, and whether that succeeds. */
  readonly verifies?: boolean
  /** Whether the user's touch is simulated as soon as a page asks for it. */
  readonly isTouched?: boolean
}

/** A platform authenticator of the DevTools Protocol (domain WebAuthn). */
export class BrowserAuthenticator {
  readonly #protocol: CDPSession
  readonly #id: string

  private constructor(protocol: CDPSession, id: string) {
    this.#protocol = protocol
    this.#id = id
  }

  static async in(page: Page, { verifies = true, isTouched = true }: Habits = {}): Promise<BrowserAuthenticator> {
    const protocol = await page.context().newCDPSession(page)
    await protocol.send('WebAuthn.enable')
    const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: verifies,
        isUserVerified: verifies,
        automaticPresenceSimulation: isTouched,
      },
    })
    return new BrowserAuthenticator(protocol, authenticatorId)
  }

  /** Adds a passkey that another authenticator has made. */
  async keeps({ id, rpId, userHandle, privateKey }: SoftwarePasskey): Promise<void> {
    await this.#protocol.send('WebAuthn.addCredential', {
      authenticatorId: this.#id,
      credential: {
        credentialId: base64(id),
        isResidentCredential: true,
        rpId,
        userHandle: base64(userHandle),
        privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        signCount: 0,
      },
    })
  }

  /** Switches the simulated touch on or off. */
  async touched(isTouched: boolean): Promise<void> {
    await this.#protocol.send('WebAuthn.setAutomaticPresenceSimulation', {
      authenticatorId: this.#id,
      enabled: isTouched,
    })
  }

  /** Switches whether user verification succeeds. */
  async verifies(isUserVerified: boolean): Promise<void> {
    await this.#protocol.send('WebAuthn.setUserVerified', { authenticatorId: this.#id, isUserVerified })
  }
}

function base64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}

type UserAtServer = Pick<Person, 'server' | 'username'>

/** Adds a passkey to a user by the services, without pages. `flags` are those of the authenticator's answers. */
export async function givesPasskey(
  { server, username }: UserAtServer,
  flags: number = FLAG.up | FLAG.uv,
): Promise<{ readonly authenticator: SoftwareAuthenticator; readonly passkey: SoftwarePasskey }> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, username)
  assert.ok(user)
  const { subject } = user
  const { publicUrl } = server.doorward.config
  const authenticator = new SoftwareAuthenticator({ origin: new URL(publicUrl).origin, flags })
  const names = { username, displayName: username }
  const response = authenticator.register(await registrationOptions(ctx, { subject, ...names, boundTo: null }))
  const verdict = await verifyRegistration(ctx, { subject, boundTo: null, response })
  assert.ok(verdict.outcome === 'verified')
  await inTransaction(ctx, async (tx) => {
    await addPasskey(tx, verdict.registration, { name: 'Laptop' })
    await updateUser(tx, user, { passkeyAt: ctx.now })
  })
  const [passkey] = authenticator.passkeys
  assert.ok(passkey)
  return { authenticator, passkey }
}

/** Replaces a user's recovery codes by the services; returns the new ones. */
export async function givesRecoveryCodes({ server, username }: UserAtServer): Promise<string[]> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, username)
  assert.ok(user)
  const made = await makeRecoveryCodes(ctx)
  await inTransaction(ctx, (tx) => replaceRecoveryCodes(tx, user.subject, made))
  return made.shown.map((code) => code.reveal())
}
