// Apps, resources and hosts of a file on a real database: all of them or none, and nothing that another change has made meanwhile is lost.
import fc from 'fast-check'
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { listSecrets } from '#domain/clients/client-secret.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import type { Context } from '#foundation/context.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '#test/support/databases/each-database.ts'
import {
  declareNamed,
  deleteAll,
  makeApp,
  makeHosts,
  makeResources,
  NAMES,
  wanted,
  wantedHost,
  wantedResource,
} from '#test/support/openid/any-apps.ts'
import { appInFile, fileInText, exportedApps } from '#test/support/openid/app-files.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import { claimed, leaveToTestAll } from '#test/support/runner/scope.ts'
import { twoEmptyNodes } from '#test/support/server/nodes.ts'
import { type Server, start } from '#test/support/server/start.ts'
import { endAppSecret } from '../clients/app-secrets.service.ts'
import { deleteApp, disableApp } from '../clients/app-state.service.ts'
import { changeApp, createApp } from '../clients/clients.service.ts'
import { changeHost, createHost, removeHost } from '../hosts/hosts.service.ts'
import { changeResource, createResource } from '../resources/resources.service.ts'
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

onEitherDatabase(
  'the apps, resources and hosts of a server, written to a file, are the same on it and on another server',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ctx = server.operator()
    const groups = await declareNamed(ctx)
    await fc.assert(
      fc.asyncProperty(
        fc.array(wanted, { maxLength: NAMES.length }),
        fc.array(wantedResource, { maxLength: 3 }),
        fc.array(wantedHost, { maxLength: 3 }),
        async (apps, wantedResources, wantedHosts) => {
          await deleteAll(ctx)
          for (const [at, app] of apps.entries()) await makeApp(ctx, NAMES[at] ?? '', groups, app)
          const count = await makeResources(ctx, wantedResources)
          await makeHosts(ctx, wantedHosts, groups)
          const counts = [apps.length, count, wantedHosts.length]
          const text = await exportedApps(ctx)
          const before = await eventCount(server)
          const { unchanged, resources, hosts } = await apply(ctx, text)
          assert.deepEqual([unchanged, resources.unchanged, hosts.unchanged].map(countOf), counts)
          assert.deepEqual(await actionsAfter(server, before), [])
          await deleteAll(ctx)
          const made = await apply(ctx, text)
          assert.deepEqual([made.added, made.resources.added, made.hosts.added].map(countOf), counts)
          assert.equal(await exportedApps(ctx), text)
        },
      ),
      { numRuns: 15 },
    )
  },
)

function countOf(list: readonly unknown[]): number {
  return list.length
}

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

/** Lets the database refuse one row. */
async function refuseRowsOf(
  { doorward: { db } }: Server,
  dialect: Dialect,
  value: string,
  table = 'client',
  column = 'id',
): Promise<void> {
  const statements =
    dialect === 'sqlite'
      ? [
          `create trigger refused before insert on ${table} when new.${column} = '${value}' begin select raise(abort, 'refused'); end`,
        ]
      : [
          `create function refuse() returns trigger language plpgsql as $$
             begin if new.${column} = '${value}' then raise 'refused'; end if; return new; end $$`,
          `create trigger refused before insert on ${table} for each row execute function refuse()`,
        ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

onEachDatabase('a failure at the last of several hosts leaves nothing of the apps before them', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ctx = server.operator()
  await apply(ctx, `${appInFile('old')}[[host]]\nname = "a.example.org"\n`)
  const [before, events] = [await exportedApps(ctx), await eventCount(server)]
  await refuseRowsOf(server, dialect, 'b.example.org', 'protected_host', 'name')
  const text = `${appInFile('one')}[[host]]\nname = "b.example.org"\n`
  await assert.rejects(applyAppFile(ctx, { ...fileInText(text), removesOthers: true }), /refused/)
  assert.deepEqual([await exportedApps(ctx), await actionsAfter(server, events)], [before, []])
})

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
    () => createHost(ctx, { name: 'a.example.org' }),
    () => changeHost(ctx, 'a.example.org', { preflights: true }),
    () => removeHost(ctx, 'a.example.org'),
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
