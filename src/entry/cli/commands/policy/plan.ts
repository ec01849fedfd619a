// Prints whom a policy stops: of a stored policy, or of terms that are only proposed.
import { Option } from 'commander'

import { ALLOWABLE_FACTORS, REQUIREMENTS } from '../../../../domain/policies/policy.ts'
import type { AllowableFactor, Requirement } from '../../../../domain/policies/policy.ts'
import type { Instant } from '../../../../foundation/kernel/time.ts'
import {
  deadlineOf,
  FIRST_PAGE,
  pagePlan,
  proposedPlan,
  storedPlan,
  summarizePlan,
} from '../../../../use-cases/administration/policy-rollout/plan.service.ts'
import type { Plan, PlanItem, PlanSummary } from '../../../../use-cases/administration/policy-rollout/plan.service.ts'
import { presentPlan } from '../../../../use-cases/administration/policy-rollout/plan.schema.ts'
import { findConcern, findPolicy } from '../../../../use-cases/administration/policy-rollout/find-policy.service.ts'
import { texts } from '../../../../foundation/texts/texts.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { readMoment } from '../../terminal/flag-values.ts'
import type { Moment } from '../../terminal/flag-values.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted, momentIn, printTable } from '../../terminal/list.ts'
import type { Column } from '../../terminal/list.ts'

interface Flags {
  readonly everyone?: boolean
  readonly role?: string
  readonly group?: string
  readonly secondFactor?: Requirement
  readonly allow?: AllowableFactor[]
  readonly from?: Moment
}

const PAGE_SIZE = 200
export const POLICY_ARGUMENT = 'id or name of the policy, from "policy list"'

const words = texts('en').rollout

const COLUMNS: readonly Column<PlanItem>[] = [
  { head: 'id', of: ({ user }) => String(user.id) },
  { head: 'username', cut: true, of: ({ user }) => user.username },
  { head: 'email', cut: true, of: ({ user }) => user.email ?? '' },
  { head: 'state', of: ({ state }) => words.states[state] },
  { head: 'why', cut: true, of: ({ reason, otherPolicy }) => words.reason(reason, otherPolicy) },
]

export function addPolicyPlan(parent: CliCommand): void {
  parent
    .command('plan')
    .description('list the users whom a policy stops, and why; changes nothing')
    .argument('[policy]', POLICY_ARGUMENT)
    .option('--everyone', 'a proposed policy: for everyone')
    .option('--role <role>', 'a proposed policy: for the users with this role')
    .option('--group <group>', 'a proposed policy: for the members of this group, by name or id')
    .addOption(new Option('--second-factor <what>', 'what it asks').choices(REQUIREMENTS))
    .addOption(new Option('--allow <factor...>', 'the second steps that it allows').choices(ALLOWABLE_FACTORS))
    .option('--from <time>', 'its deadline, such as 2030-06-03T08:00:00Z (default: now)', readMoment)
    .withExamples('policy plan "All users"', 'policy plan --everyone --second-factor phishing-resistant --json')
    .action(withContext(printPlan))
}

async function printPlan({ ctx, out }: Working, word: string | undefined, flags: Flags): Promise<void> {
  const plan = await planOf(ctx, word, flags)
  const summary = await summarizePlan(ctx, plan)
  const items: PlanItem[] = []
  let after: number | null = FIRST_PAGE
  while (after !== null) {
    const page: Awaited<ReturnType<typeof pagePlan>> = await pagePlan(ctx, plan, { after, limit: PAGE_SIZE })
    items.push(...page.items)
    after = page.next
  }
  if (out.form === 'json') return out.json(presentPlan(plan, summary, { items, cursor: null, now: ctx.now }))
  printTable(out, COLUMNS, items)
  saySummary({ ctx, out }, plan, summary)
}

function saySummary({ ctx, out }: Pick<Working, 'ctx' | 'out'>, plan: Plan, { concerned, counts }: PlanSummary): void {
  const deadline = deadlineOf(plan, ctx.now)
  out.say(`Concerned: ${counted(concerned, 'user')}. ${whenInWords(out, deadline)}`)
  for (const { reason, state, count } of counts)
    out.say(`${counted(count, 'user')}: ${words.reason(reason, null)} (${words.states[state]})`)
}

function whenInWords(out: Working['out'], deadline: Instant | null): string {
  return deadline === null ? 'As it is now:' : `At the deadline, ${momentIn(out, deadline)}:`
}

async function planOf(ctx: Working['ctx'], word: string | undefined, flags: Flags): Promise<Plan> {
  const { everyone = false, role, group, secondFactor = null, allow = null, from } = flags
  const named = [everyone, role !== undefined, group !== undefined].filter(Boolean).length
  if (named + (word === undefined ? 0 : 1) !== 1)
    throw CliFailure.usage('Name a policy, or one of --everyone, --role and --group.')
  if (word !== undefined) return storedPlan(ctx, (await findPolicy(ctx, word)).id)
  const concern = await findConcern(ctx, { role, group })
  const at = from?.at(ctx.now) ?? ctx.now
  return proposedPlan(ctx, { concern, terms: { secondFactor, factors: allow }, at })
}
