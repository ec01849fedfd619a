import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'

import { Option } from 'commander'

import { presentEvent } from '../administration/events.schema.ts'
import { listNamedEvents } from '../administration/events.service.ts'
import type { NamedEventPage } from '../administration/events.service.ts'
import { recordEvent } from '../audit/audit.service.ts'
import type { EventCursor } from '../audit/audit.service.ts'
import type { CliCommand } from './cli-command.ts'
import { csvLine } from './csv.ts'
import { EXIT } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { withContext } from './invocation.ts'
import type { Working } from './invocation.ts'
import { counted } from './list.ts'
import { instantOf, readMoment } from './moments.ts'
import type { Moment } from './moments.ts'
import { jsonText } from './output.ts'
import { confirmOr } from './prompt.ts'

interface Flags {
  readonly format: 'jsonl' | 'csv'
  readonly output?: string
  readonly since?: Moment
  readonly until?: Moment
}

type EventView = ReturnType<typeof presentEvent>

const PAGE = 500
const PROGRESS_EVERY = 10_000

const CSV_HEAD = [
  'id',
  'at',
  'action',
  'sentence',
  'actor_subject',
  'actor_username',
  'target_subject',
  'target_username',
  'result',
  'reason',
  'position',
  'details',
] as const

export function addAuditExport(audit: CliCommand): void {
  audit
    .command('export')
    .description('write events out, newest first; that it was done is an event too')
    .addOption(
      new Option('--format <format>', 'JSON lines, or CSV for a spreadsheet')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .option('--output <file>', 'write to a file, readable by its owner only, instead of standard output')
    .option('--since <moment>', 'from then on: a span like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'before then', readMoment)
    .withExamples('audit export --since 30d --output audit.jsonl', 'audit export --format csv > audit.csv')
    .action((flags: Flags, command: CliCommand) => withContext(command, (working) => exportEvents(working, flags)))
}

async function exportEvents(working: Working, flags: Flags): Promise<void> {
  const { ctx, out } = working
  const { output, format } = flags
  const target = output === undefined ? process.stdout : await fileTarget(working, output)
  // First, so that an export that was broken off is known as well.
  await recordEvent(ctx, {
    action: 'audit.exported',
    details: { format, to: output === undefined ? 'standard output' : 'file' },
  })
  let count = 0
  if (format === 'csv') await write(target, csvLine(CSV_HEAD))
  for await (const event of eventsOf(working, flags)) {
    await write(target, format === 'csv' ? csvLine(cellsOf(event)) : `${jsonText(event)}\n`)
    count += 1
    if (count % PROGRESS_EVERY === 0) out.say(`${count.toLocaleString('en').replaceAll(',', ' ')} events …`)
  }
  if (target !== process.stdout) await finished(target)
  out.done(`Exported ${counted(count, 'event')}${output === undefined ? '' : ` to ${output}`}`)
}

async function* eventsOf({ ctx }: Working, { since, until }: Flags): AsyncGenerator<EventView> {
  const range = {
    ...(since !== undefined && { since: instantOf(since, ctx.now) }),
    ...(until !== undefined && { until: instantOf(until, ctx.now) }),
  }
  let cursor: EventCursor | null = null
  do {
    const page: NamedEventPage = await listNamedEvents(ctx, { ...range, limit: PAGE, cursor })
    yield* page.items.map(presentEvent)
    cursor = page.next
  } while (cursor !== null)
}

function cellsOf({ id, at, action, sentence, actor, target, result, reason, position, details }: EventView): string[] {
  const people = [actor, target].flatMap((person) => [person?.subject ?? '', person?.username ?? ''])
  const tail = [
    result,
    reason ?? '',
    position === null ? '' : String(position),
    details === null ? '' : jsonText(details),
  ]
  return [id, at, action, sentence, ...people, ...tail]
}

/** A file that is there is written over only when confirmed. */
async function fileTarget(working: Working, path: string): Promise<Writable> {
  try {
    return await opened(path, 'wx')
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw unwritable(path, error)
  }
  await confirmOr(working, `${path} exists. Write over it?`)
  try {
    return await opened(path, 'w')
  } catch (error) {
    throw unwritable(path, error)
  }
}

async function opened(path: string, flags: 'w' | 'wx'): Promise<Writable> {
  const file = createWriteStream(path, { flags, mode: 0o600 })
  await once(file, 'open')
  return file
}

function unwritable(path: string, error: unknown): CliFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  const detail = `${path} cannot be written (${code}).`
  return new CliFailure(
    { exit: EXIT.usage, code: 'cli.output_file', title: 'File not writable', detail },
    { cause: error },
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Waits for whoever reads, so that a long log needs no memory. */
async function write(target: Writable, text: string): Promise<void> {
  if (!target.write(text)) await once(target, 'drain')
}

async function finished(target: Writable): Promise<void> {
  target.end()
  await once(target, 'close')
}
