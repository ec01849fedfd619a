// Invited users who have not come are reminded once before their mailed link expires, with a link that replaces it.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { readMail, recordReveal } from '#domain/mail/outbox.service.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { withEngine } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { remindInvited } from '#use-cases/administration/invitations/invitation-reminder.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Barrier } from '../support/interleaving/stoppable-server.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { type OutboxMail, outboxOf } from '../support/people/registrations.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const EMAIL = 'grace@example.org'
const REMINDER = 'invitation-reminder'

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly id: string
  /** The token of the first mail. */
  readonly first: string
}

async function invited(t: TestContext, dialect: Dialect, fields: object = {}): Promise<Scene> {
  const { server, root } = await startWithAdmin(t, { dialect, settings: QUEUES_MAIL })
  const { body, raw } = await root.asks('POST', '/users', {
    username: 'grace',
    email: EMAIL,
    delivery: 'mail',
    ...fields,
  })
  assert.ok(body['id'], raw.body)
  return { server, root, id: String(Number(body['id'])), first: tokenIn((await outboxOf(server)).at(-1)) }
}

function tokenIn(mail: OutboxMail | undefined): string {
  return mail?.link?.split('/').at(-1) ?? ''
}

async function reminders(server: Server): Promise<OutboxMail[]> {
  return (await outboxOf(server)).filter(({ template }) => template === REMINDER)
}

/** Moves the clock and runs the jobs; returns the reminders so far. */
async function after({ server }: Pick<Scene, 'server'>, span: number): Promise<OutboxMail[]> {
  server.clock.pass(span)
  await runJobsAtAnyTime(server.doorward)
  return reminders(server)
}

function accepts(server: Server, token: string) {
  return ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
}

onEitherDatabase(
  'who has not come is reminded once, two days before a link of a week expires, and the new link verifies the address',
  async (t, dialect) => {
    const scene = await invited(t, dialect)
    const { server, root, id, first } = scene
    assert.deepEqual(await after(scene, days(5) - hours(1)), [])
    const [mail, ...others] = await after(scene, hours(1))
    assert.ok(mail)
    assert.deepEqual([mail.recipient, mail.facts['invited_by'], others], [EMAIL, 'root', []])
    assert.equal(mail.facts['expires_at'], new Date(server.clock.now() + days(2)).toISOString())
    assert.equal((await after(scene, hours(1))).length, 1)
    // The first token is in no mail that waits, opens nothing, and its page says so.
    assert.equal((await outboxOf(server)).find(({ template }) => template === 'invitation')?.link, null)
    assert.deepEqual(refusalIn(await accepts(server, first)), [404, 'link.replaced'])
    const old = await new Visitor(server).page(`/invitation/${first}`, 404)
    assert.equal(old.heading, 'There’s a newer link')
    assert.match(old.text, /we sent a reminder with a new link to the same email address/)
    const list = await (await signedInBrowser(await root.signsIn())).page('/admin/users?status=invited')
    assert.deepEqual(list.table().rows[0]?.slice(3, -1), [
      'Expires in 1 day',
      '5 days ago by root',
      'By email with a reminder',
    ])
    const accepted = await accepts(server, tokenIn(mail))
    assert.equal(accepted.status, 200, accepted.raw.body)
    const payload = await beginsEnrolment(server, accepted.body['attempt'])
    assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
    await root.signsIn()
    const read = await root.asks('GET', `/users/${id}`)
    assert.deepEqual([read.body['email_verified'], read.body['status']], [true, 'active'])
    const events = await root.asks(
      'GET',
      `/audit-events?action=invitation.reminded&about=${String(read.body['username'])}`,
    )
    assert.equal((events.body['items'] as unknown[]).length, 1)
  },
)

leaveToTestAll()

onEitherDatabase('a person who has opened the first link finishes with it after the reminder', async (t, dialect) => {
  const scene = await invited(t, dialect)
  const { server, root, id, first } = scene
  server.clock.pass(days(5) - 1)
  const accepted = await accepts(server, first)
  const payload = await beginsEnrolment(server, accepted.body['attempt'])
  const [mail] = await after(scene, 1)
  assert.ok(mail)
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  await root.signsIn()
  assert.equal((await root.asks('GET', `/users/${id}`)).body['email_verified'], true)
  assert.equal((await accepts(server, tokenIn(mail))).status, 404)
})

test('nobody is reminded whose link was shown or revealed, who has come, changed the address, is disabled or has expired', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: QUEUES_MAIL })
  const ids = new Map<string, string>()
  const invites = async (username: string, more: object = {}): Promise<void> => {
    const fields = { username, email: `${username}@example.org`, delivery: 'mail', ...more }
    ids.set(username, String((await root.asks('POST', '/users', fields)).body['id']))
  }
  const soon = new Date(server.clock.now() + days(3)).toISOString()
  await invites('shown', { delivery: 'link' })
  await invites('short', { invitation_expires_in: 3600 })
  await invites('expired', { expires_at: soon })
  for (const name of ['revealed', 'come', 'moved', 'disabled', 'renewed', 'left']) await invites(name)
  const mails = await server.doorward.db.selectFrom('outbox').select(['id', 'recipient']).execute()
  const revealed = mails.find(({ recipient }) => recipient.startsWith('revealed'))
  await recordReveal(server.operator(), await readMail(server.operator(), revealed?.id ?? ''))
  const come = (await outboxOf(server)).find(({ recipient }) => recipient.startsWith('come'))
  const attempt = (await accepts(server, tokenIn(come))).body['attempt']
  const payload = await beginsEnrolment(server, attempt)
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  await root.asks('PATCH', `/users/${ids.get('moved')}`, { email: 'elsewhere@example.org' })
  await root.asks('POST', `/users/${ids.get('disabled')}/disable`)
  server.clock.pass(days(4))
  await root.signsIn()
  const again = await root.asks('POST', `/users/${ids.get('renewed')}/invitation`, { delivery: 'mail' })
  assert.equal(again.status, 200, again.raw.body)
  const sent = await after({ server }, days(1))
  assert.deepEqual(
    sent.map(({ recipient }) => recipient),
    ['left@example.org'],
  )
})

test('an invitation that is sent again ends the reminder and its mail, and is reminded of itself', async (t) => {
  const scene = await invited(t, 'sqlite')
  const { server, root, id } = scene
  const [mail] = await after(scene, days(5))
  await root.signsIn()
  assert.equal((await root.asks('POST', `/users/${id}/invitation`, { delivery: 'mail' })).status, 200)
  assert.equal((await accepts(server, tokenIn(mail))).status, 404)
  assert.equal((await reminders(server))[0]?.link, null, 'the mail of the reminder still has its token')
  assert.equal((await after(scene, days(5))).length, 2)
})

test('the reminder is in the language of the mail before it, and none is sent while mail is off', async (t) => {
  const scene = await invited(t, 'sqlite')
  const { db } = scene.server.doorward
  await db.updateTable('outbox').set({ locale: 'de' }).where('template', '=', 'invitation').execute()
  const { config } = scene.server.doorward
  scene.server.clock.pass(days(5))
  await runJobsAtAnyTime({ ...scene.server.doorward, config: { ...config, mail: null } })
  assert.deepEqual(await reminders(scene.server), [])
  assert.equal((await after(scene, hours(1))).length, 1)
  const row = db.selectFrom('outbox').select('locale').where('template', '=', REMINDER)
  assert.equal((await row.executeTakeFirstOrThrow()).locale, 'de')
})

test('of a reminder and a new invitation that meet, one link is left (postgres)', async (t) => {
  const { server, root, id } = await invited(t, 'postgres')
  const { db } = server.doorward
  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return rows.length > 0
  }
  for (let stop = 1, isOver = false; !isOver; stop++) {
    await root.signsIn()
    await root.asks('POST', `/users/${id}/invitation`, { delivery: 'mail' })
    server.clock.pass(days(5))
    await root.signsIn()
    const barrier = new Barrier()
    barrier.stopAfter(stop)
    const ctx = { ...jobContext(server.doorward), db: withEngine(db.withPlugin(barrier), db) }
    const job = { isDone: false }
    const reminding = remindInvited(ctx, new AbortController().signal).finally(() => (job.isDone = true))
    while (!job.isDone && !barrier.waits) await setImmediate()
    isOver = job.isDone
    const request = { isDone: false }
    const inviting = root
      .asks('POST', `/users/${id}/invitation`, { delivery: 'link' })
      .finally(() => (request.isDone = true))
    while (!request.isDone && !(await isWaiting())) await setImmediate()
    barrier.goOn()
    const [{ status }] = await Promise.all([inviting, reminding])
    assert.equal(status, 200)
    const links = db
      .selectFrom('link')
      .select('about')
      .where('consumed_at', 'is', null)
      .where('replaced_at', 'is', null)
    assert.deepEqual(
      await links.where('purpose', '=', 'invitation').execute(),
      [{ about: null }],
      `stopped after ${stop}`,
    )
  }
})
