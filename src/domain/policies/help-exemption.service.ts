// Which policies let the help desk exempt a user, and when it did so last.
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { HELP_EXEMPTION_EVERY } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { putHelpExemption, selectHelpExemption } from './help-exemption.queries.ts'
import { helpExemptionFrom } from './help-exemption.ts'
import { type Concerned, concerningVersions, listStoredPolicies } from './stored-policy.service.ts'

/** A policy that concerns a user and from which the help desk may exempt them. */
export interface HelpablePolicy {
  readonly id: string
  readonly name: string
  /** Until when the user is exempt; null without an exemption that lasts. */
  readonly exemptUntil: Instant | null
  /** The deadline of the version from which on an exemption of the help desk counts; null if it counts now. */
  readonly countsFrom: Instant | null
}

/** Returns the policies that concern a user and from which the help desk may exempt users, by name. */
export async function helpablePolicies(
  ctx: With<'db' | 'now'>,
  user: Pick<Concerned, 'subject' | 'role'>,
): Promise<HelpablePolicy[]> {
  const found = Object.groupBy(await concerningVersions(ctx, user), ({ policyId }) => policyId)
  if (!Object.values(found).some((versions = []) => helpExemptionFrom(versions, ctx.now) !== undefined)) return []
  return (await listStoredPolicies(ctx)).flatMap(({ id, name }) => {
    const versions = found[id] ?? []
    const until = versions[0]?.exemptUntil ?? null
    const exemptUntil = until !== null && until > ctx.now ? until : null
    const from = helpExemptionFrom(versions, ctx.now)
    return from === undefined ? [] : [{ id, name, exemptUntil, countsFrom: from > ctx.now ? from : null }]
  })
}

/** Returns when the help desk exempted a user last; null if it never did. */
export async function lastHelpExemption(
  ctx: With<'db'>,
  { subject }: Pick<Concerned, 'subject'>,
): Promise<Instant | null> {
  return (await selectHelpExemption(ctx.db, subject))?.exempted_at ?? null
}

/** Notes that the help desk exempts a user, in the transaction of the exemption. Throws `help.exempted_recently`. */
export async function noteHelpExemption(
  ctx: With<'db' | 'now'>,
  { subject }: Pick<Concerned, 'subject'>,
): Promise<void> {
  const since = ctx.now - HELP_EXEMPTION_EVERY
  if (!(await putHelpExemption(ctx.db, { subject, now: ctx.now, since }))) throw new Refusal('help.exempted_recently')
}
