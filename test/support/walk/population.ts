// The people of a world: three admins and two users with an app, recovery codes and a verified email, and a thief with nothing.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { totpStep } from '#domain/factors/totp/totp.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { QUEUES_MAIL } from '../mail/queued-mail.ts'
import { AGENT_HOST, type AgentHost, OTHER_HOST, startAgentHost } from '../openid/agent-host.ts'
import { allowAgents } from '../openid/agents.ts'
import { registerApp } from '../openid/apps.ts'
import { firstAdmin, newcomer, type Person } from '../people/people.ts'
import { verifyEmail } from '../people/reset-links.ts'
import { giveRecoveryCodes, rowOf } from '../people/second-factors.ts'
import { storeGroup } from '../policies/stored-policies.ts'
import { type OpenedServer, openServer } from '../server/open-server.ts'
import { newInstallation } from '../server/start.ts'
import { AGENTS, newAgent } from './agent-acts.ts'
import { type Account, type Actor, type ClientFact, scopesOf } from './facts.ts'

const SETTINGS = {
  ...QUEUES_MAIL,
  two_person_rule: 'on',
  approval_wait: '24h',
  // Sessions end by what somebody does, which the walk is about.
  session_idle: '30d',
  session_absolute: '365d',
}

/** The id of a group that is empty at first. */
export const STAFF = 'staff'

const ADMINS = ['mia', 'noa']
const USERS = ['ada', 'ben']

export interface Population {
  readonly server: OpenedServer
  readonly people: Actor[]
  readonly clients: ClientFact[]
  readonly host: AgentHost
}

/** The caller closes the server: a long walk would otherwise keep hundreds of them. */
export async function populate(t: TestContext, dialect: Dialect): Promise<Population> {
  const host = await startAgentHost(t)
  const { outbound } = host
  const server = await openServer(await newInstallation(t, dialect), { settings: SETTINGS, outbound })
  const root = await (await firstAdmin(server)).signsIn()
  const made = [root]
  for (const name of [...ADMINS, ...USERS]) made.push(await newcomer(root, name))
  for (const { username } of made) await verifyEmail(server, username)
  for (const name of ADMINS) {
    const { id } = await rowOf({ server, username: name })
    await changeUser(server.operator(), { id }, { role: 'admin' })
  }
  const people: Actor[] = []
  for (const person of made) people.push(await ownerWith(person))
  const { db } = server.doorward
  await storeGroup(db, STAFF, [])
  const role = { name: 'help', description: '', permissions: '', revision: 1, created_at: 0, is_configured: 0 }
  await db.insertInto('role').values(role).execute()
  for (const table of ['notice', 'outbox', 'session', 'throttle_bucket'] as const) await db.deleteFrom(table).execute()
  const thief = { ...newActor('the thief', null), emails: new Set(['thief@example.org', 'thief.two@example.org']) }
  const clients: ClientFact[] = []
  for (const [name, isOffline, asks] of [
    ['Wiki', false, false],
    ['Backup', true, false],
    ['Guest', false, true],
    ['Guest with a long stay', true, true],
  ] as const) {
    const app = await registerApp(server, { name, scopes: scopesOf({ isOffline, asks }), trusted: !asks })
    clients.push({ app, name, isOffline, state: 'enabled', asks, agent: null })
  }
  await allowAgents(server, AGENT_HOST, OTHER_HOST)
  for (const of of AGENTS) clients.push(await newAgent(server, host, of))
  return { server, people: [...people, thief], clients, host }
}

function newActor(name: string, account: Account | null): Actor {
  const nothing = {
    passwords: new Map(),
    apps: new Set<never>(),
    passkeys: new Set<never>(),
    codes: new Map(),
    emails: new Set<string>(),
  }
  return { name, account, ...nothing, copies: [], cookies: [], attempts: [], links: [] }
}

async function ownerWith(person: Person): Promise<Actor> {
  const { server, username, authenticator: key } = person
  const codes = await giveRecoveryCodes(person)
  const row = await rowOf(person)
  const app = await server.doorward.db
    .selectFrom('totp_factor')
    .select('id')
    .where('subject', '=', row.subject)
    .executeTakeFirst()
  assert.ok(app && row.email !== null)
  const account: Account = {
    id: row.id,
    subject: row.subject,
    name: username,
    role: row.role === 'admin' ? 'admin' : 'user',
    password: person.password,
    apps: [],
    passkeys: [],
    codes,
    codesSince: 0,
    usedCodes: [],
    epoch: row.credentialEpoch,
    isDisabled: false,
    email: row.email,
    isVerified: true,
    isReviewDue: false,
    notices: [],
    latestPosition: 0,
    changes: [],
    links: [],
    sessions: [],
    devices: [],
    failures: new Map(),
    mails: { count: 0, lastAt: 0 },
    resets: { count: 0, lastAt: 0 },
    names: { count: 0, lastAt: 0 },
  }
  account.apps.push({ id: app.id, account, key, since: 0, lastStep: totpStep(server.clock.now()) })
  const owner = newActor(username, account)
  owner.passwords.set(account, person.password)
  for (const one of account.apps) owner.apps.add(one)
  owner.codes.set(account, codes)
  for (const email of [row.email, `${username}.two@example.org`, `${username}.three@example.org`])
    owner.emails.add(email)
  return owner
}
