// Prints the plan of a policy: of a stored policy, or of terms that are only proposed.
import { Option } from 'commander'

import { type AllowableFactor, type Requirement, REQUIREMENTS } from '#domain/policies/policy.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { conflictInWords, stopReasonInWords } from '#use-cases/administration/policy-rollout/plan-sections.pages.ts'
import { presentPlan } from '#use-cases/administration/policy-rollout/plan.schema.ts'
import {
  conflictOf,
  deadlineOf,
  FIRST_PAGE,
  pagePlan,
  type Plan,
  type PlanItem,
  type PlanSummary,
  proposedPlan,
  storedPlan,
  summarizePlan,
} from '#use-cases/administration/policy-rollout/plan.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { type Moment, readStart } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, counted, momentIn, printTable } from '../../terminal/list.ts'
import { policyFor, readFactors, SCOPE_ARGUMENT, scopeOf } from './scope-argument.ts'

interface Flags {
  readonly secondStep?: Requirement
  readonly factors?: readonly AllowableFactor[]
  readonly from?: Moment
  readonly helpersMayExempt?: boolean
}

const PAGE_SIZE = 200

const ENGLISH = texts('en')
const words = ENGLISH.rollout

const COLUMNS: readonly Column<PlanItem>[] = [
  { head: 'id', of: ({ user }) => String(user.id) },
  { head: 'username', cut: true, of: ({ user }) => user.username },
  { head: 'email', cut: true, of: ({ user }) => user.email ?? '' },
  { head: 'permissions', of: ({ user }) => (isPrivileged(user) ? 'yes' : 'none') },
  { head: 'state', of: ({ state }) => words.states[state] },
  { head: 'why', cut: true, of: (item) => writtenOut(stopReasonInWords(ENGLISH, item)) },
]

export function addPolicyPlan(parent: CliCommand): void {
  parent
    .command('plan')
    .description('list the users a policy stops, and why; changes nothing')
    .argument('<target>', SCOPE_ARGUMENT)
    .addOption(new Option('--second-step <wish>', 'second step that a proposed policy requires').choices(REQUIREMENTS))
    .option('--factors <kinds>', 'second steps that a proposed policy allows, such as totp,passkey', readFactors)
    .option('--helpers-may-exempt', 'a proposed policy lets the help desk exempt users')
    .option('--from <when>', 'deadline of a proposed policy: a span from now such as 14d, or a time', readStart)
    .withExamples('policy plan role:user', 'policy plan everyone --second-step phishing-resistant --from 14d')
    .action(withContext(printPlan))
}

async function printPlan({ ctx, out }: Working, scope: string, flags: Flags): Promise<void> {
  const plan = await planOf(ctx, scope, flags)
  const summary = await summarizePlan(ctx, plan)
  const items: PlanItem[] = []
  let after: number | null = FIRST_PAGE
  while (after !== null) {
    const page: Awaited<ReturnType<typeof pagePlan>> = await pagePlan(ctx, plan, { after, limit: PAGE_SIZE })
    items.push(...page.items)
    after = page.next
  }
  const conflict = await conflictOf(ctx, plan)
  if (out.form === 'json') return out.json(presentPlan(plan, summary, { items, cursor: null, conflict, now: ctx.now }))
  printTable(out, COLUMNS, items)
  saySummary({ ctx, out }, plan, summary)
  if (conflict !== null) out.say(writtenOut(conflictInWords(ENGLISH, conflict)))
}

function saySummary(
  { ctx, out }: Pick<Working, 'ctx' | 'out'>,
  plan: Plan,
  { concerned, counts, withPermissions, withoutEmail }: PlanSummary,
): void {
  const when = whenInWords(out, deadlineOf(plan, ctx.now))
  out.say(
    `The policy applies to ${counted(concerned, 'user')}. ${when}${counts.length > 0 ? ':' : ', it stops none of them.'}`,
  )
  const { whileExempt } = plan.asked
  if (whileExempt !== null) out.say(writtenOut(words.plan.whileExempt[whileExempt]))
  if (plan.passwordMinimum !== null) out.say(writtenOut(words.plan.passwords(plan.passwordMinimum)))
  for (const { reason, state, count } of counts)
    out.say(writtenOut(`${counted(count, 'user')}: ${words.reasons[reason]} (${words.states[state]})`))
  if (withPermissions > 0) out.say(writtenOut(words.plan.withPermissions(withPermissions)))
  if (withoutEmail > 0) out.say(writtenOut(words.plan.withoutEmail(withoutEmail)))
}

function whenInWords(out: Working['out'], deadline: Instant | null): string {
  return deadline === null ? 'As it is now' : `At the deadline, ${momentIn(out, deadline)}`
}

/** Without terms the plan of the stored policy, else that of the proposed one. */
async function planOf(ctx: Working['ctx'], scope: string, flags: Flags): Promise<Plan> {
  const { secondStep: secondFactor = null, factors = null, from, helpersMayExempt = false } = flags
  if (secondFactor === null && factors === null && from === undefined)
    return storedPlan(ctx, (await policyFor(ctx, scope)).id)
  const policy = await scopeOf(ctx, scope)
  const terms = { secondFactor, factors, helpersMayExempt }
  return proposedPlan(ctx, { policy, terms, at: from?.at(ctx.now) ?? ctx.now })
}
