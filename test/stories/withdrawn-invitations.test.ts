// Invitations end with the email that they went to, and their mails leave no more once the person has joined, is disabled or deleted.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { issueLink } from '#domain/links/link.service.ts'
import { applyEmailChange, changeEmail, undoEmailChange } from '#domain/notices/email-change.service.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { type Context, type InTransaction, inTransaction } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { withEngine } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { remindInvited } from '#use-cases/administration/invitations/invitation-reminder.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Barrier } from '../support/interleaving/stoppable-server.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { ask, newcomer, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { outboxOf } from '../support/people/registrations.ts'
import { beginsEnrolment, rowOf } from '../support/people/second-factors.ts'
import { itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { runner } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

const TYPED = 'grcae@example.org'
const MEANT = 'grace@example.org'

interface Scene {
  readonly server: Server
  readonly root: Person
}

interface Invited {
  readonly path: string
  /** The token of the mailed link. */
  readonly token: string
}

function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  return startWithAdmin(t, { dialect, settings: QUEUES_MAIL, clock: new TestClock(Date.now()) })
}

async function invites({ server, root }: Scene, username = 'grace', email = TYPED): Promise<Invited> {
  const { body, raw } = await root.asks('POST', '/users', { username, email, delivery: 'mail' })
  assert.ok(body['id'], raw.body)
  return { path: `/users/${Number(body['id'])}`, token: tokenTo(await outboxOf(server), email) }
}

function tokenTo(mails: Awaited<ReturnType<typeof outboxOf>>, email: string): string {
  const link = mails.findLast(
    ({ recipient, link: found }) => recipient === email && found?.includes('/invitation/'),
  )?.link
  return link?.split('/').at(-1) ?? ''
}

function accepts(server: Server, token: string) {
  return ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
}

function confirms(server: Server, payload: object) {
  return ask(server, 'POST', '/attempts/totp/confirm', { payload })
}

/** The templates of the mails to this user that have a token still. */
async function tokensLeft(server: Server, username: string): Promise<string[]> {
  const mails = await outboxOf(server)
  return mails
    .filter(({ facts, link }) => facts['name'] === username && link !== null)
    .map(({ template }) => template)
    .filter((template) => !template.startsWith('notice-'))
}

onEitherDatabase('another email ends the invitation that went to the former one', async (t, dialect) => {
  const here = await scene(t, dialect)
  const { server, root } = here
  const { path, token } = await invites(here)
  // The reader of the former email has opened the link already.
  const payload = await beginsEnrolment(server, (await accepts(server, token)).body['attempt'])
  // The same mailbox, in other letters.
  assert.ok(!('invitation_withdrawn' in (await root.asks('PATCH', path, { email: TYPED.toUpperCase() })).body))
  assert.equal((await accepts(server, token)).status, 200)
  const changed = await root.asks('PATCH', path, { email: MEANT })
  assert.deepEqual([changed.status, changed.body['invitation_withdrawn']], [200, true], changed.raw.body)
  assert.deepEqual(refusalIn(await confirms(server, payload)), [404, 'link.used'])
  assert.deepEqual(refusalIn(await accepts(server, token)), [404, 'link.unknown'])
  assert.deepEqual(await tokensLeft(server, 'grace'), [])
  const events = itemsOf(await root.asks('GET', '/audit-events?action=user.changed'))
  assert.deepEqual(
    events.map(({ details }) => (details as Record<string, unknown>)['invitation']),
    ['withdrawn', undefined],
  )
  assert.equal((await root.asks('POST', `${path}/invitation`, { delivery: 'mail' })).status, 200)
  const next = await accepts(server, tokenTo(await outboxOf(server), MEANT))
  assert.equal((await confirms(server, await beginsEnrolment(server, next.body['attempt']))).status, 200)
  assert.equal((await rowOf({ server, username: 'grace' })).emailVerifiedAt, server.clock.now())
  // A change of the name, or of the email of a user without an invitation, says nothing of one.
  assert.ok(!('invitation_withdrawn' in (await root.asks('PATCH', path, { email: TYPED })).body))
})

leaveToTestAll()

onEitherDatabase('the page and the command line say that the invitation has ended', async (t, dialect) => {
  const here = await scene(t, dialect)
  const { server, root } = here
  const { path, token } = await invites(here)
  const browser = await signedInBrowser(root)
  const page = `/admin${path}`
  const saved = await browser.submit(page, { username: 'grace', email: MEANT })
  assert.equal(saved.headers.location, `${page}?done=saved-uninvited`)
  const shown = await browser.page(String(saved.headers.location))
  assert.match(shown.text, /Saved\. The invitation to their former email no longer works\./)
  assert.match(shown.part('invitation').text, /no longer works, for example because their email was changed/)
  assert.deepEqual(shown.main.linksTo(`${page}/invitation`), ['Create invitation'])
  assert.equal((await accepts(server, token)).status, 404)
  const hopper = await invites(here, 'hopper', 'hoper@example.org')
  const run = runner(t, server)
  const updated = await run('user', 'update', 'hopper', '--email', 'hopper@example.org')
  assert.equal(updated.code, 0, updated.stderr)
  assert.match(updated.stderr, /former address no longer works\. Send another: .*user invite \d+/)
  assert.equal((await accepts(server, hopper.token)).status, 404)
})

onEitherDatabase('an email that a second admin approves ends the invitation too', async (t, dialect) => {
  const settings = { ...QUEUES_MAIL, two_person_rule: 'on' }
  const { server, root } = await startWithAdmin(t, { dialect, settings })
  const { db } = server.doorward
  const noa = await (await newcomer(root, 'noa')).signsIn()
  await db.updateTable('users').set({ role: 'admin' }).where('username', '=', 'noa').execute()
  const { path, token } = await invites({ server, root })
  await db.updateTable('users').set({ role: 'admin' }).where('username', '=', 'grace').execute()
  const asked = await root.asks('PATCH', path, { email: MEANT })
  assert.equal(asked.status, 202, asked.raw.body)
  assert.equal((await accepts(server, token)).status, 200)
  const approved = await noa.asks('POST', `/approvals/${String(asked.body['id'])}/approve`)
  assert.equal(approved.status, 200, approved.raw.body)
  assert.deepEqual(refusalIn(await accepts(server, token)), [404, 'link.unknown'])
})

onEitherDatabase(
  'a user’s own new email, its undo and a removal end what went to the former one',
  async (t, dialect) => {
    const { server, root } = await scene(t, dialect)
    const ada = await newcomer(root, 'ada', { email: 'ada@example.org' })
    const purposes = ['invitation', 'enrolment', 'password-reset'] as const
    const left = async (): Promise<string[]> => {
      const links = server.doorward.db.selectFrom('link').select('purpose').where('purpose', 'in', purposes)
      const unused = links.where('subject', '=', (await rowOf(ada)).subject).where('consumed_at', 'is', null)
      return (await unused.execute()).map(({ purpose }) => purpose)
    }
    type Work = (tx: InTransaction<Context>, user: Awaited<ReturnType<typeof rowOf>>) => Promise<unknown>
    const change = { id: 'change', subject: '', position: 0, createdAt: 0, confirmedAt: null, expiresAt: 0 }
    const former = { formerEmail: 'ada@example.org', formerVerifiedAt: null }
    const changes: Work[] = [
      (tx, user) => applyEmailChange(tx, user, { ...change, ...former, subject: user.subject, email: MEANT }),
      (tx, user) => undoEmailChange(tx, user, { ...change, ...former, subject: user.subject, email: MEANT }),
      (tx, user) => changeEmail(tx, user, null),
    ]
    for (const work of changes) {
      const user = await rowOf(ada)
      const { subject, credentialEpoch: epoch } = user
      for (const purpose of purposes) await issueLink(server.operator(), { purpose, subject, epoch, lifetime: days(1) })
      await inTransaction(server.operator(), (tx) => work(tx, user))
      assert.deepEqual(await left(), [], work.toString())
    }
  },
)

onEitherDatabase(
  'no mail with an invitation waits for a user who has joined, is disabled or deleted',
  async (t, dialect) => {
    const here = await scene(t, dialect)
    const { server, root } = here
    const ends: Record<string, (invited: Invited) => Promise<{ readonly status: number }>> = {
      joined: async ({ token }) =>
        confirms(server, await beginsEnrolment(server, (await accepts(server, token)).body['attempt'])),
      disabled: ({ path }) => root.asks('POST', `${path}/disable`),
      deleted: ({ path }) => root.asks('DELETE', path),
    }
    for (const [name, end] of Object.entries(ends)) {
      const invited = await invites(here, name, `${name}@example.org`)
      server.clock.pass(days(5))
      await runJobsAtAnyTime(server.doorward)
      await root.signsIn()
      assert.deepEqual(await tokensLeft(server, name), ['invitation-reminder'])
      const reminded = { ...invited, token: tokenTo(await outboxOf(server), `${name}@example.org`) }
      assert.ok((await end(reminded)).status < 300, name)
      assert.deepEqual(await tokensLeft(server, name), [], name)
    }
  },
)

test('no reminder is left when the job and the end of a joining meet (postgres)', async (t) => {
  const here = await scene(t, 'postgres')
  const { server, root } = here
  const { db } = server.doorward
  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return rows.length > 0
  }
  for (let stop = 1, isOver = false; !isOver; stop++) {
    await root.signsIn()
    const name = `joiner-${stop}`
    const { token } = await invites(here, name, `${name}@example.org`)
    server.clock.pass(days(5) - 1)
    const payload = await beginsEnrolment(server, (await accepts(server, token)).body['attempt'])
    server.clock.pass(1)
    const barrier = new Barrier()
    barrier.stopAfter(stop)
    const ctx = { ...jobContext(server.doorward), db: withEngine(db.withPlugin(barrier), db) }
    const job = { isDone: false }
    const reminding = remindInvited(ctx, new AbortController().signal).finally(() => (job.isDone = true))
    while (!job.isDone && !barrier.waits) await setImmediate()
    isOver = job.isDone
    const request = { isDone: false }
    const joining = confirms(server, payload).finally(() => (request.isDone = true))
    while (!request.isDone && !(await isWaiting())) await setImmediate()
    barrier.goOn()
    const [{ status, raw }] = await Promise.all([joining, reminding])
    assert.equal(status, 200, raw.body)
    assert.deepEqual(await tokensLeft(server, name), [], `stopped after ${stop}`)
  }
})
