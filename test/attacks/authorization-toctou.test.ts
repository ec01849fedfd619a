// Threat (TOCTOU): a principal loses the right to a change between the headers and the body of a request. Every route that changes
// something is tested: with a session that ends or gets another token, and an API token that is revoked, narrowed or demoted.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Scope } from '#foundation/kernel/principal.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { inEveryOrder, newScene as newRace } from '../support/interleaving/interleaving.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { newcomer, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { liveRoutes, scopesOf } from '../support/requests/live-routes.ts'
import { Contract } from '../support/requests/openapi.ts'
import {
  exampleBodies,
  newScene,
  type ReadyRequest,
  readyRequest,
  type Scene,
} from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import { start } from '../support/server/start.ts'

/** Operations that an ended session may still complete, with the status and the reason why it is harmless. */
const HARMLESS: Readonly<Record<string, number>> = {
  // The session has ended already.
  signOut: 204,
  // The options are useless without this session.
  reauthenticationOptions: 200,
  myPasskeyOptions: 200,
  // The re-authentication is refused, like any failed one.
  reauthenticate: 403,
  // The example only counts users, and its transaction is the first for each user who is asked.
  askForEmailConfirmations: 200,
}

/** The scopes with which an API token may call an operation, by operation id. */
async function scopesByOperation(contract: Contract, t: TestContext): Promise<ReadonlyMap<string, readonly Scope[]>> {
  const routes = await liveRoutes(await start(t))
  const scopes = new Map<string, readonly Scope[]>()
  for (const { operationId, method, path } of contract.operations) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    const called = routes.find((route) => route.method === method && route.url === url)
    const needed = called && scopesOf(called)
    if (needed !== undefined) scopes.set(operationId, needed)
  }
  return scopes
}

const CLAIM = 'no route changes anything for a principal that lost the right to it meanwhile'

/** Of so many operations that change something, `npm test` tries one: each needs a server of its own. */
const FEW = 8

/** Tries the operations for whose position `isTried` returns true. */
async function tryOperations(
  t: TestContext,
  dialect: 'sqlite' | 'postgres',
  isTried: (index: number) => boolean = () => true,
): Promise<void> {
  const contract = await Contract.of(await start(t))
  const scopes = await scopesByOperation(contract, t)
  const changing = contract.operations.filter(({ method, security }) => method !== 'GET' && security.length > 0)
  const byToken = changing.filter(({ operationId }) => scopes.has(operationId))
  assert.ok(changing.length > 25 && byToken.length > 7, `${changing.length} and ${byToken.length}`)
  for (const operation of changing.filter((_, index) => isTried(index))) {
    const { operationId } = operation
    await t.test(operationId, async (inner) => {
      const given = dialect === 'sqlite' ? undefined : await start(inner, { dialect, settings: QUEUES_MAIL })
      const scene = await newScene(inner, given)
      const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
      await bySession(scene, request, HARMLESS[operationId] ?? 401)
      const needed = scopes.get(operationId)
      if (needed !== undefined && !(operationId in HARMLESS)) await byApiToken(scene, request, needed)
    })
  }
}

test(`${CLAIM}: some of them`, (t) => tryOperations(t, 'sqlite', (index) => index % FEW === 0))

leaveToTestAll()

onEitherDatabase(CLAIM, tryOperations)

onEachDatabase(
  'what an API token asks for while its user is demoted is done before that or not at all',
  async (t, dialect) => {
    const { parties, server, root } = await newRace(t, dialect)
    const { db } = server.doorward
    const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
    const { subject, id: eveId } = await rowOf(eve)
    const token = await apiTokenOf(eve, ['users:write', 'self:read'])
    const { scopes } = await db.selectFrom('api_token').select('scopes').executeTakeFirstOrThrow()
    let [made, refused] = [0, 0]
    await inEveryOrder(parties, 'each against the whole', async () => {
      await db.updateTable('users').set({ role: 'admin' }).where('subject', '=', subject).execute()
      await db.updateTable('api_token').set({ scopes }).execute()
      await root.signsIn()
      const username = `user-${++made}`
      const ended: string[] = []
      const noting = async (what: string, reply: Promise<Reply>): Promise<Reply> => {
        await reply
        ended.push(what)
        return reply
      }
      return {
        asking: [
          (node) => noting('token', asks(node, token, 'POST', '/users', { username })),
          (node) => noting('demotion', asks(node, root, 'PATCH', `/users/${eveId}`, { role: 'user' })),
        ],
        assertAfter: async ([created, demoted]) => {
          assert.equal(demoted.status, 200, demoted.raw.body)
          // PostgreSQL commits both in either order, whichever is answered first.
          if (dialect === 'sqlite' && ended[0] === 'demotion')
            assert.ok(created.status === 401 || created.status === 403, created.raw.body)
          if (created.status === 401) refused += 1
          const rows = await db.selectFrom('users').select('id').where('username', '=', username).execute()
          assert.equal(rows.length, created.status === 200 ? 1 : 0)
        },
      }
    })
    assert.ok(refused > 0)
  },
)

function sent(scene: Scene, { method, url, type, body, file }: ReadyRequest, token: string | undefined) {
  const headers = { ...bearer({ token }), ...(file !== undefined && type !== undefined && { 'content-type': type }) }
  return pausedRequest(scene.server, url, type === undefined ? undefined : (file ?? body), headers, method)
}

async function bySession(scene: Scene, request: ReadyRequest, status: number): Promise<void> {
  const { db } = scene.server.doorward
  const { subject } = await rowOf(request.as ?? scene.admin)
  const now = scene.server.clock.now()
  const losses = {
    'the session ends': sql`update session set revoked_at = ${now} where subject = ${subject}`,
    'the session gets another token': sql`update session set token_hash = 'another ' || id where subject = ${subject}`,
  }
  const before = await db.selectFrom('session').selectAll().where('subject', '=', subject).execute()
  for (const [what, lose] of Object.entries(losses)) {
    const asked = await sent(scene, request, request.as?.token)
    await lose.execute(db)
    const reply = await asked.finish()
    assert.equal(reply.status, status, `${what}: ${reply.raw.body}`)
    await db.deleteFrom('session').where('subject', '=', subject).execute()
    await db.insertInto('session').values(before).execute()
  }
}

async function byApiToken(scene: Scene, request: ReadyRequest, scopes: readonly Scope[]): Promise<void> {
  const { server, admin } = scene
  const { db } = server.doorward
  const eve = await (await newcomer(admin, 'eve', { role: 'admin' })).signsIn()
  const { id: userId, subject } = await rowOf(eve)
  // One scope is lost with the role, and one remains.
  const { id, token } = await apiTokenOf(eve, [
    ...scopes,
    scopes.some((one) => one.startsWith('self:')) ? 'users:read' : 'self:read',
  ])
  const user = () => db.updateTable('users').where('subject', '=', subject)
  const ofToken = () => db.updateTable('api_token').where('id', '=', id)
  const row = db.selectFrom('api_token').select(['scopes', 'expires_at', 'revoked_at']).where('id', '=', id)
  const before = await row.executeTakeFirstOrThrow()
  const losses: Readonly<Record<string, () => Promise<unknown>>> = {
    'the token is revoked': () => admin.asks('DELETE', `/users/${userId}/tokens/${id}`),
    'its user is demoted': () => admin.asks('PATCH', `/users/${userId}`, { role: 'user' }),
    'its user is disabled': () => admin.asks('POST', `/users/${userId}/disable`),
    'the role alone is another': () => user().set({ role: 'user' }).execute(),
    'the second step is gone': () => user().set({ second_factor_at: null }).execute(),
    'its scopes are narrowed': () => ofToken().set({ scopes: 'self:read' }).execute(),
    'it has run out': () => ofToken().set({ expires_at: server.clock.now() }).execute(),
  }
  for (const [what, lose] of Object.entries(losses)) {
    const asked = await sent(scene, request, token)
    await lose()
    const reply = await asked.finish()
    assert.equal(reply.status, 401, `${what}: ${reply.raw.body}`)
    await ofToken().set(before).execute()
    await user().set({ role: 'admin', disabled: 0, second_factor_at: 1 }).execute()
  }
  const kept = await (await sent(scene, request, token)).finish()
  assert.ok(kept.status < 300, `nothing is lost: ${kept.raw.body}`)
}
