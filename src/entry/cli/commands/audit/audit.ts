// Commands about the audit log; audit-verify.ts has the third.
import { Option } from 'commander'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'

import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { actionSentence, type EventAction, EVENTS } from '#domain/audit/event.ts'
import type { With } from '#foundation/context.ts'
import { exportHead, exportLine } from '#use-cases/administration/audit/event-export.schema.ts'
import {
  eventsToExport,
  type ExportFormat,
  recordExport,
} from '#use-cases/administration/audit/event-export.service.ts'
import { presentEvent } from '#use-cases/administration/audit/events.schema.ts'
import { listNamedEvents, type Named, type NamedEvent } from '#use-cases/administration/audit/events.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { CliFailure, errorCodeOf } from '../../terminal/failure.ts'
import { IP_ADDRESS_FLAG, type Moment, readMoment, readNetwork } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, counted } from '../../terminal/list.ts'
import { addPageFlags, type PageFlags, printPages } from '../../terminal/pages.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addAuditVerify } from './audit-verify.ts'

const COLUMNS: readonly Column<NamedEvent>[] = [
  { head: 'when', of: ({ event }) => ({ at: event.at }) },
  { head: 'what', cut: true, of: ({ event }) => actionSentence(event.action, event.result) },
  { head: 'user', cut: true, of: ({ target }) => shownName(target) },
  {
    head: 'by',
    cut: true,
    of: ({ actor, event }) => (actor === null && event.details?.['door'] === 'cli' ? 'operator' : shownName(actor)),
  },
  { head: 'from', cut: true, of: ({ event }) => String(event.details?.['address'] ?? '') },
  { head: 'reason', cut: true, of: ({ event }) => event.reason ?? '' },
]

export function addAudit(program: CliCommand): void {
  const audit = program.command('audit').description('read the audit log')
  const list = audit
    .command('list')
    .description('list events, newest first')
    .option('--since <moment>', 'start: a duration like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'end, in the same form', readMoment)
    .option('--actor <user>', 'actor: who did it')
    .option('--target <user>', 'target: who it happened to')
    .addOption(new Option('--action <action>', 'only events with this action').choices(Object.keys(EVENTS)))
    .option('--address <address>', IP_ADDRESS_FLAG, readNetwork)
  addPageFlags(list, 'event')
    .withExamples(
      'audit list --since 7d',
      'audit list --target ada --action totp.reset --json',
      'audit list --address 192.0.2.0/24',
    )
    .action(withContext(listAll))
  audit
    .command('export')
    .description('export events, newest first (logged)')
    .addOption(
      new Option('--format <format>', 'JSON lines, or CSV for spreadsheets').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--output <file>', 'write to this file, readable only by its owner, instead of stdout')
    .option('--since <moment>', 'start: a duration like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'end, in the same form', readMoment)
    .option('--address <address>', IP_ADDRESS_FLAG, readNetwork)
    .withExamples('audit export --since 30d --output audit.jsonl', 'audit export --format csv > audit.csv')
    .action(withContext(exportEvents))
  addAuditVerify(audit)
}

interface FilterFlags {
  readonly since?: Moment
  readonly until?: Moment
  readonly address?: string
}

function withInstants<Flags extends FilterFlags>({ now }: With<'now'>, { since, until, ...rest }: Flags) {
  return { ...rest, ...(since && { since: since.at(now) }), ...(until && { until: until.at(now) }) }
}

interface ListFlags extends FilterFlags, PageFlags {
  readonly actor?: string
  readonly target?: string
  readonly action?: EventAction
}

async function listAll(working: Working, flags: ListFlags): Promise<void> {
  const { ctx } = working
  const { since, until, actor, target, action, address } = flags
  const filter = withInstants(ctx, flags)
  await printPages(working, flags, {
    noun: 'event',
    command: 'audit list',
    words: { since: since?.typed, until: until?.typed, actor, target, action, address },
    columns: COLUMNS,
    position: EventPosition,
    read: ({ after: cursor = null, limit }) => listNamedEvents(ctx, { ...filter, cursor, limit }),
    show: presentEvent,
  })
}

function shownName(person: Named | null): string {
  return person === null ? '' : (person.username ?? `${person.subject} (deleted)`)
}

interface ExportFlags extends FilterFlags {
  readonly format: ExportFormat
  readonly output?: string
}

const PROGRESS_EVERY = 10_000

async function exportEvents(working: Working, { output, format, ...filter }: ExportFlags): Promise<void> {
  const { ctx, out } = working
  const target = output === undefined ? process.stdout : await fileTarget(working, output)
  await recordExport(ctx, { format, to: output === undefined ? 'standard output' : 'file' })
  let count = 0
  await write(target, exportHead(format))
  for await (const event of eventsToExport(ctx, withInstants(ctx, filter))) {
    await write(target, exportLine(format, event))
    count += 1
    if (count % PROGRESS_EVERY === 0) out.say(`${count.toLocaleString('en').replaceAll(',', ' ')} events …`)
  }
  if (target !== process.stdout) await once(target.end(), 'close')
  out.done(`Exported ${counted(count, 'event')}${output === undefined ? '' : ` to ${output}`}`)
}

/** Opens the output file. An existing file is overwritten only after confirmation. */
async function fileTarget(working: Working, path: string): Promise<Writable> {
  try {
    return await openFile(path, 'wx')
  } catch (error) {
    if (!(error instanceof CliFailure && errorCodeOf(error.cause) === 'EEXIST')) throw error
  }
  await confirmOr(working, `${path} already exists. Overwrite it?`)
  return openFile(path, 'w')
}

async function openFile(path: string, flags: 'w' | 'wx'): Promise<Writable> {
  const file = createWriteStream(path, { flags, mode: 0o600 })
  await once(file, 'open').catch((cause: unknown) => {
    const detail = `${path} cannot be written (${errorCodeOf(cause) || 'unknown error'}).`
    throw new CliFailure({ exit: EXIT.usage, code: 'cli.output_file', title: 'File not writable', detail }, { cause })
  })
  return file
}

/** Writes with backpressure, so that a long log needs little memory. */
async function write(target: Writable, text: string): Promise<void> {
  if (!target.write(text)) await once(target, 'drain')
}
