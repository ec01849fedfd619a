// The users of a reminder of a policy are found before the transaction that queues the mails, and checked in it.
import type { KyselyPlugin } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Context } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { type Database, withEngine } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { remindOfPolicies } from './reminder.service.ts'

/** Nothing is sent: these tests read the outbox. */
const MAIL_ON = { mail_host: '127.0.0.1', mail_port: '1', mail_tls: 'none', mail_from: 'doorward@example.org' }

/** A server with mail, two users without a second factor and with an email that is not verified, and a policy that will ask for one. */
async function announced(t: TestContext, dialect: Dialect): Promise<Context> {
  const { db } = await newDatabase(t, dialect)
  const whole = await wholeContext(t, db)
  const flags = { data_dir: whole.config.dataDir, ...MAIL_ON }
  const { config } = loadConfig({ flags, env: {}, readFile: () => undefined })
  for (const name of ['ada', 'ben']) {
    const email = `${name}@example.org`
    const keys = { username: name, username_key: name, email, email_key: email }
    await db
      .insertInto('users')
      .values({ ...keys, subject: name, disabled: 0, hashed_password: 'hash' })
      .execute()
  }
  await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
  const from = whole.now + days(20)
  await storePolicyVersion(db, { id: 'all', version: 2, secondFactor: 'required', from })
  return { ...whole, config }
}

/** The same database, on which `change` commits after each search and before its outcome is used. */
function changedAfterSearch(db: Database, change: () => Promise<unknown>): Database {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await change()
      return result
    },
  }
  const { dialect, keepsStatements } = db
  const forLongReads = withEngine(db.forLongReads.withPlugin(plugin), { dialect, keepsStatements })
  return withEngine(db.withPlugin({ ...plugin, transformResult: async ({ result }) => result }), {
    dialect,
    keepsStatements,
    forLongReads,
  })
}

async function reminded({ db }: Context): Promise<(string | null)[]> {
  return (await db.selectFrom('outbox').select('subject').orderBy('subject').execute()).map(({ subject }) => subject)
}

onEachDatabase('a user who enrols between the search and the mails of a reminder gets none', async (t, dialect) => {
  const ctx = await announced(t, dialect)
  const enrol = () => ctx.db.updateTable('users').set({ second_factor_at: 1 }).where('subject', '=', 'ada').execute()
  await remindOfPolicies({ ...ctx, db: changedAfterSearch(ctx.db, enrol) }, new AbortController().signal)
  assert.deepEqual(await reminded(ctx), ['ben'])
})

onEachDatabase('a reminder that another node has sent since the search is not sent again', async (t, dialect) => {
  const ctx = await announced(t, dialect)
  const { signal } = new AbortController()
  let first: Promise<void> | undefined
  const other = () => (first ??= remindOfPolicies(ctx, signal))
  await remindOfPolicies({ ...ctx, db: changedAfterSearch(ctx.db, other) }, signal)
  assert.deepEqual(await reminded(ctx), ['ada', 'ben'])
})

onEachDatabase('a policy that is cancelled between the search and the mails reminds nobody', async (t, dialect) => {
  const ctx = await announced(t, dialect)
  const cancel = () => ctx.db.updateTable('policy_version').set({ cancelled_at: 1 }).where('version', '=', 2).execute()
  await remindOfPolicies({ ...ctx, db: changedAfterSearch(ctx.db, cancel) }, new AbortController().signal)
  assert.deepEqual(await reminded(ctx), [])
})
