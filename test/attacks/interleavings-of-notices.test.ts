// Reports, reviews and changes of an email that meet each other: each request is stopped after each of its statements while the other
// continues. A report is never lost, and an undone email never comes back.
import assert from 'node:assert/strict'

import { openAttempt } from '#domain/attempts/attempt.service.ts'
import { insertEmailChange } from '#domain/notices/email-change.queries.ts'
import { storeNotice } from '#domain/notices/notice.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import { days } from '#foundation/kernel/time.ts'
import { inEveryOrder, newScene, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { linkAbout } from '../support/people/link-about.ts'
import { ask, type Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

const [FIRST, SECOND, THIRD] = ['first@example.org', 'second@example.org', 'third@example.org'] as const

/** Stores a notice of a new device; returns the token of its link. */
async function noticeOf(person: Person): Promise<string> {
  const ctx = person.server.operator()
  const id = ctx.newId()
  await storeNotice(ctx, await rowOf(person), { id, kind: 'new-device', once: null })
  return linkAbout(person, 'not-me', id)
}

/** Ends what an earlier order has left: no review is due. */
async function withoutReview(person: Person): Promise<void> {
  const { db } = person.server.doorward
  await db.deleteFrom('notice').execute()
  await db.deleteFrom('email_change').execute()
  await db.updateTable('users').set({ review_required_at: null }).where('username', '=', person.username).execute()
}

/** The user's sessions that still work, and whether a review is due because of a report. */
async function stateOf(person: Person): Promise<{ sessions: number; due: boolean; reports: number }> {
  const { db } = person.server.doorward
  const { subject, credentialEpoch, reviewRequiredAt } = await rowOf(person)
  const sessions = db.selectFrom('session').select('id').where('subject', '=', subject).where('revoked_at', 'is', null)
  const reports = db.selectFrom('notice').select('id').where('reported_at', 'is not', null)
  return {
    sessions: (await sessions.where('epoch', '=', credentialEpoch).execute()).length,
    due: reviewRequiredAt !== null,
    reports: (await reports.execute()).length,
  }
}

raceOnEachDatabase('a link “This wasn’t me” works once', async (t, dialect, steps) => {
  const { parties, ada } = await newScene(t, dialect)
  await inEveryOrder(parties, steps, async () => {
    await withoutReview(ada)
    const payload = { token: await noticeOf(ada) }
    return {
      asking: [
        (node) => ask(node, 'POST', '/notices/not-me', { payload }),
        (node) => ask(node, 'POST', '/notices/not-me', { payload }),
      ],
      one: { success: 200, refusals: [404] },
      assertAfter: async () => assert.deepEqual(await stateOf(ada), { sessions: 0, due: true, reports: 1 }),
    }
  })
})

leaveToTestAll()

raceOnEachDatabase('a report that meets the end of a review is not lost', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  let review = 0
  await inEveryOrder(parties, steps, async () => {
    await withoutReview(ada)
    const earlier = { token: await noticeOf(ada) }
    assert.equal((await ask(server, 'POST', '/notices/not-me', { payload: earlier })).status, 200)
    const payload = { token: await noticeOf(ada) }
    const { subject, credentialEpoch: epoch } = await rowOf(ada)
    const wanted = { purpose: 'sign-in', stage: 'review', subject, epoch, methods: ['password', 'totp'] } as const
    const attempt = (await openAttempt(server.operator(), wanted)).attempt.reveal()
    const password = `a kettle full of stars ${++review}`
    return {
      asking: [
        (node) => ask(node, 'POST', '/attempts/review', { payload: { attempt, password } }),
        (node) => ask(node, 'POST', '/notices/not-me', { payload }),
      ],
      assertAfter: async ([reviewed, reported]) => {
        assert.equal(reported.status, 200, reported.raw.body)
        assert.ok([200, 401].includes(reviewed.status), reviewed.raw.body)
        const { sessions, due } = await stateOf(ada)
        assert.deepEqual({ sessions, due }, { sessions: 0, due: true })
      },
    }
  })
})

raceOnEachDatabase(
  'a report that meets the lifting of a review is lifted with it or not lost',
  async (t, dialect, steps) => {
    const { parties, server, root, ada } = await newScene(t, dialect)
    const { id } = await rowOf(ada)
    await inEveryOrder(parties, steps, async () => {
      await withoutReview(ada)
      const earlier = { token: await noticeOf(ada) }
      assert.equal((await ask(server, 'POST', '/notices/not-me', { payload: earlier })).status, 200)
      const payload = { token: await noticeOf(ada) }
      return {
        asking: [
          (node) => asks(node, root, 'POST', `/users/${id}/review/lift`),
          (node) => ask(node, 'POST', '/notices/not-me', { payload }),
        ],
        assertAfter: async ([lifted, reported]) => {
          assert.deepEqual([lifted.status, reported.status], [200, 200])
          const { due, reports, sessions } = await stateOf(ada)
          assert.deepEqual({ reports, sessions }, { reports: due ? 1 : 0, sessions: 0 })
        },
      }
    })
  },
)

raceOnEachDatabase('an undo that meets the confirmation of the next email wins', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  await inEveryOrder(parties, steps, async () => {
    await withoutReview(ada)
    const ctx = server.operator()
    await updateUser(ctx, await rowOf(ada), { email: SECOND, emailVerifiedAt: ctx.now })
    const { subject } = await rowOf(ada)
    const change = { subject, createdAt: ctx.now, expiresAt: ctx.now + days(1) }
    const former = { formerEmail: FIRST, formerVerifiedAt: ctx.now, confirmedAt: ctx.now }
    const [undone, next] = [ctx.newId(), ctx.newId()]
    await insertEmailChange(ctx.db, { ...change, ...former, id: undone, email: SECOND })
    const waiting = { formerEmail: null, formerVerifiedAt: null, confirmedAt: null }
    await insertEmailChange(ctx.db, { ...change, ...waiting, id: next, email: THIRD })
    const undo = { token: await linkAbout(ada, 'email-undo', undone) }
    const confirmation = { token: await linkAbout(ada, 'email-confirmation', next) }
    return {
      asking: [
        (node) => ask(node, 'POST', '/emails/undo', { payload: undo }),
        (node) => ask(node, 'POST', '/emails/confirm', { payload: confirmation }),
      ],
      assertAfter: async ([undoing, confirming]) => {
        assert.equal(undoing.status, 200, undoing.raw.body)
        assert.ok([200, 404].includes(confirming.status), confirming.raw.body)
        const { email, emailVerifiedAt } = await rowOf(ada)
        assert.deepEqual([email, emailVerifiedAt !== null], [FIRST, true])
      },
    }
  })
})
