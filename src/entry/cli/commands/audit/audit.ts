// Commands about the audit log; audit-verify.ts has the third.
import { Option } from 'commander'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'

import { EventPosition } from '#domain/audit/event-position.schema.ts'
import { actionSentence, type EventAction, EVENTS } from '#domain/audit/event.ts'
import type { With } from '#foundation/context.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
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
import { IP_ADDRESS_FLAG, type Moment, readMoment, readNetwork, wholeNumberFlag } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, counted, printTable, sayFurtherPages } from '../../terminal/list.ts'
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

const LARGEST_PAGE = 200
const LIMIT = 50

export function addAudit(program: CliCommand): void {
  const audit = program.command('audit').description('read the audit log')
  audit
    .command('list')
    .description('list events, newest first')
    .option('--since <moment>', 'start: a duration like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'end, in the same form', readMoment)
    .option('--actor <user>', 'actor: who did it')
    .option('--target <user>', 'target: who it happened to')
    .addOption(new Option('--action <action>', 'only events with this action').choices(Object.keys(EVENTS)))
    .option('--address <address>', IP_ADDRESS_FLAG, readNetwork)
    .option('--limit <count>', 'events per page', wholeNumberFlag(1, LARGEST_PAGE), LIMIT)
    .option('--cursor <cursor>', 'continue from a previous page')
    .option('--all', 'all pages; with --json, one line per event')
    .withExamples(
      'audit list --since 7d',
      'audit list --target ada --action totp.reset --json',
      'audit list --address 192.0.2.0/24',
    )
    .action(withContext(list))
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

interface ListFlags extends FilterFlags {
  readonly actor?: string
  readonly target?: string
  readonly action?: EventAction
  readonly limit: number
  readonly cursor?: string
  readonly all?: boolean
}

async function list(working: Working, flags: ListFlags): Promise<void> {
  const { ctx, out } = working
  const { cursor, all = false, ...filter } = flags
  const limit = all ? LARGEST_PAGE : flags.limit
  const query = { ...withInstants(ctx, filter), limit }
  let after = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  let count = 0
  do {
    const { items, next } = await listNamedEvents(ctx, { ...query, cursor: after })
    const nextCursor = next === null ? null : encodeCursor(next)
    if (all && out.form === 'json') items.forEach((event) => out.json(presentEvent(event)))
    else if (out.form === 'json') out.json({ items: items.map(presentEvent), next_cursor: nextCursor })
    else printTable(out, COLUMNS, items)
    count += items.length
    after = next
  } while (all && after !== null)
  out.say(counted(count, 'event'))
  if (!all && after !== null) sayFurtherPages(working, ['audit list', wordsOf(flags)], encodeCursor(after))
}

/** The flags as they are typed, without those that have their default value. */
function wordsOf({ since, until, actor, target, action, address, limit }: ListFlags) {
  const typed = { since: since?.typed, until: until?.typed, actor, target, action, address }
  return { ...typed, ...(limit !== LIMIT && { limit }) }
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
