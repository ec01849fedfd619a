// For every operation of the API, the state in which it succeeds: principal, target, real token and code.
import type { TestContext } from 'node:test'

import type { LightMyRequestResponse } from 'fastify'

import { apiTokenOf } from '../people/api-tokens.ts'
import { Authenticator } from '../people/authenticator.ts'
import type { Contract, Operation } from './openapi.ts'
import { ask, firstAdmin, newcomer, PASSWORD } from '../people/people.ts'
import type { Person } from '../people/people.ts'
import { givePasskey, newPhone, passkeyForReauthentication } from '../people/second-factors.ts'
import { SoftwareAuthenticator } from '../people/software-authenticator.ts'
import type { CreationOptions, RequestOptions } from '../people/software-authenticator.ts'
import { start } from '../server/start.ts'
import type { Server } from '../server/start.ts'

export interface Scene {
  readonly server: Server
  readonly admin: Person
  /** A user who signed in a moment ago. */
  readonly ada: Person
}

export type Body = Readonly<Record<string, unknown>>

interface Prepared {
  readonly as?: Person
  readonly id?: string
  readonly tokenId?: string
  /** The values that replace those of the example: the present code, the user's own token. */
  readonly real?: Body
}

export async function newScene(t: TestContext, given?: Server): Promise<Scene> {
  const server = given ?? (await start(t))
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await (await newcomer(admin, 'ada', { password: PASSWORD })).signsIn()
  return { server, admin, ada }
}

/** The preparations by operation id. They get the example, because some real values depend on it. */
const PREPARATIONS: Readonly<Record<string, (scene: Scene, example: Body) => Promise<Prepared> | Prepared>> = {
  createToken: ({ ada }, example) => ({
    real: example['totp'] === undefined ? { password: ada.password + ada.code() } : { totp: ada.code() },
  }),
  beginSignIn: () => ({}),
  proveSecondFactor: async (scene) => ({ real: { attempt: await attemptOf(scene), proof: scene.ada.code() } }),
  showSession: ({ ada }) => ({ as: ada }),
  signOut: ({ ada }) => ({ as: ada }),
  reauthenticate: ({ ada }) => ({ as: ada, real: { code: ada.code() } }),
  beginEnrolment: async (scene) => ({ real: { attempt: await enrolment(scene) } }),
  confirmEnrolment: async (scene) => {
    const attempt = await enrolment(scene)
    const { body } = await ask(scene.server, 'POST', '/attempts/totp', { payload: { attempt } })
    return { real: { attempt, code: new Authenticator(String(body['secret'])).code(scene.server.clock.now()) } }
  },
  passkeyEnrolmentOptions: async (scene) => ({ real: { attempt: await enrolment(scene) } }),
  enrolPasskey: async (scene) => {
    const attempt = await enrolment(scene)
    return { real: { attempt, response: (await passkeyIn(scene.server, attempt)).made } }
  },
  passkeySignInOptions: () => ({}),
  signInWithPasskey: async (scene) => {
    const attempt = await enrolment(scene)
    const { authenticator, made } = await passkeyIn(scene.server, attempt)
    await ask(scene.server, 'POST', '/attempts/passkeys', { payload: { attempt, response: made } })
    const { body } = await ask(scene.server, 'POST', '/attempts/passkey/options', { payload: {} })
    return { real: { response: authenticator.assert(body as unknown as RequestOptions) } }
  },
  reauthenticationOptions: ({ ada }) => ({ as: ada }),
  acceptInvitation: async (scene) => ({ real: { token: (await invited(scene)).token } }),
  getMyself: ({ ada }) => ({ as: ada }),
  changeMyself: ({ ada }) => ({ as: ada }),
  replaceMyself: ({ ada }) => ({ as: ada }),
  deleteMyself: ({ ada }) => ({ as: ada }),
  changeMyPassword: ({ ada }) => ({ as: ada }),
  listMySessions: ({ ada }) => ({ as: ada }),
  endMyOtherSessions: ({ ada }) => ({ as: ada }),
  endMySession: async ({ ada }) => ({ as: ada, id: String((await ada.asks('GET', '/session')).body['id']) }),
  listMyFactors: ({ ada }) => ({ as: ada }),
  beginMyTotp: ({ ada }) => ({ as: ada }),
  confirmMyTotp: async ({ server, ada }) => {
    const { body } = await ada.asks('POST', '/users/me/totp')
    return {
      as: ada,
      id: String(body['id']),
      real: { code: new Authenticator(String(body['secret'])).code(server.clock.now()) },
    }
  },
  renameMyTotp: async ({ ada }) => ({ as: ada, id: await appOf(ada) }),
  removeMyTotp: async ({ server, ada }) => {
    const id = await appOf(ada)
    const { body } = await ada.asks('POST', '/users/me/totp')
    await ada.asks('POST', `/users/me/totp/${String(body['id'])}/confirm`, {
      code: new Authenticator(String(body['secret'])).code(server.clock.now()),
    })
    return { as: ada, id }
  },
  myPasskeyOptions: ({ ada }) => ({ as: ada }),
  addMyPasskey: async ({ server, ada }) => {
    const { body } = await ada.asks('POST', '/users/me/passkeys/options')
    return { as: ada, real: { response: newPhone(server).register(body as unknown as CreationOptions) } }
  },
  renameMyPasskey: async ({ ada }) => ({ as: ada, id: await passkeyOf(ada) }),
  removeMyPasskey: async ({ ada }) => ({ as: ada, id: await passkeyOf(ada) }),
  countMyRecoveryCodes: ({ ada }) => ({ as: ada }),
  renewMyRecoveryCodes: ({ ada }) => ({ as: ada }),
  listMyTokens: ({ ada }) => ({ as: ada }),
  makeMyToken: ({ ada }) => ({ as: ada }),
  revokeMyToken: async ({ ada }) => ({ as: ada, id: (await apiTokenOf(ada)).id }),
  listTokensOfUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  revokeTokenOfUser: async ({ admin, ada }) => ({
    as: admin,
    id: await idOf(ada),
    tokenId: (await apiTokenOf(ada)).id,
  }),
  listMyActivity: ({ ada }) => ({ as: ada }),
  listUsers: ({ admin }) => ({ as: admin }),
  createUser: ({ admin }) => ({ as: admin }),
  getUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  changeUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  deleteUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  disableUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  enableUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  inviteUser: async (scene) => ({ as: scene.admin, id: (await invited(scene)).id }),
  resetSecondFactor: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  signOutUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  unlockUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  getRefusal: async ({ server, admin, ada }) => ({ as: admin, id: await refusalOf(server, ada) }),
  listFactorsOfUser: async ({ admin, ada }) => ({ as: admin, id: await idOf(ada) }),
  listAuditEvents: ({ admin }) => ({ as: admin }),
  getOverview: ({ admin }) => ({ as: admin }),
  getCheckup: ({ admin }) => ({ as: admin }),
  getHealth: () => ({}),
  getReadiness: () => ({}),
}

export const PREPARED_OPERATIONS: readonly string[] = Object.keys(PREPARATIONS)

/** An attempt at its second step. */
export async function attemptOf({ server, ada }: Scene): Promise<string> {
  const { body } = await ask(server, 'POST', '/attempts', {
    payload: { username: ada.username, password: ada.password },
  })
  return String(body['attempt'])
}

async function invited({ admin }: Scene): Promise<{ id: string; token: string }> {
  const { body } = await admin.asks('POST', '/users', { username: 'grace' })
  const { url } = body['invitation'] as { url: string }
  return { id: String(body['id']), token: url.split('/').at(-1) ?? '' }
}

async function enrolment(scene: Scene): Promise<string> {
  const { token } = await invited(scene)
  const { body } = await ask(scene.server, 'POST', '/invitations/accept', {
    payload: { token, password: 'a kettle full of stars' },
  })
  return String(body['attempt'])
}

/** A passkey that was made for an enrolment and is not confirmed. */
async function passkeyIn(server: Server, attempt: string) {
  const { body } = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  const authenticator = new SoftwareAuthenticator({ origin: server.operator().config.publicUrl })
  return { authenticator, made: authenticator.register(body as unknown as CreationOptions) }
}

/** The reference that the answer to a wrong password shows. */
async function refusalOf(server: Server, { username }: Person): Promise<string> {
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: 'not the password' } })
  return String(body['refusal'])
}

async function idOf(person: Person): Promise<string> {
  return String((await person.asks('GET', '/users/me')).body['id'])
}

async function appOf(person: Person): Promise<string> {
  const { body } = await person.asks('GET', '/users/me/factors')
  return String((body['totp'] as readonly { id: string }[])[0]?.id)
}

/** A passkey with which the user has just re-authenticated. */
async function passkeyOf(person: Person): Promise<string> {
  const phone = await givePasskey(person)
  await person.asks('POST', '/session/proof', { passkey: await passkeyForReauthentication(person, phone) })
  const { body } = await person.asks('GET', '/users/me/factors')
  return String((body['passkeys'] as readonly { id: string }[])[0]?.id)
}

/** The documented example bodies of an operation: of its JSON, else of its form. */
export function exampleBodies(contract: Contract, { requestBody }: Operation): Body[] {
  const [content] = Object.values(requestBody?.content ?? {})
  return content === undefined ? [] : ((contract.inlined(content.schema).examples ?? []) as Body[])
}

/** A request that would succeed, to be sent as it is or with one change. */
export interface ReadyRequest {
  readonly method: Operation['method']
  readonly url: string
  /** The user whose bearer token is sent; undefined where none is needed. */
  readonly as: Person | undefined
  readonly type: string | undefined
  readonly body: Body
}

/** Creates the state that the operation needs to succeed. */
export async function readyRequest(scene: Scene, operation: Operation, example: Body = {}): Promise<ReadyRequest> {
  const prepare = PREPARATIONS[operation.operationId]
  if (prepare === undefined) throw new Error(`no preparation makes ${operation.operationId} succeed`)
  const { as, id = '', tokenId = '', real = {} } = await prepare(scene, example)
  const [type] = Object.keys(operation.requestBody?.content ?? {})
  const url = operation.path.replace('{id}', id).replace('{tokenId}', tokenId)
  return { method: operation.method, url, as, type, body: { ...example, ...real } }
}

/** Sends the request; `headers` replace the bearer token. */
export function sendReady(
  { server }: Scene,
  { method, url, as, type, body }: ReadyRequest,
  headers?: Readonly<Record<string, string>>,
): Promise<LightMyRequestResponse> {
  const carried = headers ?? (as?.token === undefined ? {} : { authorization: `Bearer ${as.token}` })
  return server.app.inject({
    method,
    url,
    headers: { ...carried, ...(type !== undefined && { 'content-type': type }) },
    ...(type !== undefined && { payload: type === 'application/json' ? JSON.stringify(body) : formOf(body) }),
  })
}

export function formOf(body: Body): string {
  return new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString()
}
