// A server after two weeks of use: about thirty users with names of many kinds, most of them active, some invited, some disabled,
// and the events of all of them. Beside it a server without an admin, one that was just set up, and one
// whose database lacks a table.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { decodeChange } from '#domain/approvals/approval-change.ts'
import { endApproval, openApproval } from '#domain/approvals/approval.service.ts'
import type { Approval, ApprovalRequest } from '#domain/approvals/approval.ts'
import { finishSignIn } from '#domain/attempts/attempt.service.ts'
import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { issueLink, replaceLink } from '#domain/links/link.service.ts'
import { endMail } from '#domain/mail/outbox.queries.ts'
import { insertNewRole } from '#domain/roles/role.service.ts'
import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { contextFor, inTransaction } from '#foundation/context.ts'
import { networkOf } from '#foundation/kernel/network.ts'
import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../../clients/test/src/codes.ts'
import { QUEUES_MAIL } from '../mail/queued-mail.ts'
import { queueMailOfNewerVersion, queueMailWithLink, queueTestMail } from '../mail/queued-mails.ts'
import { startAgentHost } from '../openid/agent-host.ts'
import { authenticatorOn } from '../pages/page-answers.ts'
import { Visitor } from '../pages/visitor.ts'
import { apiTokenOf } from '../people/api-tokens.ts'
import { declareExamples } from '../people/attributes.ts'
import { ask, firstAdmin, newcomer, PASSWORD, type Person, postForm } from '../people/people.ts'
import { mailedToken, newProof, waitingPerson } from '../people/registrations.ts'
import { issuedResetLink } from '../people/reset-links.ts'
import { givePasskey, giveRecoveryCodes, rowOf } from '../people/second-factors.ts'
import { type Listening, listening } from './listening.ts'
import { type MailingServer, mailingServer } from './mailing-server.ts'
import { populateAgents } from './populated-agents.ts'
import {
  type PopulatedClients,
  populateClients,
  type PopulatedResources,
  populateResources,
} from './populated-clients.ts'
import { type PopulatedGroups, populateGroups } from './populated-groups.ts'
import { populateHosts } from './populated-hosts.ts'
import { rememberedSession } from './remembered-user.ts'
import type { Server, StartOptions } from './start.ts'

/** The state of the browser that opens a screen. */
export type Viewer =
  /** Anonymous. */
  | 'anonymous'
  /** Has verified the password and not the second factor. */
  | 'halfway'
  /** Has accepted an invitation and enrols a second factor. */
  | 'newcomer'
  /** Sets up the first admin of the empty server. */
  | 'founder'
  | 'user'
  | 'admin'
  /** A user who signed in a while ago and must re-authenticate before a sensitive action. */
  | 'stale-session'
  /** Users with a passkey: with the password verified, without a recent re-authentication, signed in by one of the last recovery codes. */
  | 'keyholder-halfway'
  | 'keyholder'
  | 'recovered'
  /** Signed in with the first recovery code of a full set. */
  | 'recovered-early'
  /** A user who has done nothing but enrol. */
  | 'beginner'
  /** Users whose names are longer than expected, written from right to left, or look like markup. */
  | 'long'
  | 'hebrew'
  | 'markup'
  /** Has a session that ended after the idle timeout. */
  | 'idle'
  /** A user who may be remembered: with the password verified, and signed in on a remembered device. */
  | 'remembering-halfway'
  | 'remembered'
  /** A disabled user who has verified the password. */
  | 'disabled'
  /** Signed in to the server whose database lacks a table. */
  | 'unlucky'
  /** The only user of the server that was just set up. */
  | 'owner'
  /** The server that sends mail: its admin; a user whose new email waits; users whose review is due: ended by any sign-in, by that with a passkey, and by an admin only. */
  | keyof MailingServer['cookies']

export interface World extends Listening {
  readonly admin: Person
  readonly ada: Person
  /** A disabled user. */
  readonly disabled: Person
  /** By username. */
  readonly ids: ReadonlyMap<string, string>
  /** The ids of authenticator apps: ada has two, the others one. */
  readonly apps: { readonly ada: string; readonly beginner: string; readonly hebrew: string }
  /** The id of a passkey of layla. */
  readonly passkeys: { readonly layla: string }
  /** The id of an API token of ada. */
  readonly tokens: { readonly ada: string }
  readonly groups: PopulatedGroups
  /** Apps that sign users in here. */
  readonly clients: PopulatedClients
  readonly resources: PopulatedResources
  /** References of refused events: a wrong password, and a blocked guess. */
  readonly refusals: { readonly password: string; readonly waiting: string }
  /** Paths of links. */
  readonly links: {
    readonly invitation: string
    /** On the server that was just set up: a mailed link, and the page of a registration that waits. */
    readonly registration: string
    readonly waiting: string
    readonly expired: string
    readonly used: string
    readonly replaced: string
    readonly setup: string
    readonly reset: string
    readonly enrolment: string
    readonly objection: string
  }
  /** The ids of requests of the two-person rule: of another admin, of the viewer, one that is due, and one that was declined. */
  readonly requests: {
    readonly waiting: string
    readonly own: string
    readonly ready: string
    readonly declined: string
  }
  /** The ids of mails. */
  readonly mails: { readonly waiting: string; readonly failed: string; readonly newer: string }
  /** The cookie of the viewer's browser, as a `Cookie` header. */
  readonly cookies: Readonly<Record<Viewer, string>>
  readonly empty: Listening
  /** A server whose only user is its first admin, where people may register. */
  readonly fresh: Listening
  /** A second node of the filled server, on which the two-person rule is on. */
  readonly ruled: Listening
  /** Lacks a table of its database: requests that need it fail, the others work. */
  readonly ailing: Listening
  /** Sends mail. */
  readonly mailing: MailingServer
}

interface Invited {
  readonly username: string
  readonly full_name?: string
  readonly email?: string
}

interface Newcomer extends Invited {
  readonly full_name: string
}

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.3 Mobile/15E148 Safari/604.1'
const LAPTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'
const DESKTOP =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36'
/** A user agent that attacks an admin’s browser, which must not read it as markup. */
const SPITE = '"><script>document.title="caught"</script><img src=x onerror="document.title=1">'

/** Names that have broken pages before. */
export const NAMES = {
  long: 'maximiliane.wolkenstein-trostburg-von-und-zu-hohenschwangau-1867',
  markup: '<img src=x onerror=document.title=1>',
  hebrew: 'נועה',
}

const ACTIVE: readonly Newcomer[] = [
  { username: 'ada', full_name: 'Ada Lovelace', email: 'ada@example.org' },
  {
    username: NAMES.long,
    full_name:
      'Maximiliane Theodora Wolkenstein-Trostburg von und zu Hohenschwangau, Freifrau auf Altenburg und Neuburg',
    email: `${'maximiliane.'.repeat(5).slice(0, -1)}@wolkenstein-trostburg-hohenschwangau.example.org`,
  },
  { username: 'layla', full_name: 'ليلى الحدّاد', email: 'layla@example.org' },
  { username: NAMES.hebrew, full_name: 'נועה בן־דוד' },
  { username: NAMES.markup, full_name: '<script>document.title="caught"</script>', email: 'bobby@example.org' },
  { username: 'turned', full_name: 'Taken over from elsewhere' },
  { username: 'nguyen', full_name: 'Nguyễn Thị Minh Khai', email: 'minh.khai@example.org' },
  { username: 'søren', full_name: 'Søren Ærø' },
  { username: '山田', full_name: '山田 太郎', email: 'yamada@example.org' },
  { username: 'o’brien', full_name: 'Niamh O’Brien' },
  { username: 'konrad', full_name: '' },
  { username: 'linus', full_name: 'Linus Ek', email: 'linus@example.org' },
  ...['anouk', 'bela', 'chiara', 'dario', 'edda'].map((username) => ({
    username,
    full_name: `${username[0]?.toUpperCase()}${username.slice(1)} Winter`,
    email: `${username}@example.org`,
  })),
]
/** A user who is blocked after guesses from another client. */
export const LOCKED_USER = 'edda'
/** A login name that is blocked after guesses; no user has it, which an answer must not reveal. */
export const LOCKED = 'locked'
const DISABLED = ['oskar', 'tilda']
const INVITED = ['emil', 'frida', 'greta', 'henrik']
const WITHOUT_SECOND_STEP = ['ingrid', 'jonas', 'karla', 'ludvig', 'moa']

/** Fills a server. It takes a few seconds, so a test file does it once. */
export async function seedWorld(t: TestContext, options: StartOptions = {}): Promise<World> {
  const agentHost = await startAgentHost(t)
  const { outbound } = agentHost
  const main = await listening(t, { outbound, ...options, settings: { ...QUEUES_MAIL, ...options.settings } })
  const { server } = main
  const founder = await firstAdmin(server, 'grace')
  founder.agent = DESKTOP
  const admin = await founder.signsIn()
  await admin.asks('PATCH', '/users/me', { full_name: 'Grace Hopper', email: 'grace@example.org' })
  const ids = new Map([['grace', String((await admin.asks('GET', '/users/me')).body['id'])]])
  const expired = await invites(admin, ids, { username: 'hugo', full_name: 'Hugo Late' })
  await severalDays(server, [admin])
  const people = new Map<string, Person>()
  const rooted = await admin.signsIn()
  for (const one of ACTIVE) people.set(one.username, await comesIn(rooted, ids, one))
  await setForeignName(server, 'turned', 'Not \u202Eevil\u202C at all')
  for (const username of WITHOUT_SECOND_STEP) {
    const { user } = await createUser(server.operator(), { username, invite: false })
    ids.set(username, String(user.id))
  }
  for (const username of DISABLED) await createsDisabled(rooted, ids, username)
  const [ada, linus, dario] = ['ada', 'linus', 'dario'].map((username) => people.get(username))
  assert.ok(ada && linus && dario)
  ada.agent = LAPTOP
  await rooted.asks('POST', `/users/${ids.get('dario')}/disable`)
  await rooted.asks('PATCH', `/users/${ids.get('linus')}`, { role: 'admin' })
  await makesRoles(server)
  const groups = await populateGroups(server, ids)
  const clients = await populateClients(server, groups, { admin: rooted, ada })
  const resources = await populateResources(server, clients)
  await populateHosts(server, groups)
  await severalDays(server, [admin, ada, linus])
  await populateAgents(server, agentHost, ada)
  return finish(t, {
    ...main,
    ids,
    expired,
    groups,
    clients,
    resources,
    admin: await admin.signsIn(),
    ada,
    disabled: dario,
  })
}

/** A role with a user, one without, and one of the configuration. */
async function makesRoles(server: Server): Promise<void> {
  const ctx = server.operator()
  const permissions = ['users:read', 'users:help'] as const
  await createRole(ctx, { name: 'help-desk', description: 'Helps people who have lost their phone', permissions })
  await createRole(ctx, { name: 'trainees', description: '', permissions: ['users:read'] })
  const auditor = { name: 'auditor', description: '', permissions: ['audit:read'] as const }
  await insertNewRole(ctx, { ...auditor, origin: 'configuration' })
  const hugo = await findUserByName(ctx, 'hugo')
  assert.ok(hugo)
  await changeUser(ctx, hugo, { role: 'help-desk' })
}

async function newestEvent(admin: Person, action: string): Promise<string> {
  const { body } = await admin.asks('GET', `/audit-events?action=${action}&limit=1`)
  const [event] = body['items'] as readonly { id: string }[]
  assert.ok(event, `nothing of ${action} happened`)
  return event.id
}

type Begun = Listening &
  Pick<World, 'admin' | 'ada' | 'disabled' | 'groups' | 'clients' | 'resources'> & {
    readonly ids: Map<string, string>
    readonly expired: string
  }

/** The state of the last day: invitations, sessions on several devices, unfinished sign-ins. */
async function finish(t: TestContext, { expired, ...world }: Begun): Promise<World> {
  const { server, admin, ada, ids } = world
  const invitation = await invites(admin, ids, { username: INVITED[0] ?? '', full_name: 'Emil Nordin' })
  for (const username of INVITED.slice(1)) await invites(admin, ids, { username, email: `${username}@example.org` })
  const waiting = await invites(admin, ids, { username: 'nils', full_name: 'Nils Holm' })
  for (const [agent, ipAddress] of [
    [PHONE, '198.51.100.23'],
    [LAPTOP, '2001:db8:7::5'],
  ] as const) {
    await signInFrom(ada, agent, ipAddress)
    server.clock.pass(minutes(9))
  }
  const idle = await sessionOf(server, 'chiara', LAPTOP)
  server.clock.pass(minutes(45))
  const staleSession = await sessionOf(server, 'linus', LAPTOP)
  const keyholder = await sessionOf(server, 'layla', LAPTOP)
  await locked(server)
  await ada.signsIn()
  await admin.signsIn()
  const apps = { ada: await secondApp(ada), beginner: '', hebrew: '' }
  const tokens = { ada: (await apiTokenOf(ada, ['self:read', 'self:write'], { name: 'Nightly report' })).id }
  const refusals = {
    password: await newestEvent(admin, 'sign_in.refused'),
    waiting: await newestEvent(admin, 'throttle.blocked'),
  }
  const empty = await listening(t)
  const { ailing, cookie: unlucky } = await ailingServer(t)
  const { databaseUrl, dataDir, clock } = server
  const ruled = await listening(t, { databaseUrl, dataDir, clock, settings: { two_person_rule: 'on' } })
  const { fresh, ...registrations } = await freshServer(t)
  const mailing = await mailingServer(t)
  const setup = `/setup/${(await issueSetupLink(empty.server.operator()))?.token.reveal()}`
  const cookies = {
    anonymous: '',
    halfway: await cookieFrom(server, '/sign-in', { username: 'ada', password: PASSWORD }),
    newcomer: await cookieFrom(server, waiting, { password: PASSWORD }),
    founder: await cookieFrom(empty.server, setup, { username: 'first', password: PASSWORD }),
    user: await sessionOf(server, 'ada', DESKTOP),
    admin: await sessionOf(server, 'grace', DESKTOP),
    'stale-session': staleSession,
    ...(await keyholders(server, 'layla')),
    keyholder,
    beginner: await sessionOf(server, 'konrad', PHONE),
    long: await sessionOf(server, NAMES.long, DESKTOP),
    hebrew: await sessionOf(server, NAMES.hebrew, PHONE),
    'recovered-early': await cameByCode(server, NAMES.hebrew),
    markup: await sessionOf(server, NAMES.markup, SPITE),
    idle,
    disabled: await cookieFrom(server, '/sign-in', { username: 'dario', password: PASSWORD }),
    remembered: await rememberedSession(server, { username: 'chiara', agents: [PHONE, LAPTOP] }),
    'remembering-halfway': await cookieFrom(server, '/sign-in', { username: 'chiara', password: PASSWORD }),
    unlucky,
    owner: await sessionOf(fresh.server, 'grace', DESKTOP),
    ...mailing.cookies,
  }
  apps.beginner = await firstOf(server, 'totp', cookies.beginner)
  apps.hebrew = await firstOf(server, 'totp', cookies['recovered-early'])
  const passkeys = { layla: await firstOf(server, 'passkeys', cookies.recovered) }
  const used = await usedInvitation(admin, ids)
  const replaced = await replacedInvitation(server)
  const { objection, ...requests } = await requestsOf(server)
  const mails = await mailsOf(server, await rowOf(ada))
  await chainPending(server.operator())
  return {
    ...world,
    empty,
    fresh,
    ruled,
    ailing,
    mailing,
    cookies,
    apps,
    passkeys,
    tokens,
    refusals,
    mails,
    requests,
    links: { invitation, expired, used, replaced, setup, objection, ...registrations, ...(await waysBackIn(server)) },
  }
}

/** The path of an invitation that a reminder has replaced by another. */
async function replacedInvitation(server: Server): Promise<string> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, INVITED[1] ?? '')
  assert.ok(user)
  const { subject, credentialEpoch: epoch } = user
  const { link, token } = await issueLink(ctx, { purpose: 'invitation', subject, epoch, lifetime: days(1) })
  await replaceLink(ctx, link)
  return `/invitation/${token.reveal()}`
}

/** The paths of a link for a forgotten password, and of one that enrols a second factor. */
async function waysBackIn(server: Server): Promise<{ readonly reset: string; readonly enrolment: string }> {
  const { subject, credentialEpoch: epoch } = await rowOf({ server, username: 'karla' })
  const { token } = await issueLink(server.operator(), { purpose: 'enrolment', subject, epoch, lifetime: days(7) })
  const anouk = await rowOf({ server, username: 'anouk' })
  const script = { name: 'Backup job', scopes: ['self:read'], expiresAt: server.operator().now + days(30) } as const
  await inTransaction(server.operator(), (tx) => issueApiToken(tx, anouk, script, true))
  const reset = `/password-reset/${await issuedResetLink(server, 'anouk')}`
  return { reset, enrolment: `/enrolment-link/${token.reveal()}` }
}

/** A mail with a link that waits, one that was refused, one of a newer version, and one that was sent. */
async function mailsOf(server: Server, { subject }: { readonly subject: string }): Promise<World['mails']> {
  const ctx = server.operator()
  const { db, now } = ctx
  const sent = await queueTestMail({ ...ctx, now: now - hours(5) })
  await endMail(db, sent, { from: ['queued'], to: 'accepted', now })
  const failed = await queueTestMail(ctx, { recipient: `${'maximiliane.'.repeat(5)}w@wolkenstein.example.org` })
  await endMail(db, failed, { from: ['queued'], to: 'failed', now, error: 'EENVELOPE 550 5.1.1 No such mailbox here' })
  await db.updateTable('outbox').set({ attempts: 1 }).where('id', 'in', [sent, failed]).execute()
  const newer = await queueMailOfNewerVersion(ctx)
  const { id: waiting } = await queueMailWithLink(ctx, subject, { facts: { name: 'Ada' } })
  const greylisted = { attempts: 1, next_attempt_at: now + minutes(2), last_error: '451 Try again later' }
  await db.updateTable('outbox').set(greylisted).where('id', '=', waiting).execute()
  return { waiting, failed, newer }
}

/** Requests of two admins, and the path of the objection link of one. */
async function requestsOf(server: Server): Promise<World['requests'] & { readonly objection: string }> {
  const names = ['grace', 'linus', 'layla']
  const [grace, linus, layla] = await Promise.all(names.map((name) => findUserByName(server.operator(), name)))
  assert.ok(grace && linus && layla)
  const opens = (request: ApprovalRequest, asker: User, target: User | null, ago = hours(2)): Promise<Approval> => {
    const ctx = { ...server.operator(), now: server.clock.now() - ago }
    return inTransaction(ctx, (tx) => openApproval(tx, request, { asker, target }))
  }
  const waiting = await opens(decodeChange('change', { role: 'admin' }), linus, layla)
  const reset = {
    kind: 'reset-second-factor',
    values: { resetPassword: true },
    reason: 'New phone, asked in person.',
  } as const
  const own = await opens(reset, grace, linus)
  const profile = { username: 'renate', email: 'renate@example.org', full_name: 'Renate Fuchs', role: 'admin' }
  const creation = decodeChange('create-user', { ...profile, invite: true })
  const ready = await opens({ ...creation, newName: 'renate' }, linus, null, hours(26))
  const declined = await opens({ kind: 'disable', values: {} }, grace, linus)
  await endApproval(server.operator(), declined, { state: 'declined', by: linus.subject })
  const { subject, credentialEpoch: epoch } = layla
  const link = { purpose: 'objection', subject, epoch, lifetime: hours(22), about: waiting.id } as const
  const { token } = await issueLink(server.operator(), link)
  const ids = { waiting: waiting.id, own: own.id, ready: ready.id, declined: declined.id }
  return { ...ids, objection: `/objection/${token.reveal()}` }
}

/** A server with its first admin, a mailed link and people who wait for an approval. */
async function freshServer(t: TestContext) {
  const proof = { registration_domains: 'example.org, example.com', registration_proof_of_work: '8' }
  const fresh = await listening(t, { settings: { ...QUEUES_MAIL, ...proof } })
  const { server } = fresh
  await firstAdmin(server, 'grace')
  const id = await waitingPerson(server, 'ada', 'ada@example.org', 'Ada Lovelace')
  await waitingPerson(server, NAMES.markup, 'bobby@example.org')
  server.clock.pass(minutes(50))
  await waitingPerson(server, NAMES.hebrew, 'noa@example.com', 'נועה בן־דוד')
  await declareExamples(server, 'grace')
  const registration = `/registration/${await mailedToken(server, 'kim@example.org', await newProof(server))}`
  return { fresh, registration, waiting: `/admin/registrations/${id}` }
}

/** A server that has lost a table, and the cookie of a user who signed in before. */
async function ailingServer(t: TestContext): Promise<{ readonly ailing: Listening; readonly cookie: string }> {
  const ailing = await listening(t, { expectedErrors: /unhandled error/ })
  await firstAdmin(ailing.server, 'grace')
  const cookie = await sessionOf(ailing.server, 'grace', DESKTOP)
  await ailing.server.doorward.db.schema.dropTable('totp_factor').execute()
  return { ailing, cookie }
}

/** Adds a passkey to a user, and consumes all recovery codes but two. */
async function keyholders(
  server: Server,
  username: string,
): Promise<{ readonly 'keyholder-halfway': string; readonly recovered: string }> {
  await givePasskey({ server, username })
  const recovered = await cameByCode(server, username)
  const { subject } = await rowOf({ server, username })
  const { db } = server.doorward
  const unused = db
    .selectFrom('recovery_code')
    .select('id')
    .where('subject', '=', subject)
    .where('consumed_at', 'is', null)
  const earlier = (await unused.execute()).map(({ id }) => id).slice(2)
  await db.updateTable('recovery_code').set({ consumed_at: server.clock.now() }).where('id', 'in', earlier).execute()
  return { 'keyholder-halfway': await cookieFrom(server, '/sign-in', { username, password: PASSWORD }), recovered }
}

async function cameByCode(server: Server, username: string): Promise<string> {
  const [first = ''] = await giveRecoveryCodes({ server, username })
  return comesInBy(server, username, first)
}

async function comesInBy(server: Server, username: string, code: string): Promise<string> {
  const visitor = new Visitor(server, { agent: PHONE })
  await visitor.submit('/sign-in', { username, password: PASSWORD })
  await visitor.submit('/sign-in/second-step?way=recovery-code', { recovery_code: code })
  return `session=${visitor.cookies.get('session')}`
}

/** Enrols a second app; returns its id. */
async function secondApp(person: Person): Promise<string> {
  const { body } = await person.asks('POST', '/users/me/totp', { name: 'Spare phone' })
  const id = String(body['id'])
  const code = new Authenticator(String(body['secret'])).code(person.server.clock.now())
  const { status, raw } = await person.asks('POST', `/users/me/totp/${id}/confirm`, { code })
  assert.equal(status, 200, raw.body)
  await person.signsIn()
  return id
}

async function firstOf({ app }: Server, kind: 'totp' | 'passkeys', cookie: string): Promise<string> {
  const answer = await app.inject({ url: '/users/me/factors', headers: { cookie } })
  return String(answer.json<Record<typeof kind, { id: string }[]>>()[kind][0]?.id)
}

/** Creates a user; returns the path of the invitation, or an empty text without one. */
async function invites(admin: Person, ids: Map<string, string>, wanted: Invited): Promise<string> {
  const { status, body, raw } = await admin.asks('POST', '/users', wanted)
  assert.equal(status, 200, raw.body)
  ids.set(wanted.username, String(body['id']))
  const invitation = body['invitation'] as { url: string } | null
  return invitation === null ? '' : new URL(invitation.url).pathname
}

async function comesIn(admin: Person, ids: Map<string, string>, { username, ...fields }: Newcomer): Promise<Person> {
  const person = await newcomer(admin, username, fields)
  ids.set(username, String((await rowOf(person)).id))
  return person
}

/** Sets a name that forms refuse, as a database of another program may contain it. */
async function setForeignName({ doorward }: Server, username: string, fullName: string): Promise<void> {
  await doorward.db.updateTable('users').set({ full_name: fullName }).where('username', '=', username).execute()
}

async function createsDisabled(admin: Person, ids: Map<string, string>, username: string): Promise<void> {
  await invites(admin, ids, { username, full_name: `${username} Berg` })
  await admin.asks('POST', `/users/${ids.get(username)}/disable`)
}

/** Creates a user who enrols by the pages; returns the path of the used invitation. */
async function usedInvitation(admin: Person, ids: Map<string, string>): Promise<string> {
  const { server } = admin
  const path = await invites(admin, ids, { username: 'vera', full_name: 'Vera Lind' })
  const visitor = new Visitor(server, { agent: PHONE })
  await visitor.submit(path, { password: PASSWORD })
  const app = authenticatorOn((await visitor.open('/enrolment/app')).body)
  const done = await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) })
  assert.equal(done.statusCode, 200, done.body)
  return path
}

/** A week of sign-ins, and of failed guesses of other clients. */
async function severalDays(server: Server, people: readonly Person[]): Promise<void> {
  for (let day = 0; day < 7; day++) {
    server.clock.pass(hours(20))
    for (const [at, person] of people.entries()) {
      server.clock.pass(minutes(40))
      if ((day + at) % 3 !== 2) await signInFrom(person, LAPTOP, '203.0.113.7')
    }
    for (let tries = (day * 5) % 4; tries > 0; tries--) await guess(server, tries === 1 ? 'grace' : 'administrator')
    server.clock.pass(days(1) - hours(20) - minutes(40) * people.length)
  }
}

/** Fails guesses at two names until they are blocked for four minutes. */
async function locked(server: Server): Promise<void> {
  for (let tries = 0; tries < 8; tries++) {
    await guess(server, LOCKED)
    await guess(server, LOCKED_USER)
    if (tries < 7) server.clock.pass(minutes(3))
  }
}

async function guess(server: Server, username: string): Promise<void> {
  const from = { remoteAddress: '192.0.2.66', headers: { 'user-agent': SPITE } }
  await ask(server, 'POST', '/attempts', { payload: { username, password: '123456' }, ...from })
}

async function signInFrom(person: Person, agent: string, remoteAddress: string): Promise<void> {
  const { username, password, server } = person
  const form = { username, password: password + person.code() }
  const { status, raw } = await postForm(server, '/token', form, { 'user-agent': agent }, { remoteAddress })
  assert.equal(status, 200, raw.body)
}

/** The cookie that a page sets in the answer to its form. */
async function cookieFrom(server: Server, path: string, form: Readonly<Record<string, string>>): Promise<string> {
  const { raw } = await postForm(server, path, form, {
    origin: server.doorward.config.publicUrl,
    'user-agent': DESKTOP,
  })
  assert.equal(raw.statusCode, 303, raw.body)
  return String(raw.headers['set-cookie']).split(';')[0] ?? ''
}

async function sessionOf(server: Server, username: string, agent: string): Promise<string> {
  const user = await rowOf({ server, username })
  const ipAddress = '203.0.113.7'
  const source = { ipAddress, network: networkOf(ipAddress), userAgent: agent, deviceCookie: null }
  const ctx = contextFor(server.doorward, { kind: 'anonymous', source })
  const verified = {
    user,
    methods: ['password', 'totp'],
    transport: 'cookie',
    attemptId: null,
    guess: NO_GUESS,
  } as const
  const finished = await inTransaction(ctx, async (tx) => {
    await tx.db.updateTable('totp_factor').set({ last_used_at: tx.now }).where('subject', '=', user.subject).execute()
    return finishSignIn(tx, verified)
  })
  assert.equal(finished.stage, 'complete')
  return `session=${finished.token.reveal()}`
}
