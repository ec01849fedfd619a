// Commands about the audit log.
import { Option } from 'commander'

import { presentEvent } from '../../../../use-cases/administration/audit/events.schema.ts'
import { listNamedEvents } from '../../../../use-cases/administration/audit/events.service.ts'
import type { Named, NamedEvent } from '../../../../use-cases/administration/audit/events.service.ts'
import { EVENTS, actionSentence } from '../../../../domain/audit/event.ts'
import type { EventAction } from '../../../../domain/audit/event.ts'
import { EventPosition } from '../../../../domain/audit/event-position.schema.ts'
import { decodeCursor, encodeCursor } from '../../../../foundation/web/http/pagination.ts'
import { addAuditExport } from './audit-export.ts'
import { addAuditVerify } from './audit-verify.ts'
import { wholeNumberFlag } from '../../terminal/cli-command.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { ADDRESS_FLAG, readNetwork } from '../../terminal/network-flag.ts'
import { counted, printTable } from '../../terminal/list.ts'
import type { Column } from '../../terminal/list.ts'
import { instantOf, readMoment } from '../../terminal/time-format.ts'
import type { Moment } from '../../terminal/time-format.ts'

interface Flags {
  readonly since?: Moment
  readonly until?: Moment
  readonly actor?: string
  readonly target?: string
  readonly action?: EventAction
  readonly address?: string
  readonly limit: number
  readonly cursor?: string
}

const COLUMNS: readonly Column<NamedEvent>[] = [
  { head: 'when', of: ({ event }) => ({ at: event.at }) },
  { head: 'what', of: ({ event }) => actionSentence(event.action, event.result) },
  { head: 'whom', of: ({ target }) => shownName(target) },
  {
    head: 'by',
    of: ({ actor, event }) => (actor === null && event.details?.['door'] === 'cli' ? 'operator' : shownName(actor)),
  },
  { head: 'from', of: ({ event }) => String(event.details?.['address'] ?? '') },
  { head: 'reason', of: ({ event }) => event.reason ?? '' },
]

export function addAudit(program: CliCommand): void {
  const audit = program.command('audit').description('audit events')
  audit
    .command('list')
    .description('list events, newest first')
    .option('--since <moment>', 'only events since then: a span like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'only events before then', readMoment)
    .option('--actor <user>', 'only events that this user caused')
    .option('--target <user>', 'only events about this user')
    .addOption(new Option('--action <action>', 'only this kind of event').choices(Object.keys(EVENTS)))
    .option('--address <address>', ADDRESS_FLAG, readNetwork)
    .option('--limit <count>', 'events on one page', wholeNumberFlag(1, 200), 50)
    .option('--cursor <cursor>', 'continue after a previous page, which ends with this command')
    .withExamples(
      'audit list --since 7d',
      'audit list --target ada --action totp.reset --json',
      'audit list --address 192.0.2.0/24',
    )
    .action((flags: Flags, command: CliCommand) => withContext(command, (working) => list(working, flags)))
  addAuditExport(audit)
  addAuditVerify(audit)
}

async function list({ ctx, out, command }: Working, { since, until, cursor, ...rest }: Flags): Promise<void> {
  const { items, next } = await listNamedEvents(ctx, {
    ...rest,
    ...(since !== undefined && { since: instantOf(since, ctx.now) }),
    ...(until !== undefined && { until: instantOf(until, ctx.now) }),
    cursor: cursor === undefined ? null : decodeCursor(EventPosition, cursor),
  })
  const nextCursor = next === null ? null : encodeCursor(next)
  if (out.form === 'json') return out.json({ items: items.map(presentEvent), next_cursor: nextCursor })
  printTable(out, { columns: COLUMNS, items })
  if (nextCursor !== null) out.say(`More: ${command(`audit list … --cursor ${nextCursor}`)}`)
  out.say(counted(items.length, 'event'))
}

function shownName(person: Named | null): string {
  return person === null ? '' : (person.username ?? `${person.subject} (deleted)`)
}
