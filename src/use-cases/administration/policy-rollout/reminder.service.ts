// Reminds users by mail of a policy that will stop them: at its announcement, a week and a day before its deadline.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { canStop, factorRequirementOf } from '#domain/policies/evaluation/factor-requirement.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import type { AllowableFactor } from '#domain/policies/policy.ts'
import { dueReminder } from '#domain/policies/rollout/reminder.ts'
import { beginReminder, moveReminder, unfinishedReminder } from '#domain/policies/rollout/rollout.service.ts'
import {
  listStoredPolicies,
  type StoredPolicy,
  type StoredVersion,
} from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { FIRST_PAGE, pagePlan, type Plan, stillStopped, storedPlan } from './plan.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Users in one transaction, which on SQLite blocks all other writers. */
const BATCH = 50

/**
 * Queues the mails of every reminder that is due. How far a reminder has come is stored in the transaction of its mails, so each user gets
 * it once, also after a crash and from several nodes. Ends early when the signal is aborted.
 */
export async function remindOfPolicies(ctx: Deps, signal: AbortSignal): Promise<void> {
  // Without mail the pages remind. A reminder stays due: mail may be turned on in time.
  if (!isMailOn(ctx.config)) return
  for (const policy of await listStoredPolicies(ctx)) {
    const [version] = currentVersions(policy, ctx.now).planned
    if (version === undefined || version.isEnd || !canStop(factorRequirementOf(version.terms))) continue
    await beginIfDue(ctx, policy, version)
    await continueReminder(ctx, policy, version, signal)
  }
}

function beginIfDue(ctx: Deps, { id: policyId, name }: StoredPolicy, version: StoredVersion): Promise<void> {
  const stage = dueReminder(version, ctx.now)
  if (stage === undefined) return Promise.resolve()
  return auditedChange(ctx, {}, async (tx) => {
    if (!(await beginReminder(tx, { id: version.id, stage, position: FIRST_PAGE }))) return
    const details = { policy: name, policy_id: policyId, version: version.version, reminder: stage }
    await recordEvent(tx, { action: 'policy.reminded', actor: null, details })
  })
}

async function continueReminder(
  ctx: Deps,
  policy: StoredPolicy,
  version: StoredVersion,
  signal: AbortSignal,
): Promise<void> {
  const plan = await storedPlan(ctx, policy.id)
  while (!signal.aborted && (await remindBatch(ctx, plan, version))) await nextTurn()
}

/**
 * Reminds the next users; returns whether there may be more. They are found before the transaction, because the search may visit all users,
 * and other writers would wait meanwhile. In the transaction, only those are reminded that the policy still stops.
 */
async function remindBatch(ctx: Deps, plan: Plan, { id }: StoredVersion): Promise<boolean> {
  const reminder = await unfinishedReminder(ctx, id)
  if (reminder === undefined) return false
  const { items, next } = await pagePlan(ctx, plan, { after: reminder.position, limit: BATCH, state: 'stopped' })
  return auditedChange(ctx, {}, async (tx) => {
    // Another node may have moved it since, and sent these mails.
    if (!(await moveReminder(tx, reminder, next))) return false
    const found = items.map(({ user }) => user)
    for (const user of await stillStopped(tx, plan, found)) await remind(tx, plan, user)
    return next !== null
  })
}

/** The template by the only factor that the user may set up; null where there is a choice. */
const TEMPLATES = { passkey: 'policy-reminder-passkey', totp: 'policy-reminder-app' } as const satisfies Record<
  AllowableFactor,
  string
>

/** The mail goes to the email of the user, verified or not, as notices do: it has no secret and opens nothing (decision 0060). */
async function remind(tx: InTransaction<Deps>, { at }: Plan, user: User): Promise<void> {
  const { subject, username, email, locale, timeZone } = user
  if (email === null) return
  const { factors } = await userPolicy({ ...tx, now: at }, user)
  const [only, ...others] = factors
  await queueMail(tx, {
    template: only === undefined || others.length > 0 ? 'policy-reminder' : TEMPLATES[only],
    recipient: email,
    subject,
    locale,
    facts: {
      name: username,
      deadline_at: toRfc3339(at),
      ...(timeZone !== null && { time_zone: timeZone }),
    },
  })
}
