// A whole Doorward for the tests of an app.
import { readFileSync } from 'node:fs'

import { type Answer, callApi } from './api.ts'
import { answerAt, TestApp } from './app.ts'
import { Browser } from './browser.ts'
import { MovedClock } from './clock.ts'
import { requireNode, requireTest } from './limits-of-use.ts'
import { Mails } from './mails.ts'
import { type Programs, type ServerProcess, startServer } from './server-process.ts'
import { type Door, type SecondStep, type Session, setUpFirstAdmin, TestUser, USUAL_PASSWORD } from './user.ts'

export interface StartOptions {
  /** The port of the server; a free one by default. */
  readonly port?: number
  /** Settings by name, such as `session_idle: '2h'`; docs/configuration.md of Doorward lists them. */
  readonly settings?: Readonly<Record<string, string>>
  /** The path of the Node that runs the server, where that of the tests is too old. */
  readonly node?: string
}

export interface UserOptions {
  /** A new one by default. */
  readonly username?: string
  readonly password?: string
  /** `USERNAME@example.org` by default; null for none. */
  readonly email?: string | null
  /** Whether the user has confirmed the email, which takes up to a second. The server sends most mails to verified emails only. */
  readonly verifiedEmail?: boolean
  readonly fullName?: string
  /** A role that does not exist is made, without permissions. */
  readonly role?: string
  /** Groups that do not exist are made. */
  readonly groups?: readonly string[]
  /** `totp` for an authenticator app, which is the default, or `passkey`. */
  readonly secondStep?: SecondStep
}

export interface AppOptions {
  readonly redirectUris: readonly string[]
  readonly name?: string
  /** Whether users are not asked before the app learns of them; true by default. */
  readonly trusted?: boolean
  /** Further members of the body of `POST /apps`, such as `allowed_groups`. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/** Starts a server of that program on a temporary database; `stop` ends both. */
export async function startDoorwardOf(
  programs: Programs,
  { port, settings = {}, node = process.execPath }: StartOptions,
): Promise<Doorward> {
  requireTest(settings)
  const mails = await Mails.open()
  try {
    const ofMail = { mail_from: 'doorward@example.org', ...settings, ...mails.settings }
    const server = await startServer({ programs, node, port, settings: ofMail })
    const clock = new MovedClock(server.child)
    const door = { url: server.url, clock }
    const admin = await setUpFirstAdmin(door, server.setupPath).catch((error: unknown) => stopAfter(error, server))
    return new Doorward({ server, clock, mails, url: door.url, admin })
  } catch (error) {
    await mails.close()
    throw error
  }
}

async function stopAfter(error: unknown, server: ServerProcess): Promise<never> {
  await server.stop()
  throw error
}

/** The Node that a package of the server needs, by the manifest of that package. */
export function requireNodeFor(manifest: string, node: string | undefined): void {
  const { engines } = JSON.parse(readFileSync(manifest, 'utf8')) as { engines: { node: string } }
  if (node === undefined) requireNode(process.versions.node, engines.node)
}

interface Parts extends Door {
  readonly server: ServerProcess
  readonly mails: Mails
  readonly admin: TestUser
}

/** In milliseconds: the server asks for a recent authentication before sensitive changes. */
const RECENT = 4 * 60_000

export class Doorward implements Door {
  /** Also the issuer's origin: `${url}/oidc` is the issuer. */
  readonly url: string
  readonly clock: MovedClock
  readonly mails: Mails
  /** The first admin, who makes what the test asks for. */
  readonly admin: TestUser
  readonly #server: ServerProcess
  readonly #made = new Set(['role user', 'role admin'])
  #session: { readonly token: string; readonly at: number } | undefined
  #count = 0
  #stopped: Promise<void> | undefined

  constructor({ server, clock, mails, url, admin }: Parts) {
    this.#server = server
    this.url = url
    this.clock = clock
    this.mails = mails
    this.admin = admin
  }

  /** The issuer of OpenID Connect, with which an app is configured. */
  get issuer(): string {
    return `${this.url}/oidc`
  }

  /** Makes a user who has accepted an invitation and set up a second factor. */
  async user(options: UserOptions = {}): Promise<TestUser> {
    const { username = `user${++this.#count}`, password = USUAL_PASSWORD, fullName, role, groups = [] } = options
    const {
      email = `${username.replaceAll(/[^\w.-]/g, '-')}@example.org`,
      verifiedEmail = false,
      secondStep = 'totp',
    } = options
    if (verifiedEmail && email === null) throw new Error(`${username} has no email that could be verified.`)
    if (role !== undefined) await this.#make('role', role)
    for (const group of groups) await this.#make('group', group)
    const created = await this.asAdmin('POST', '/users', {
      username,
      email,
      ...(fullName !== undefined && { full_name: fullName }),
      ...(role !== undefined && { role }),
      ...(groups.length > 0 && { groups }),
      ...(verifiedEmail && { delivery: 'mail' }),
    })
    const user = new TestUser(this, { username, password, email })
    const invitation = created['invitation'] as { url: string | null } | undefined
    if (invitation === undefined) throw waiting(username)
    const link = invitation.url ?? (await this.mails.next(user)).links[0] ?? ''
    const token = new URL(link).pathname.split('/').pop()
    const { attempt } = await callApi(this.url, 'POST', '/invitations/accept', { body: { token, password } })
    const session = await user.enrol(attempt, secondStep)
    await session.signOut()
    return user
  }

  /** Signs a user in with the password and the second factor, and returns the session. */
  signIn(user: TestUser): Promise<Session> {
    return user.signIn()
  }

  /** Registers an app. It is a web app with a secret unless `fields` say otherwise. */
  async app({ redirectUris, name = 'Test app', trusted = true, fields = {} }: AppOptions): Promise<TestApp> {
    const wanted = { name, kind: 'web', redirect_uris: redirectUris, trusted, ...fields }
    const { id, client_secret: secret, issuer, approval } = await this.asAdmin('POST', '/apps', wanted)
    if (approval !== null) throw waiting(name)
    return new TestApp(this, { id: String(id), secret: secret as string | null, issuer: String(issuer), redirectUris })
  }

  /**
   * Signs a user in where an app has led the browser, at a URL of this server, and returns the URL that leads back to the app: its redirect URI
   * with the code.
   */
  answer(user: TestUser, url: string | URL): Promise<URL> {
    return answerAt(this, user, url)
  }

  /** A browser with a cookie jar, which signs this user in wherever the server asks for it. */
  browser(user?: TestUser): Browser {
    return new Browser(new URL(this.url).origin, user)
  }

  /** Calls the API as the first admin; throws where the server refuses. */
  async asAdmin(method: string, path: string, body?: object): Promise<Answer> {
    const now = this.clock.now()
    if (this.#session === undefined || now - this.#session.at > RECENT)
      this.#session = { token: (await this.admin.signInWithPasskey()).token, at: now }
    return callApi(this.url, method, path, { body, token: this.#session.token })
  }

  /** What the server has printed and logged, to look for the cause of a failure. */
  log(): string {
    return this.#server.log()
  }

  /** Ends the server and deletes its database. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#server.stop().then(() => this.mails.close()))
  }

  async #make(kind: 'role' | 'group', name: string): Promise<void> {
    if (this.#made.has(`${kind} ${name}`)) return
    this.#made.add(`${kind} ${name}`)
    await this.asAdmin('POST', `/${kind}s`, { name })
  }
}

function waiting(what: string): Error {
  return new Error(`${what} waits for a second admin, as the setting two_person_rule says. Leave it off.`)
}
