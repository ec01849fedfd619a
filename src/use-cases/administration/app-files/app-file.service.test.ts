// Apps of a file on a real database: all of them or none, and nothing that another change has made meanwhile is lost.
import fc from 'fast-check'
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { insertDeclared } from '#domain/attributes/attribute.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { listSecrets } from '#domain/clients/client-secret.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import { AUTH_METHODS, CLIENT_KINDS, CLIENT_SCOPES, ID_TOKEN_ALGORITHMS, isPublic } from '#domain/clients/client.ts'
import { TOKEN_FORMATS } from '#domain/clients/resource.ts'
import { storeGroup } from '#domain/groups/group.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '#test/support/databases/each-database.ts'
import { appInFile, fileInText, exportedApps } from '#test/support/openid/app-files.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import { claimed, leaveToTestAll } from '#test/support/runner/scope.ts'
import { twoEmptyNodes } from '#test/support/server/nodes.ts'
import { type Server, start } from '#test/support/server/start.ts'
import { addAppSecret, endAppSecret } from '../clients/app-secrets.service.ts'
import { deleteApp, disableApp } from '../clients/app-state.service.ts'
import { changeApp, createApp, type NewApp } from '../clients/clients.service.ts'
import { changeResource, createResource, removeResource } from '../resources/resources.service.ts'
import { applyAppFile, type FilePlan, planAppFile } from './app-file.service.ts'

function apply(ctx: Context, text: string, shown?: FilePlan): Promise<FilePlan> {
  return applyAppFile(ctx, { ...fileInText(text), removesOthers: false }, shown)
}

async function actionsAfter(server: Server, count = 0): Promise<string[]> {
  const rows = await server.doorward.db.selectFrom('audit_event').select('action').orderBy('id').execute()
  return rows.slice(count).map(({ action }) => action)
}

async function eventCount(server: Server): Promise<number> {
  return (await actionsAfter(server)).length
}

/** What an admin may say about an app. */
const wanted = fc.record({
  kind: fc.constantFrom(...CLIENT_KINDS),
  authMethod: fc.constantFrom(...AUTH_METHODS),
  idTokenAlg: fc.constantFrom(...ID_TOKEN_ALGORITHMS),
  redirectUris: fc.subarray(['https://a.example/', 'http://127.0.0.1/cb', 'a.b:/c', "http://nas.local/'"], {
    minLength: 1,
  }),
  logoutUris: fc.subarray(['https://a.example/bye', 'https://b.example/?x=%20']),
  scopes: fc.subarray([...CLIENT_SCOPES]),
  refreshTokens: fc.boolean(),
  requirePkce: fc.boolean(),
  claimsInIdToken: fc.boolean(),
  unconfirmedEmail: fc.boolean(),
  trusted: fc.boolean(),
  hidden: fc.boolean(),
  deviceSignIn: fc.boolean(),
  backchannelUri: fc.option(fc.constant('https://a.example/logout')),
  backchannelSessionRequired: fc.boolean(),
  sharedGroups: fc.oneof(fc.constant('all' as const), fc.subarray([0, 1])),
  allowedGroups: fc.subarray([0, 1]),
  allowedRoles: fc.subarray(['admin', 'user']),
  leastAssurance: fc.constantFrom(null, 'two-factors', 'phishing-resistant'),
  maxAge: fc.option(fc.integer({ min: 60, max: 86_400 })),
  startUrl: fc.option(fc.constant('https://a.example/start')),
  preset: fc.option(fc.constant('miniflux')),
  attributes: fc.subarray([
    { key: 'desk', claim: 'desk' },
    { key: 'cost_center', claim: 'department' },
  ]),
  isDisabled: fc.boolean(),
  hasTwoSecrets: fc.boolean(),
})
type Wanted = typeof wanted extends fc.Arbitrary<infer Value> ? Value : never

/** Names with what TOML, Unicode and lists could confuse. */
const NAMES = ['Wiki', 'Ünï "Code"', String.raw`a \ b`, "it's, = # [x]", '✓ 漢字', 'ﬁn']

/** Declares what the apps name; returns the ids of the groups. */
function declareNamed(ctx: Context): Promise<string[]> {
  return inTransaction(ctx, async (tx) => {
    for (const key of ['desk', 'cost_center']) {
      const audiences = { visibleTo: 'user', changedBy: 'admin', atJoining: 'never' } as const
      await insertDeclared(tx, { key, label: key, type: 'text', choices: [], ...audiences })
    }
    const first = await storeGroup(tx, { name: 'Staff' })
    return [first.id, (await storeGroup(tx, { name: '"Sales", \\ # ✓' })).id]
  })
}

/** People neither open an API nor sign in to it. */
const OF_API = {
  redirectUris: [],
  logoutUris: [],
  startUrl: null,
  backchannelUri: null,
  allowedRoles: [],
  leastAssurance: null,
  maxAge: null,
}

/** Registers the app, as far as the rules allow what was wanted. */
async function makeApp(ctx: Context, name: string, groups: readonly string[], app: Wanted): Promise<void> {
  const { isDisabled, hasTwoSecrets, sharedGroups, allowedGroups, ...fields } = app
  const idsOf = (which: readonly number[]) => which.flatMap((at) => groups[at] ?? [])
  const isApi = fields.kind === 'api'
  const suited = isApi && fields.authMethod === 'none' ? 'client_secret_basic' : fields.authMethod
  const authMethod = fields.kind === 'browser' ? 'none' : suited
  const requested: NewApp = {
    ...fields,
    ...(isApi && OF_API),
    name,
    authMethod,
    allowHttp: true,
    requirePkce: fields.requirePkce || authMethod === 'none',
    refreshTokens: fields.refreshTokens || fields.scopes.includes('offline_access'),
    sharedGroups: sharedGroups === 'all' ? sharedGroups : idsOf(sharedGroups),
    allowedGroups: isApi ? [] : idsOf(allowedGroups),
  }
  const { client } = await createApp(ctx, requested)
  if (hasTwoSecrets && authMethod !== 'none') await addAppSecret(ctx, client.id)
  if (isDisabled) await disableApp(ctx, client.id)
}

/** What an admin may say about a resource; numbers are positions of apps. */
const wantedResource = fc.record({
  tokenFormat: fc.constantFrom(...TOKEN_FORMATS),
  lifetime: fc.option(fc.integer({ min: 60, max: 300 })),
  scopes: fc.subarray(['read', 'orders:write', "it's"]),
  allowed: fc.oneof(fc.constant('all' as const), fc.subarray([0, 1, 2])),
})
type WantedResource = typeof wantedResource extends fc.Arbitrary<infer Value> ? Value : never

/** Registers resources, those that are opaque served by the first app with a secret. */
async function makeResources(ctx: Context, resources: readonly WantedResource[]): Promise<number> {
  const apps = await ctx.db.selectFrom('client').select(['id', 'auth_method as authMethod']).orderBy('name').execute()
  const servedBy = apps.find((app) => !isPublic(app))?.id ?? null
  const possible = resources.filter(({ tokenFormat }) => servedBy !== null || tokenFormat === 'jwt')
  for (const [at, { allowed, ...fields }] of possible.entries()) {
    const allowedClients = allowed === 'all' ? allowed : allowed.flatMap((which) => apps[which]?.id ?? [])
    await createResource(ctx, { ...fields, uri: `https://${at}.example/`, name: NAMES[at]!, servedBy, allowedClients })
  }
  return possible.length
}

async function deleteAll(ctx: Context): Promise<void> {
  for (const { id } of await ctx.db.selectFrom('resource').select('id').execute()) await removeResource(ctx, id)
  for (const { id } of await ctx.db.selectFrom('client').select('id').execute()) await deleteApp(ctx, id)
}

onEitherDatabase(
  'the apps and resources of a server, written to a file, are the same on it and on another server',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ctx = server.operator()
    const groups = await declareNamed(ctx)
    await fc.assert(
      fc.asyncProperty(
        fc.array(wanted, { maxLength: NAMES.length }),
        fc.array(wantedResource, { maxLength: 3 }),
        async (apps, wantedResources) => {
          await deleteAll(ctx)
          for (const [at, app] of apps.entries()) await makeApp(ctx, NAMES[at] ?? '', groups, app)
          const count = await makeResources(ctx, wantedResources)
          const text = await exportedApps(ctx)
          const before = await eventCount(server)
          const { unchanged, resources } = await apply(ctx, text)
          assert.deepEqual([unchanged.length, resources.unchanged.length], [apps.length, count])
          assert.deepEqual(await actionsAfter(server, before), [])
          await deleteAll(ctx)
          const made = await apply(ctx, text)
          assert.deepEqual([made.added.length, made.resources.added.length], [apps.length, count])
          assert.equal(await exportedApps(ctx), text)
        },
      ),
      { numRuns: 15 },
    )
  },
)

leaveToTestAll()

onEachDatabase('a failure at the last of several apps leaves nothing of the others', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ctx = server.operator()
  await apply(ctx, appInFile('one') + appInFile('old'))
  const [before, events] = [await exportedApps(ctx), await eventCount(server)]
  await refuseRowsOf(server, dialect, 'three')
  const text = appInFile('one', 'trusted = false') + appInFile('two') + appInFile('three')
  await assert.rejects(applyAppFile(ctx, { ...fileInText(text), removesOthers: true }), /refused/)
  assert.deepEqual([await exportedApps(ctx), await actionsAfter(server, events)], [before, []])
})

/** Lets the database refuse the row of one app. */
async function refuseRowsOf({ doorward: { db } }: Server, dialect: Dialect, id: string): Promise<void> {
  const statements =
    dialect === 'sqlite'
      ? [
          `create trigger refused before insert on client when new.id = '${id}' begin select raise(abort, 'refused'); end`,
        ]
      : [
          `create function refuse() returns trigger language plpgsql as $$
             begin if new.id = '${id}' then raise 'refused'; end if; return new; end $$`,
          'create trigger refused before insert on client for each row execute function refuse()',
        ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

onEitherDatabase('a plan that was shown is not carried out once the apps have changed', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ctx = server.operator()
  await apply(ctx, appInFile('one') + appInFile('two'))
  const text = appInFile('one', 'trusted = false') + appInFile('two')
  const [secret] = await listSecrets(ctx, 'one')
  const plan = () => planAppFile(ctx, { ...fileInText(text), removesOthers: false })
  for (const change of [
    () => changeApp(ctx, 'one', { name: 'First' }),
    () => changeApp(ctx, 'two', { hidden: true }),
    () => endAppSecret(ctx, 'one', secret?.id ?? ''),
    () => createApp(ctx, { id: 'three', name: 'Three', redirectUris: ['a.b:/c'] }),
    () => createResource(ctx, { uri: 'https://a.example/', name: 'A', tokenFormat: 'jwt' }),
    async () => {
      const { id } = await ctx.db.selectFrom('resource').select('id').executeTakeFirstOrThrow()
      await changeResource(ctx, id, { name: 'B' })
    },
    () => disableApp(ctx, 'one'),
    () => deleteApp(ctx, 'one'),
  ]) {
    const shown = await plan()
    await change()
    const before = await exportedApps(ctx)
    await assert.rejects(apply(ctx, text, shown), refusedWith('resource.stale'))
    assert.equal(await exportedApps(ctx), before)
  }
  await apply(ctx, text, await plan())
  assert.equal((await findClient(ctx, 'one'))?.trusted, false)
})

claimed('of two files that are applied at once, the second sees what the first has changed (postgres)', async (t) => {
  const [one, other] = await twoEmptyNodes(t, 'postgres')
  // The first app makes the signing keys, for which the second node would wait.
  await apply(one.operator(), appInFile('zero'))
  let second: Promise<FilePlan> | undefined
  await auditedChange(one.operator(), {}, async (tx) => {
    await apply(tx, appInFile('one'))
    second = apply(other.operator(), appInFile('one', 'hidden = true') + appInFile('two'))
    second.catch(() => undefined)
    await waitsForLock(other)
  })
  const plan = await second
  assert.deepEqual(
    plan?.changed.map(({ id, changes }) => [id, changes.map(({ field }) => field)]),
    [['one', ['hidden']]],
  )
  assert.deepEqual(
    plan.added.map(({ id }) => id),
    ['two'],
  )
})

/** Resolves when a transaction waits for a lock that another transaction has. */
async function waitsForLock({ doorward: { db } }: Server): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting.execute(db)).rows.length === 0);
}
