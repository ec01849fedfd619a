// Passkeys in a real Chromium: its virtual authenticator.
import type { CDPSession, Page } from 'playwright-core'

import type { SoftwarePasskey } from '../../../clients/test/src/software-authenticator.ts'

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
}

function base64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}
