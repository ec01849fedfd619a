// Consumed TOTP steps. Each step is accepted once, even if clocks jump and two versions of the program run in parallel (replay).
import { type RawBuilder, sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database, Transaction } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { lastBeside } from './totp.ts'

/**
 * Accepts a step that is later than the last used one. If that one lies in the future, because a clock was ahead, and
 * `consumed_totp_step` has every step that may have been used, an earlier step is accepted too. The previous version of the program
 * accepts only steps later than `last_used_step`, which never decreases, so it accepts no step that was used here; the steps that it has
 * used itself are not later than `unrecorded_until_step`.
 */
const advanceStep = preparedQuery((db: Database, id: string, step: number, last: number, now: Instant) =>
  db
    .updateTable('totp_factor')
    .set({
      last_used_at: now,
      unreadable_at: null,
      last_used_step: sql<number>`case when last_used_step > ${step} then last_used_step else ${step} end`,
      recorded_step: sql<number>`case when last_used_step > ${step} then last_used_step else ${step} end`,
      unrecorded_until_step: sql<
        number | null
      >`case when recorded_step = last_used_step then unrecorded_until_step else last_used_step end`,
    })
    .where('id', '=', id)
    .where('confirmed_at', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('last_used_step', 'is', null),
        eb('last_used_step', '<', step),
        eb.and([
          eb('last_used_step', '>', last),
          eb('recorded_step', '=', eb.ref('last_used_step')),
          eb.or([eb('unrecorded_until_step', 'is', null), eb('unrecorded_until_step', '<', step)]),
          eb.not(
            eb.exists(
              eb
                .selectFrom('consumed_totp_step')
                .select('step')
                .whereRef('factor_id', '=', 'totp_factor.id')
                .where('step', '>=', step)
                .where('step', '<=', last),
            ),
          ),
        ]),
      ]),
    )
    .where((eb) => eb.or([eb('disclosed_step', 'is', null), eb('disclosed_step', '!=', step)]))
    .returning('id'),
)

const insertStep = preparedQuery((db: Database, id: string, step: number) =>
  db
    .insertInto('consumed_totp_step')
    .columns(['factor_id', 'step', 'ends_at'])
    .expression((eb) =>
      eb
        .selectFrom('totp_factor')
        .select([
          'id',
          sql<number>`cast(${step} as bigint)`.as('step'),
          endsAt(sql`cast(${step} as bigint)`).as('ends_at'),
        ])
        .where('id', '=', id),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('step'),
)

/** The instant from which on a step of an app is no longer accepted. */
function endsAt(step: RawBuilder<unknown>) {
  return sql<number>`(${step} + 2) * totp_factor.period * 1000`
}

/**
 * Accepts a step once; returns true for one of several parallel calls only (replay). The update decides, and locks the row of the app until
 * the transaction ends; a call that has waited for the lock fails at the key of the recorded step.
 */
export async function acceptStep(db: Transaction, id: string, step: number, now: Instant): Promise<boolean> {
  const advanced = await advanceStep(db, id, step, lastBeside(step), now)
  return advanced.length > 0 && recordStep(db, id, step)
}

/** Records that a step is used; returns false if it was recorded before. */
export async function recordStep(db: Database, id: string, step: number): Promise<boolean> {
  return (await insertStep(db, id, step)).length > 0
}

/**
 * Marks the step as disclosed by a clock-drift hint, so that its code is never accepted (RFC 6238 §5.2). Each app keeps one such
 * step: returns true if it is this one now, false if the app keeps one that is neither before `passed` nor after `beyond`.
 */
export async function markStepDisclosed(
  db: Database,
  id: string,
  step: number,
  { passed, beyond }: { readonly passed: number; readonly beyond: number },
): Promise<boolean> {
  await recordDisclosedStep(db, id, beyond)
  return updatedOne(
    db
      .updateTable('totp_factor')
      .set({ disclosed_step: step })
      .where('id', '=', id)
      .where((eb) =>
        eb.or([
          eb('disclosed_step', 'is', null),
          eb('disclosed_step', '=', step),
          eb('disclosed_step', '<', passed),
          eb('disclosed_step', '>', beyond),
        ]),
      ),
  )
}

/** Records the disclosed step that is replaced as used, so that it is not accepted at its time either. */
async function recordDisclosedStep(db: Database, id: string, beyond: number): Promise<void> {
  await db
    .insertInto('consumed_totp_step')
    .columns(['factor_id', 'step', 'ends_at'])
    .expression((eb) =>
      eb
        .selectFrom('totp_factor')
        .select(['id', 'disclosed_step', endsAt(sql.ref('disclosed_step')).as('ends_at')])
        .where('id', '=', id)
        .where('disclosed_step', '>', beyond),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Deletes rows of steps whose `ends_at` is before an instant, in batches. */
export async function deletePassedSteps(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'consumed_totp_step', ['factor_id', 'step'], (rows) => rows.where('ends_at', '<', before))
}

/**
 * Marks the current step of every app, and the one after it, as used. After a rollback of the database the rows of used steps are
 * missing; if a clock that was ahead has left a later last step, every step up to the current one may have been used.
 * @param now in whole seconds
 */
export async function useUpCurrentSteps(db: Database, now: number): Promise<void> {
  const latest = sql<number>`(cast(${now} as bigint) / period + 1)`
  await db
    .updateTable('totp_factor')
    .set({
      last_used_step: sql`case when last_used_step > ${latest} then last_used_step else ${latest} end`,
      unrecorded_until_step: sql`case when unrecorded_until_step > ${latest} then unrecorded_until_step else ${latest} end`,
    })
    .execute()
}
