// Exempts users from a policy for a while, and lists who is exempt.
import type { User } from '#domain/users/user.ts'
import { LONGEST_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import { stated } from '#foundation/texts/english/stated.ts'
import { texts } from '#foundation/texts/texts.ts'
import { presentExemption } from '#use-cases/administration/policy-rollout/exemptions.schema.ts'
import {
  type ExemptUser,
  exemptUser,
  pageExempt,
  unexemptUser,
} from '#use-cases/administration/policy-rollout/exemptions.service.ts'
import { FIRST_PAGE } from '#use-cases/administration/policy-rollout/plan.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { type Moment, readStart } from '../../terminal/flag-values.ts'
import { USER_ARGUMENT, withContext, withUser, type Working } from '../../terminal/invocation.ts'
import { type Column, momentIn, printTable, totalOf } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { policyFor, SCOPE_ARGUMENT } from './scope-argument.ts'

const PAGE_SIZE = 200

const words = texts('en').rollout.exemptions

const COLUMNS: readonly Column<ExemptUser>[] = [
  { head: 'id', of: ({ user }) => String(user.id) },
  { head: 'username', cut: true, of: ({ user }) => user.username },
  { head: 'until', of: ({ endsAt }) => ({ at: endsAt }) },
  { head: 'second step', of: ({ asked }) => writtenOut(words.asked[asked]) },
  { head: 'reason', cut: true, of: ({ reason }) => reason },
]

export function addPolicyExemptions(parent: CliCommand): void {
  parent
    .command('exempt')
    .description('exempt a user from a policy for a while')
    .argument('<user>', USER_ARGUMENT)
    .argument('<target>', SCOPE_ARGUMENT)
    .requiredOption('--reason <text>', 'reason, recorded in the audit log')
    .requiredOption(
      '--until <when>',
      `end: a span from now such as 30d, or a time; at most ${stated.span(LONGEST_EXEMPTION)} ahead`,
      readStart,
    )
    .withExamples('policy exempt ada everyone --reason "On leave" --until 30d')
    .action(withUser(exempt))
  parent
    .command('exemptions')
    .description('list the users who are exempt from a policy')
    .argument('<target>', SCOPE_ARGUMENT)
    .withExamples('policy exemptions everyone')
    .action(withContext(listExemptions))
  parent
    .command('unexempt')
    .description('end the exemption of a user')
    .argument('<user>', USER_ARGUMENT)
    .argument('<target>', SCOPE_ARGUMENT)
    .withExamples('policy unexempt ada everyone')
    .action(withUser(unexempt))
}

interface Flags {
  readonly reason?: string
  readonly until?: Moment
}

async function exempt({ ctx, out }: Working, user: User, word: string, { reason, until }: Flags): Promise<void> {
  if (reason === undefined || until === undefined) throw CliFailure.usage('Add --reason and --until.')
  const policy = await policyFor(ctx, word)
  const exempted = await exemptUser(ctx, policy.id, user, { reason, endsAt: until.at(ctx.now) })
  out.result(
    presentExemption(exempted, ctx.now),
    `${printable(user.username)} is exempt from “${printable(policy.name)}” until ${momentIn(out, exempted.endsAt)}. ${words.untilThen}: ${writtenOut(words.asked[exempted.asked])}`,
  )
}

async function unexempt({ ctx, out }: Working, user: User, word: string): Promise<void> {
  const policy = await policyFor(ctx, word)
  await unexemptUser(ctx, policy.id, user)
  const ended = { user_id: user.id, policy_id: policy.id }
  out.result({ ended }, `“${printable(policy.name)}” applies to ${printable(user.username)} again`)
}

async function listExemptions({ ctx, out }: Working, word: string): Promise<void> {
  const { id } = await policyFor(ctx, word)
  const items: ExemptUser[] = []
  let after: number | null = FIRST_PAGE
  while (after !== null) {
    const page: Awaited<ReturnType<typeof pageExempt>> = await pageExempt(ctx, id, { after, limit: PAGE_SIZE })
    items.push(...page.items)
    after = page.next
  }
  if (out.form === 'json')
    return out.json({ items: items.map((item) => presentExemption(item, ctx.now)), next_cursor: null })
  printTable(out, COLUMNS, items)
  out.say(totalOf(items.length, 'exemption'))
}
