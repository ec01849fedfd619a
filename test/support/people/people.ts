// Users of the tests: a username, a password, an authenticator app.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { beginEnrolment, confirmEnrolment } from '#use-cases/enrolment/enrolment.service.ts'
import { acceptInvitation } from '#use-cases/onboarding/accept-invitation.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import { copiesOf } from '../server/copied-server.ts'
import type { Server, StartOptions } from '../server/start.ts'

export const PASSWORD = 'three calm words'

export interface Reply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly raw: LightMyRequestResponse
}

/** A user whose account is set up, with the user's credentials. */
export class Person {
  readonly server: Server
  readonly username: string
  password: string
  authenticator: Authenticator
  /** The access token of the last sign-in. */
  token: string | undefined
  /** What the person's browser or program calls itself. */
  agent: string | undefined
  #lastStep = 0

  constructor(server: Server, username: string, password: string, authenticator: Authenticator) {
    this.server = server
    this.username = username
    this.password = password
    this.authenticator = authenticator
  }

  /** The same user on a server with a copy of the database. */
  on(server: Server): Person {
    const same = new Person(server, this.username, this.password, this.authenticator)
    same.token = this.token
    same.agent = this.agent
    same.#lastStep = this.#lastStep
    return same
  }

  /** An unused code; moves the clock where the code of the current step was used. */
  code(): string {
    const { clock } = this.server
    while (totpStep(clock.now()) <= this.#lastStep) clock.pass(seconds(30))
    this.#lastStep = totpStep(clock.now())
    return this.authenticator.code(clock.now())
  }

  /** Signs in at `POST /token` and keeps the access token. */
  async signsIn(): Promise<this> {
    const fields = { username: this.username, password: this.password + this.code() }
    const reply = await postForm(this.server, '/token', fields, this.#agentHeader())
    assert.equal(reply.status, 200, `${this.username} cannot sign in: ${reply.raw.body}`)
    this.token = String(reply.body['access_token'])
    return this
  }

  /** Sends a request with the access token of the last sign-in. */
  asks(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const asked = { payload, headers: { authorization: `Bearer ${this.token}`, ...this.#agentHeader(), ...headers } }
    return ask(this.server, method, url, asked).then((reply) => this.keep(reply))
  }

  #agentHeader(): Record<string, string> {
    return this.agent === undefined ? {} : { 'user-agent': this.agent }
  }

  /** Keeps the new token that a re-authentication or a change of credentials gives to the session. */
  keep(reply: Reply): Reply {
    const { access_token: token } = reply.body
    if (typeof token === 'string') this.token = token
    return reply
  }
}

export async function ask(
  { app }: Server,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS',
  url: string,
  sent: { payload?: object | string | undefined; headers?: Record<string, string>; remoteAddress?: string } = {},
): Promise<Reply> {
  const { payload, ...rest } = sent
  const raw = await app.inject({ method, url, ...rest, ...(payload !== undefined && { payload }) })
  const isJson = String(raw.headers['content-type'] ?? '').includes('json')
  return { status: raw.statusCode, body: isJson ? raw.json<Record<string, unknown>>() : {}, raw }
}

/** Sends a form, as OAuth clients do. */
export function postForm(
  server: Server,
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
  from: { remoteAddress?: string } = {},
): Promise<Reply> {
  return ask(server, 'POST', url, {
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    ...from,
  })
}

export function postToken(server: Server, fields: Readonly<Record<string, string>>): Promise<Reply> {
  return postForm(server, '/token', fields)
}

const startCopyWithAdmin = copiesOf(async (server) => ({ root: await (await firstAdmin(server)).signsIn() }))

/** Starts a server and signs its first admin in. */
export async function startWithAdmin(
  t: TestContext,
  options: StartOptions = {},
): Promise<{ server: Server; root: Person }> {
  const { server, people } = await startCopyWithAdmin(t, options)
  return { server, ...people }
}

/** Sets up the server with its first admin by the services, without pages. */
export async function firstAdmin(server: Server, username = 'root', password = PASSWORD): Promise<Person> {
  const issued = await issueSetupLink(server.operator())
  assert.ok(issued, 'the server has an admin already')
  const wanted = { token: issued.token, password: Secret.of(password), username, email: null, fullName: null }
  const { attempt } = await beginSetup(server.operator(), wanted)
  return enrol(server, username, password, attempt)
}

/** Creates a user as an admin; the user accepts the invitation and enrols an app. */
export async function newcomer(
  admin: Person,
  username: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Person> {
  const reply = await admin.asks('POST', '/users', { username, ...fields })
  assert.equal(reply.status, 200, `cannot create ${username}: ${reply.raw.body}`)
  const { url } = reply.body['invitation'] as { url: string }
  const token = Secret.of(new URL(url).pathname.split('/').at(-1) ?? '')
  const password = fields['password'] ?? PASSWORD
  const { attempt } = await acceptInvitation(admin.server.operator(), { token, password: Secret.of(password) })
  return enrol(admin.server, username, password, attempt)
}

async function enrol(server: Server, username: string, password: string, attempt: Secret): Promise<Person> {
  const { secret } = await beginEnrolment(server.operator(), attempt)
  const person = new Person(server, username, password, new Authenticator(secret.reveal()))
  await confirmEnrolment(server.operator(), { attempt, code: person.code(), transport: 'bearer' })
  return person
}
