import { type Troubled, troubledDeliveries } from '#domain/back-channel/app-deliveries.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { sendDeliveriesAgain } from '#use-cases/administration/clients/app-state.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import type { Working } from '../../terminal/invocation.ts'
import { type Column, counted, printTable } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'

const COLUMNS: readonly Column<Troubled>[] = [
  { head: 'since', of: ({ createdAt }) => ({ at: createdAt }) },
  { head: 'attempts', of: ({ attempts }) => String(attempts) },
  { head: 'next', of: ({ failedAt, nextAttemptAt }) => (failedAt === null ? { at: nextAttemptAt } : 'given up') },
  { head: 'answer', of: ({ lastError }) => lastError ?? '' },
]

export function addDeliveriesCommand(app: CliCommand): void {
  app
    .command('deliveries')
    .description('show ends of sessions that did not reach an app; --again sends them at once')
    .argument('<app>', APP_ARGUMENT)
    .option('--again', 'send them again now')
    .withExamples('app deliveries Wiki', 'app deliveries Wiki --again')
    .action(ofApp(deliveries))
}

async function deliveries({ ctx, out }: Working, client: Client, { again }: { again?: true }): Promise<void> {
  if (again) {
    const sent = await sendDeliveriesAgain(ctx, client.id)
    return out.result({ sent }, `Sending ${counted(sent, 'end')} of sessions again to ${printable(client.name)}`)
  }
  const found = await troubledDeliveries(ctx, client)
  if (out.form === 'json') {
    const items = found.map(({ subject, sid, createdAt, attempts, lastError, failedAt, nextAttemptAt }) => ({
      subject,
      sid,
      since: toRfc3339(createdAt),
      attempts,
      answer: lastError,
      next_attempt_at: failedAt === null ? toRfc3339(nextAttemptAt) : null,
    }))
    return out.json({ items })
  }
  if (found.length === 0) return out.say(`${printable(client.name)} has heard of every end of a session`)
  printTable(out, COLUMNS, found)
}
