// For every operation of the API, the state in which it succeeds: principal, target, real token and code.
import type { LightMyRequestResponse } from 'fastify'
import type { TestContext } from 'node:test'

import { storeAgentClient } from '#domain/clients/agent-client.service.ts'
import { NEW_CLIENT } from '#domain/clients/client.ts'
import { insertEmailChange } from '#domain/notices/email-change.queries.ts'
import { storeNotice } from '#domain/notices/notice.service.ts'
import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import { setAppIcon } from '#use-cases/administration/clients/app-icon.service.ts'
import { createApp, listApps, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { createHost, listNamedHosts } from '#use-cases/administration/hosts/hosts.service.ts'
import { createResource, listNamedResources } from '#use-cases/administration/resources/resources.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { QUEUES_MAIL } from '../mail/queued-mail.ts'
import { queueTestMail } from '../mail/queued-mails.ts'
import { agreesTo } from '../openid/consents.ts'
import { apiTokenOf } from '../people/api-tokens.ts'
import { declares } from '../people/attributes.ts'
import { newGroup } from '../people/groups.ts'
import { linkAbout } from '../people/link-about.ts'
import { ask, firstAdmin, newcomer, PASSWORD, type Person, type Reply } from '../people/people.ts'
import { mailedToken, waitingPerson } from '../people/registrations.ts'
import { issuedEnrolmentLink, issuedResetLink, verifyEmail } from '../people/reset-links.ts'
import {
  asksForPasskey,
  beginsApp,
  beginsEnrolment,
  givePasskey,
  newPhone,
  opensAttempt,
  passkeyForReauthentication,
  provesSecondStep,
  rowOf,
} from '../people/second-factors.ts'
import { newWaitingRequest } from '../people/waiting-requests.ts'
import { pngSquare } from '../pictures.ts'
import { storePolicyVersion } from '../policies/stored-policies.ts'
import { copiesOf } from '../server/copied-server.ts'
import type { Server } from '../server/start.ts'
import type { Contract, Operation } from './openapi.ts'
import { idOf, invitationIn, itemsOf } from './replies.ts'

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
  readonly userId?: string
  /** The values that replace those of the example: the current code, the user's own token. */
  readonly real?: Body
  /** The body, where it is a file. */
  readonly file?: Buffer
}

const startScene = copiesOf(settle)

/** A scene on a server of its own, or on this one, which has no user yet. */
export async function newScene(t: TestContext, given?: Server): Promise<Scene> {
  if (given !== undefined) return { server: given, ...(await settle(given)) }
  const { server, people } = await startScene(t, { settings: QUEUES_MAIL })
  return { server, ...people }
}

async function settle(server: Server): Promise<{ readonly admin: Person; readonly ada: Person }> {
  const admin = await (await firstAdmin(server)).signsIn()
  return { admin, ada: await (await newcomer(admin, 'ada', { password: PASSWORD })).signsIn() }
}

type Preparation = (scene: Scene, example: Body) => Promise<Prepared> | Prepared

/** Operations of a signed-in user, and of an admin, for which nothing else must exist; and those of an admin on ada. */
const BY_ADA = [
  ...'showSession signOut reauthenticationOptions getMyself changeMyself replaceMyself deleteMyself'.split(' '),
  ...'changeMyPassword listMySessions endMyOtherSessions listMyFactors beginMyTotp myPasskeyOptions'.split(' '),
  ...'getMyNotices changeMyNotices getMyEmail discardMyPendingEmail'.split(' '),
  ...'getMyAttributes changeMyAttributes listAttributes'.split(' '),
  ...'listMyRememberedDevices forgetMyRememberedDevices listMyGroups listMyApps'.split(' '),
  ...'countMyRecoveryCodes renewMyRecoveryCodes listMyTokens makeMyToken listMyActivity listRequestsAboutMe'.split(' '),
]
const BY_ADMIN = [
  ...'listUsers createUser inviteUsers listAuditEvents getOverview getCheckup listMails retryMails listApprovals'.split(
    ' ',
  ),
  ...'declareAttribute listGroups createGroup listRoles createRole askForEmailConfirmations listApps createApp listResources createResource listHosts createHost getAgents changeAgents'.split(
    ' ',
  ),
]
const ON_ADA = [
  ...'listTokensOfUser getUser changeUser deleteUser disableUser enableUser resetSecondFactor'.split(' '),
  ...'signOutUser unlockUser listFactorsOfUser getReview getUserAttributes changeUserAttributes'.split(' '),
  ...'listRememberedDevicesOfUser forgetRememberedDevicesOfUser listGroupsOfUser getHelp getPolicyOfUser listAppsOfUser'.split(
    ' ',
  ),
]

const ON_A_GROUP = [
  ...'getGroup changeGroup deleteGroup listGroupMembers addGroupMembers addGroupMember removeGroupMember'.split(' '),
  ...'listGroupManagers addGroupManager removeGroupManager'.split(' '),
]
const ON_AN_APP =
  'getApp checkAppAccess changeApp deleteApp disableApp enableApp endAppSignIns addAppSecret endAppSecret removeAppIcon getAppDeliveries retryAppDeliveries'.split(
    ' ',
  )
const BY_A_MANAGER = 'listMembersOfMyGroup addMembersToMyGroup removeMemberOfMyGroup'.split(' ')

function each(operations: readonly string[], prepare: Preparation): Record<string, Preparation> {
  return Object.fromEntries(operations.map((operation) => [operation, prepare]))
}

/** The preparations by operation id. They get the example, because some real values depend on it. */
const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  ...each(['beginSignIn', 'passkeySignInOptions', 'getHealth', 'getReadiness'], () => ({})),
  ...each(BY_ADA, ({ ada }) => ({ as: ada })),
  ...each(BY_ADMIN, ({ admin }) => ({ as: admin })),
  ...each(ON_ADA, async ({ admin, ada }) => ({ as: admin, id: String(await idOf(ada)) })),
  createToken: ({ ada }, example) => ({
    real: example['totp'] === undefined ? { password: ada.password + ada.code() } : { totp: ada.code() },
  }),
  proveSecondFactor: async ({ ada }) => ({ real: { attempt: await opensAttempt(ada), proof: ada.code() } }),
  reauthenticate: ({ ada }) => ({ as: ada, real: { code: ada.code() } }),
  beginEnrolment: async (scene) => ({ real: { attempt: await enrolment(scene) } }),
  confirmEnrolment: async (scene) => ({ real: await beginsEnrolment(scene.server, await enrolment(scene)) }),
  passkeyEnrolmentOptions: async (scene) => ({ real: { attempt: await enrolment(scene) } }),
  enrolPasskey: async (scene) => {
    const attempt = await enrolment(scene)
    return { real: { attempt, response: (await passkeyIn(scene.server, attempt)).made } }
  },
  signInWithPasskey: async (scene) => {
    const attempt = await enrolment(scene)
    const { authenticator, made } = await passkeyIn(scene.server, attempt)
    await ask(scene.server, 'POST', '/attempts/passkeys', { payload: { attempt, response: made } })
    return { real: { response: authenticator.assert(await asksForPasskey(scene.server)) } }
  },
  requestPasswordReset: () => ({}),
  resetPassword: async ({ server }) => ({ real: { token: await issuedResetLink(server, 'ada') } }),
  acceptEnrolmentLink: async ({ server }) => ({ real: { token: await issuedEnrolmentLink(server, 'ada') } }),
  verifyMyEmail: async ({ admin, ada }) => {
    await admin.asks('PATCH', `/users/${await idOf(ada)}`, { email: 'ada@example.org' })
    return { as: ada }
  },
  readReview: async ({ server, ada }) => ({ real: { attempt: await reviewOf(server, ada) } }),
  completeReview: async ({ server, ada }) => ({ real: { attempt: await reviewOf(server, ada) } }),
  readNotice: async ({ server, ada }) => ({ real: { token: await noticeTo(server, ada) } }),
  reportNotMe: async ({ server, ada }) => ({ real: { token: await noticeTo(server, ada) } }),
  confirmEmail: async ({ server, ada }) => ({ real: { token: await emailLink(server, ada, 'email-confirmation') } }),
  confirmMyEmail: async ({ server, ada }) => ({
    as: ada,
    real: { token: await emailLink(server, ada, 'email-confirmation') },
  }),
  undoEmail: async ({ server, ada }) => ({ real: { token: await emailLink(server, ada, 'email-undo') } }),
  liftReview: async ({ server, admin, ada }) => {
    const id = String(await idOf(ada))
    await reviewOf(server, ada)
    return { as: admin, id }
  },
  ...each(['registrationChallenge', 'requestRegistration'], () => ({})),
  submitRegistration: async ({ server }) => ({ real: { token: await mailedToken(server, 'grace@example.org') } }),
  listRegistrations: ({ admin }) => ({ as: admin }),
  ...each(['approveRegistration', 'declineRegistration'], async ({ server, admin }) => ({
    as: admin,
    id: await waitingPerson(server, 'grace', 'grace@example.org'),
  })),
  ...each(['getRole', 'changeRole', 'deleteRole'], async ({ server, admin }) => {
    const role = await createRole(server.operator(), { name: 'old-desk', description: '', permissions: ['users:read'] })
    return { as: admin, id: role.name }
  }),
  acceptInvitation: async (scene) => ({ real: { token: invitationIn(await invited(scene)) } }),
  endMySession: async ({ ada }) => ({ as: ada, id: String((await ada.asks('GET', '/session')).body['id']) }),
  confirmMyTotp: async ({ ada }) => {
    const { id, code } = await beginsApp(ada)
    return { as: ada, id, real: { code } }
  },
  renameMyTotp: async ({ ada }) => ({ as: ada, id: await appOf(ada) }),
  removeMyTotp: async ({ ada }) => {
    const id = await appOf(ada)
    const { url, code } = await beginsApp(ada)
    await ada.asks('POST', url, { code })
    return { as: ada, id }
  },
  addMyPasskey: async ({ server, ada }) => {
    const { body } = await ada.asks('POST', '/users/me/passkeys/options')
    return { as: ada, real: { response: newPhone(server).register(body as never) } }
  },
  renameMyPasskey: async ({ ada }) => ({ as: ada, id: await passkeyOf(ada) }),
  removeMyPasskey: async ({ ada }) => ({ as: ada, id: await passkeyOf(ada) }),
  revokeMyToken: async ({ ada }) => ({ as: ada, id: (await apiTokenOf(ada)).id }),
  revokeTokenOfUser: async ({ admin, ada }) => ({
    as: admin,
    id: String(await idOf(ada)),
    tokenId: (await apiTokenOf(ada)).id,
  }),
  forgetMyRememberedDevice: async ({ ada }) => ({ as: ada, id: await deviceOf(ada) }),
  forgetRememberedDeviceOfUser: async ({ admin, ada }) => ({
    as: admin,
    id: String(await idOf(ada)),
    tokenId: await deviceOf(ada),
  }),
  inviteUser: async (scene) => ({ as: scene.admin, id: String((await invited(scene)).body['id']) }),
  ...each(['getApproval', 'approveRequest', 'declineRequest'], async ({ server, admin }) => ({
    as: admin,
    id: (await newWaitingRequest(server)).id,
  })),
  carryOutRequest: async ({ server, admin }) => ({
    as: admin,
    id: (await newWaitingRequest(server, { isReady: true })).id,
  }),
  withdrawRequest: async ({ server, admin }) => ({
    as: admin,
    id: (await newWaitingRequest(server, { asker: await findUserByName(server.operator(), admin.username) })).id,
  }),
  objectToRequest: async ({ server, ada }) => ({
    as: ada,
    id: (await newWaitingRequest(server, { target: await findUserByName(server.operator(), ada.username) })).id,
  }),
  objectByLink: async ({ server }) => ({ real: { token: (await newWaitingRequest(server)).token } }),
  ...each(['getMail', 'retryMail', 'dropMail'], async ({ server, admin }) => ({
    as: admin,
    id: await queueTestMail(server.operator()),
  })),
  ...each(['getAttribute', 'changeAttribute', 'deleteAttribute'], async ({ admin }) => {
    await declares(admin, [{ key: 'desk', label: 'Desk' }])
    return { as: admin, id: 'desk' }
  }),
  ...each(ON_A_GROUP, async ({ admin, ada }) => ({
    as: admin,
    id: (await idIn(admin, '/groups', 'Of ada')) ?? (await newGroup(admin, 'Of ada')),
    userId: String((await rowOf(ada)).id),
  })),
  ...each(BY_A_MANAGER, async ({ admin, ada }) => ({
    as: ada,
    id: await newGroup(admin, 'Led by ada', { managers: [ada] }),
    userId: String((await rowOf(ada)).id),
  })),
  signOutOfMyApp: async ({ server, ada }) => ({ as: ada, id: await signedInAt(server, ada) }),
  signUserOutOfApp: async ({ server, admin, ada }) => ({
    as: admin,
    id: String(await idOf(ada)),
    tokenId: await signedInAt(server, ada),
  }),
  getAppIcon: async ({ server }) => {
    const { id } = await appIn(server)
    await setAppIcon(server.operator(), id, pngSquare(16))
    return { id }
  },
  setAppIcon: async ({ server, admin }) => ({ as: admin, file: pngSquare(16), ...(await appIn(server)) }),
  ...each(ON_AN_APP, async ({ server, admin }) => ({ as: admin, ...(await appIn(server)) })),
  endAgentSignIns: async ({ server, admin }) => {
    await agentIn(server)
    return { as: admin }
  },
  ...each(['getResource', 'changeResource', 'deleteResource'], async ({ server, admin }) => ({
    as: admin,
    id: await resourceIn(server),
  })),
  ...each(['getHost', 'changeHost', 'deleteHost', 'checkHostRequest'], async ({ server, admin }) => ({
    as: admin,
    id: await hostIn(server),
  })),
  ...each(['listPolicies', 'createPolicy'], ({ admin }) => ({ as: admin })),
  ...each(
    ['getPolicy', 'renamePolicy', 'deletePolicy', 'addPolicyVersion', 'endPolicy'],
    async ({ admin }, example) => ({
      as: admin,
      id: (await plannedPolicy(admin)).id,
      ...('in_force_from' in example && { real: { in_force_from: toRfc3339(admin.server.clock.now() + days(2)) } }),
    }),
  ),
  ...each(['readPolicyPlan', 'readPolicyProgress', 'listPolicyExemptions'], async ({ admin }) => ({
    as: admin,
    ...(await plannedPolicy(admin)),
  })),
  planPolicy: ({ admin }) => ({ as: admin }),
  exemptFromPolicy: async ({ admin, ada, server }) => ({
    as: admin,
    userId: String((await rowOf(ada)).id),
    ...(await plannedPolicy(admin)),
    real: { ends_at: toRfc3339(server.clock.now() + days(2)) },
  }),
  endPolicyExemption: async ({ admin, ada, server }) => {
    const { id } = await plannedPolicy(admin)
    const userId = String((await rowOf(ada)).id)
    const given = { reason: 'On leave', ends_at: toRfc3339(server.clock.now() + days(2)) }
    await admin.asks('PUT', `/policies/${id}/exemptions/${userId}`, given)
    return { as: admin, id, userId }
  },
  cancelPolicyVersion: async ({ admin }) => ({ as: admin, tokenId: '1', ...(await plannedPolicy(admin)) }),
  getRefusal: async ({ server, admin, ada }) => ({ as: admin, id: await refusalOf(server, ada) }),
  getRefusalOfUser: async ({ server, admin, ada }) => ({
    as: admin,
    id: String(await idOf(ada)),
    tokenId: await refusalOf(server, ada),
  }),
  mailPasswordLink: async ({ server, admin, ada }) => {
    await verifyEmail(server, ada.username)
    return { as: admin, id: String(await idOf(ada)) }
  },
  mailInvitationAgain: async ({ admin }) => {
    const wanted = { username: 'grace', email: 'grace@example.org', delivery: 'mail' }
    return { as: admin, id: String((await admin.asks('POST', '/users', wanted)).body['id']) }
  },
  exemptForHelp: async ({ server, admin, ada }) => {
    const terms = { scope: 'role', scopeRef: 'user', sessionIdle: 600_000, helpersMayExempt: true } as const
    await storePolicyVersion(server.doorward.db, { id: 'users', ...terms })
    const ends_at = toRfc3339(server.clock.now() + days(2))
    return { as: admin, id: String(await idOf(ada)), real: { policy_id: 'users', ends_at } }
  },
}

export const PREPARED_OPERATIONS: readonly string[] = Object.keys(PREPARATIONS)

function invited({ admin }: Scene): Promise<Reply> {
  return admin.asks('POST', '/users', { username: 'grace' })
}

/** The id of what has this name in a list; undefined where nothing has it: several reading requests may be prepared in one scene. */
async function idIn(admin: Person, list: string, name: string): Promise<string | undefined> {
  const items = itemsOf(await admin.asks('GET', list))
  return items.find((item) => item['name'] === name)?.['id'] as string | undefined
}

/** An app with its secret. Several reading requests may be prepared in one scene. */
async function appIn(server: Server): Promise<{ readonly id: string; readonly tokenId: string }> {
  const ctx = server.operator()
  const [known] = (await listApps(ctx, { limit: 1 })).items
  const wanted = { name: 'Notes', redirectUris: ['https://notes.example.org/callback'] }
  const { id } = known?.client ?? (await createApp(ctx, wanted)).client
  const { secrets } = await readApp(ctx, id)
  return { id, tokenId: secrets[0]?.id ?? '' }
}

/** An app to which the user has agreed. */
async function signedInAt(server: Server, person: Person): Promise<string> {
  const { id } = await appIn(server)
  const { subject } = await rowOf(person)
  await agreesTo(server, id, subject, ['scope:email'])
  return id
}

/** The agent that the example of the API names. */
async function agentIn(server: Server): Promise<void> {
  const id = 'https://agent.example/client.json'
  const redirectUris = ['https://agent.example/callback']
  const fields = {
    ...NEW_CLIENT,
    kind: 'agent',
    name: 'Agent',
    redirectUris,
    authMethod: 'none',
    trusted: false,
  } as const
  await storeAgentClient(server.operator(), { id, fields, most: 10 })
}

/** A resource whose tokens are JWTs, so that no app has to serve it. */
async function resourceIn(server: Server): Promise<string> {
  const ctx = server.operator()
  const [known] = (await listNamedResources(ctx, { limit: 1 })).items
  const wanted = { uri: 'https://api.example.org/', name: 'API', tokenFormat: 'jwt' } as const
  return (known?.resource ?? (await createResource(ctx, wanted))).id
}

async function hostIn(server: Server): Promise<string> {
  const ctx = server.operator()
  const [known] = (await listNamedHosts(ctx, { limit: 1 })).items
  return (known?.host ?? (await createHost(ctx, { name: 'wiki.example.org' }))).name
}

/** A policy whose only version is in force from tomorrow on. */
async function plannedPolicy(admin: Person): Promise<{ readonly id: string }> {
  const known = await idIn(admin, '/policies', 'Admins')
  if (known !== undefined) return { id: known }
  const tomorrow = toRfc3339(admin.server.clock.now() + days(1))
  const wanted = { name: 'Admins', scope: 'role', scope_ref: 'admin', session_idle: 600, in_force_from: tomorrow }
  return { id: String((await admin.asks('POST', '/policies', wanted)).body['id']) }
}

/** The attempt of a user who has accepted an invitation. */
async function enrolment(scene: Scene): Promise<string> {
  const payload = { token: invitationIn(await invited(scene)), password: 'a kettle full of stars' }
  return String((await ask(scene.server, 'POST', '/invitations/accept', { payload })).body['attempt'])
}

/** A passkey that was made for an enrolment and is not confirmed. */
async function passkeyIn(server: Server, attempt: string) {
  const { body } = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  const authenticator = newPhone(server)
  return { authenticator, made: authenticator.register(body as never) }
}

/** The attempt of a user who must review the account. */
async function reviewOf(server: Server, person: Person): Promise<string> {
  await ask(server, 'POST', '/notices/not-me', { payload: { token: await noticeTo(server, person) } })
  const attempt = await opensAttempt(person)
  const held = await provesSecondStep(server, attempt, ['totp', person.code()])
  return String(held.body['attempt'])
}

/** The token of a link "This wasn't me". */
async function noticeTo(server: Server, person: Person): Promise<string> {
  const ctx = server.operator()
  const id = ctx.newId()
  await storeNotice(ctx, await rowOf(person), { id, kind: 'new-device', once: null })
  return linkAbout(person, 'not-me', id)
}

/** The token of a link that confirms a new email, or undoes it. */
async function emailLink(server: Server, person: Person, purpose: 'email-confirmation' | 'email-undo') {
  const ctx = server.operator()
  const { subject } = await rowOf(person)
  const times = { createdAt: ctx.now, expiresAt: ctx.now + days(1) }
  const confirmedAt = purpose === 'email-undo' ? ctx.now : null
  const change = { id: ctx.newId(), subject, email: 'countess@example.org', formerEmail: null, formerVerifiedAt: null }
  await insertEmailChange(ctx.db, { ...change, ...times, confirmedAt })
  return linkAbout(person, purpose, change.id)
}

/** The reference that the answer to a wrong password shows. */
async function refusalOf(server: Server, { username }: Person): Promise<string> {
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: 'not the password' } })
  return String(body['refusal'])
}

async function appOf(person: Person): Promise<string> {
  const { body } = await person.asks('GET', '/users/me/factors')
  return String((body['totp'] as readonly { id: string }[])[0]?.id)
}

/** Remembers a device of the user; returns its id. */
async function deviceOf(person: Person): Promise<string> {
  const user = await rowOf(person)
  return (await inTransaction(person.server.operator(), (tx) => rememberDevice(tx, user, days(30)))).id
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
  /** Sent instead of the body. */
  readonly file?: Buffer | undefined
}

/** Creates the state that the operation needs to succeed. */
export async function readyRequest(scene: Scene, operation: Operation, example: Body = {}): Promise<ReadyRequest> {
  const prepare = PREPARATIONS[operation.operationId]
  if (prepare === undefined) throw new Error(`no preparation makes ${operation.operationId} succeed`)
  const { as, id = '', tokenId = '', userId = '', real = {}, file } = await prepare(scene, example)
  const [type] = Object.keys(operation.requestBody?.content ?? {})
  const ids = {
    id,
    key: id,
    name: id,
    tokenId,
    deviceId: tokenId,
    app_id: tokenId,
    secret_id: tokenId,
    reference: tokenId,
    user_id: userId,
    version: tokenId,
  }
  const url = Object.entries(ids).reduce((path, [name, value]) => path.replace(`{${name}}`, value), operation.path)
  return { method: operation.method, url, as, type, body: file === undefined ? { ...example, ...real } : {}, file }
}

/** Sends the request; `headers` replace the bearer token. */
export function sendReady(
  { server }: Scene,
  { method, url, as, type, body, file }: ReadyRequest,
  headers?: Readonly<Record<string, string>>,
): Promise<LightMyRequestResponse> {
  const carried = headers ?? (as?.token === undefined ? {} : { authorization: `Bearer ${as.token}` })
  return server.app.inject({
    method,
    url,
    headers: { ...carried, ...(type !== undefined && { 'content-type': type }) },
    ...(type !== undefined && { payload: file ?? (type === 'application/json' ? JSON.stringify(body) : formOf(body)) }),
  })
}

export function formOf(body: Body): string {
  return new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])).toString()
}
