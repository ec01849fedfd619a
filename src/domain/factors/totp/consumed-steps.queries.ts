// Which steps are consumed. Each works once, even if clocks jump and two versions of the program run.
import { sql } from 'kysely'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { deleteInBatches } from '../../../foundation/platform/database/batches.ts'
import { preparedQuery } from '../../../foundation/platform/database/prepared-query.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { updatedOne } from '../../../foundation/platform/database/updated-one.ts'
import { lastBeside } from './totp.ts'

/**
 * Takes a step that is later than the last one used. If the last one lies in the future, because a clock was ahead, and
 * `consumed_totp_step` has every step that may have been used, it takes an earlier step too. A program of the previous version
 * takes only steps later than `last_used_step`, which never goes back, so it takes none that was used here; the steps that it
 * used itself are not after `unrecorded_until_step`.
 */
const takeStep = preparedQuery((db: Database, id: string, step: number, last: number, now: Instant) =>
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

const writeStep = preparedQuery((db: Database, id: string, step: number) =>
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

/** From when on a step of an app is not accepted any more. */
function endsAt(step: RawStep) {
  return sql<number>`(${step} + 2) * totp_factor.period * 1000`
}

type RawStep = ReturnType<typeof sql<unknown>>

/**
 * Accepts a step once, for one caller only (replay): the update decides and locks the row of the app until the transaction ends;
 * a request that waited for the lock fails at the key of the recorded step. Call it inside a transaction.
 */
export async function acceptStep(db: Database, id: string, step: number, now: Instant): Promise<boolean> {
  const taken = await takeStep(db, id, step, lastBeside(step), now)
  return taken.length > 0 && recordStep(db, id, step)
}

/** Records that a step is used; false if it was recorded before. */
export async function recordStep(db: Database, id: string, step: number): Promise<boolean> {
  return (await writeStep(db, id, step)).length > 0
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
  await writeToldStep(db, id, beyond)
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

/** The step that is replaced stays refused when its time comes. */
async function writeToldStep(db: Database, id: string, beyond: number): Promise<void> {
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

export async function deletePassedSteps(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'consumed_totp_step', ['factor_id', 'step'], (rows) => rows.where('ends_at', '<', before))
}

/**
 * Marks the present step of every app, and the one after it, as used. If a clock that was ahead left a later last step, the
 * rows of the used steps went back with the database, so every step up to the present may have been used. `now` in whole
 * seconds.
 */
export async function useUpPresentSteps(db: Database, now: number): Promise<void> {
  const latest = sql<number>`(cast(${now} as bigint) / period + 1)`
  await db
    .updateTable('totp_factor')
    .set({
      last_used_step: sql`case when last_used_step > ${latest} then last_used_step else ${latest} end`,
      unrecorded_until_step: sql`case when unrecorded_until_step > ${latest} then unrecorded_until_step else ${latest} end`,
    })
    .execute()
}
