// Lists, shows and withdraws requests of the two-person rule. A command that makes the change itself needs no request.
import { presentApproval } from '#domain/approvals/approval.schema.ts'
import { listApprovals, nameApprovals, type NamedApproval, readApproval } from '#domain/approvals/approval.service.ts'
import { changeName } from '#domain/approvals/approval.ts'
import { texts } from '#foundation/texts/texts.ts'
import { withdrawRequest } from '#use-cases/administration/approvals/approval-decision.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { writtenOut } from '../terminal/contractions.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { type Column, momentIn, printFields, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

function changeOf({ approval }: NamedApproval): string {
  return writtenOut(texts('en').approvals.changes[changeName(approval)](approval.targetName))
}

const COLUMNS: readonly Column<NamedApproval>[] = [
  { head: 'id', of: ({ approval }) => approval.id },
  { head: 'change', cut: true, of: changeOf },
  { head: 'asked by', cut: true, of: ({ asker }) => asker?.username ?? '' },
  { head: 'state', of: ({ approval }) => approval.state },
  { head: 'ready', of: ({ approval }) => ({ at: approval.readyAt }) },
]

export function addApproval(program: CliCommand): void {
  const approval = program.command('approval').description('manage requests of the two-person rule')
  approval
    .command('list')
    .description('list requests that are waiting for a second admin, oldest first')
    .option('--ended', 'list past requests instead, newest first')
    .withExamples('approval list', 'approval list --ended --json')
    .action(withContext(list))
  approval
    .command('show')
    .description('show a request')
    .argument('<id>', 'id of the request, from "approval list"')
    .withExamples('approval show 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action(withContext(show))
  approval
    .command('withdraw')
    .description('withdraw a request; nothing is changed')
    .argument('<id>', 'id of the request, from "approval list"')
    .withExamples('approval withdraw 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action(withContext(withdraw))
}

async function list({ ctx, out }: Working, { ended = false }: { ended?: boolean }): Promise<void> {
  const found = await nameApprovals(ctx, await listApprovals(ctx, ended ? 'ended' : 'waiting'))
  if (out.form === 'json') return out.json({ items: found.map((one) => presentApproval(one, ctx.now)) })
  printTable(out, COLUMNS, found)
  out.say(totalOf(found.length, 'request'))
}

async function show({ ctx, out }: Working, id: string): Promise<void> {
  const named = await namedApproval(ctx, id)
  if (out.form === 'json') return out.json(presentApproval(named, ctx.now))
  const { approval, asker, decider } = named
  printFields(out, [
    ['id', approval.id],
    ['change', changeOf(named)],
    ['state', approval.state],
    ['asked by', asker?.username ?? 'a deleted user'],
    ['asked', momentIn(out, approval.createdAt)],
    ['ready', momentIn(out, approval.readyAt)],
    ['values', JSON.stringify(approval.parameters)],
    ['reason', approval.reason ?? '–'],
    ['ended', approval.decidedAt === null ? '–' : momentIn(out, approval.decidedAt)],
    ['decided by', decider ?? '–'],
    ['lapsed because', approval.endReason ?? '–'],
  ])
}

async function withdraw({ ctx, out }: Working, id: string): Promise<void> {
  await withdrawRequest(ctx, id)
  const named = await namedApproval(ctx, id)
  out.result(presentApproval(named, ctx.now), `Withdrew the request: ${printable(changeOf(named))}`)
}

async function namedApproval(ctx: Working['ctx'], id: string): Promise<NamedApproval> {
  const approval = await readApproval(ctx, id)
  const [named] = await nameApprovals(ctx, [approval])
  return named ?? { approval, asker: null, decider: null }
}
