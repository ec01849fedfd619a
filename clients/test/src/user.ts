// Users with two factors: how they join and how they sign in, through the server's HTTP API.
import { type Answer, callApi } from './api.ts'
import type { MovedClock } from './clock.ts'
import { Authenticator, Codes } from './codes.ts'
import { type CreationOptions, type RequestOptions, SoftwareAuthenticator } from './software-authenticator.ts'

/** The password of every user of the kit that has no other. */
export const USUAL_PASSWORD = 'three calm words'

/** How long a code of an authenticator app lasts, in milliseconds. */
const STEP = 30_000

export type SecondStep = 'totp' | 'passkey'

/** The server of a test, as far as its users need it. */
export interface Door {
  readonly url: string
  readonly clock: MovedClock
}

/** A session at the server, with the access token of an API client. */
export interface Session {
  readonly token: string
  readonly user: TestUser
  /** Sends a request to a path of the server with the token of the session. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  signOut(): Promise<void>
}

interface Facts {
  readonly username: string
  readonly password: string
  readonly email: string | null
}

/** A user who has set up a second factor. */
export class TestUser implements Facts {
  readonly username: string
  readonly password: string
  readonly email: string | null
  /** The id in URLs of the API. */
  id = 0
  /** The `sub` of tokens. */
  subject = ''
  recoveryCodes: readonly string[] = []
  /** Holds the user's passkeys, and signs with them. */
  readonly passkeys: SoftwareAuthenticator
  readonly #door: Door
  #codes: Codes | undefined

  constructor(door: Door, { username, password, email }: Facts) {
    this.#door = door
    this.username = username
    this.password = password
    this.email = email
    this.passkeys = new SoftwareAuthenticator({ origin: new URL(door.url).origin })
  }

  /**
   * A code of the user's authenticator app that was not used yet. The server accepts three at a moment; where all are used, its clock is
   * moved to the next one, by 30 s at most.
   */
  async code(): Promise<string> {
    if (this.#codes === undefined)
      throw new Error(`${this.username} has no authenticator app. Make the user with secondStep: 'totp'.`)
    const { clock } = this.#door
    return this.#codes.fresh(clock, () => clock.advance(STEP - (clock.now() % STEP)))
  }

  /** The fields of a form that asks for the second factor; `options` are those of a passkey, where the page has them. */
  async secondStep(options: unknown): Promise<Readonly<Record<string, string>>> {
    if (options === undefined) return { code: await this.code() }
    return { passkey: JSON.stringify(this.passkeys.assert(options as RequestOptions)) }
  }

  /** Signs in with the password and the second factor. */
  async signIn(): Promise<Session> {
    const { username, password } = this
    const begun = await this.#call('/attempts', { username, password })
    const attempt = begun['attempt']
    return this.#session(
      this.#codes === undefined
        ? await this.#showPasskey({ attempt })
        : await this.#call('/attempts/second-factor', { attempt, kind: 'totp', proof: await this.code() }),
    )
  }

  /** Signs in with a passkey alone. */
  async signInWithPasskey(): Promise<Session> {
    return this.#session(await this.#showPasskey({}))
  }

  /** Sets up the second factor in an attempt that asks for one; the user is signed in afterwards. */
  async enrol(attempt: unknown, step: SecondStep): Promise<Session> {
    const done = step === 'passkey' ? await this.#enrolPasskey(attempt) : await this.#enrolApp(attempt)
    const { id, subject } = done['user'] as { id: number; subject: string }
    ;[this.id, this.subject] = [id, subject]
    this.recoveryCodes = (done['recovery_codes'] as string[] | undefined) ?? []
    return this.#session(done)
  }

  async #enrolApp(attempt: unknown): Promise<Answer> {
    const { secret } = await this.#call('/attempts/totp', { attempt })
    this.#codes = new Codes(new Authenticator(String(secret)))
    return this.#call('/attempts/totp/confirm', { attempt, code: await this.code() })
  }

  async #enrolPasskey(attempt: unknown): Promise<Answer> {
    const options = await this.#call('/attempts/passkeys/options', { attempt })
    const response = this.passkeys.register(options as unknown as CreationOptions)
    return this.#call('/attempts/passkeys', { attempt, response, name: 'Test' })
  }

  async #showPasskey(attempt: { readonly attempt?: unknown }): Promise<Answer> {
    const options = await this.#call('/attempts/passkey/options', attempt)
    const response = this.passkeys.assert(options as unknown as RequestOptions)
    return this.#call('/attempts/passkey', { ...attempt, response })
  }

  #call(path: string, body: object): Promise<Answer> {
    return callApi(this.#door.url, 'POST', path, { body })
  }

  #session(answer: Answer): Session {
    if (answer['stage'] !== 'complete')
      throw new Error(`${this.username} is not signed in yet: the server asks for ${String(answer['stage'])}.`)
    const { access_token: token } = answer['session'] as { access_token: string }
    const { url } = this.#door
    return {
      token,
      user: this,
      fetch: (path, init = {}) => {
        const headers = new Headers(init.headers)
        headers.set('authorization', `Bearer ${token}`)
        return fetch(new URL(path, url), { ...init, headers })
      },
      signOut: async () => void (await callApi(url, 'DELETE', '/session', { token })),
    }
  }
}

/** Sets up the first admin by the link that the server has printed; the admin has a passkey. */
export async function setUpFirstAdmin(door: Door, setupPath: string): Promise<TestUser> {
  const admin = new TestUser(door, { username: 'doorward-test', password: USUAL_PASSWORD, email: null })
  const { username, password } = admin
  const answer = await fetch(door.url + setupPath, {
    method: 'POST',
    headers: { origin: new URL(door.url).origin },
    body: new URLSearchParams({ username, password, password_again: password }),
    redirect: 'manual',
  })
  const [, attempt] = /^[^=]+=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? '') ?? []
  if (attempt === undefined)
    throw new Error(`The first admin could not be set up (${answer.status}): ${await answer.text()}`)
  await admin.enrol(decodeURIComponent(attempt), 'passkey')
  return admin
}
