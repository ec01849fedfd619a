import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'

import { Option } from 'commander'

import { exportHead, exportLine } from '../../../../use-cases/administration/audit/event-export.schema.ts'
import { eventsToExport, recordExport } from '../../../../use-cases/administration/audit/event-export.service.ts'
import type { ExportFormat } from '../../../../use-cases/administration/audit/event-export.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { instantOf, readMoment } from '../../terminal/time-format.ts'
import type { Moment } from '../../terminal/time-format.ts'
import { ADDRESS_FLAG, readNetwork } from '../../terminal/network-flag.ts'
import { confirmOr } from '../../terminal/prompt.ts'

interface Flags {
  readonly format: ExportFormat
  readonly output?: string
  readonly since?: Moment
  readonly until?: Moment
  readonly address?: string
}

const PROGRESS_EVERY = 10_000

export function addAuditExport(audit: CliCommand): void {
  audit
    .command('export')
    .description('export events, newest first (the export itself is recorded)')
    .addOption(
      new Option('--format <format>', 'JSON lines, or CSV for a spreadsheet')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .option('--output <file>', 'write to a file, readable by its owner only, instead of standard output')
    .option('--since <moment>', 'only events since then: a span like 7d, or a date and time', readMoment)
    .option('--until <moment>', 'only events before then', readMoment)
    .option('--address <address>', ADDRESS_FLAG, readNetwork)
    .withExamples('audit export --since 30d --output audit.jsonl', 'audit export --format csv > audit.csv')
    .action((flags: Flags, command: CliCommand) => withContext(command, (working) => exportEvents(working, flags)))
}

async function exportEvents(working: Working, flags: Flags): Promise<void> {
  const { ctx, out } = working
  const { output, format } = flags
  const target = output === undefined ? process.stdout : await fileTarget(working, output)
  await recordExport(ctx, { format, to: output === undefined ? 'standard output' : 'file' })
  let count = 0
  await write(target, exportHead(format))
  for await (const event of eventsToExport(ctx, filterOf(working, flags))) {
    await write(target, exportLine(format, event))
    count += 1
    if (count % PROGRESS_EVERY === 0) out.say(`${count.toLocaleString('en').replaceAll(',', ' ')} events …`)
  }
  if (target !== process.stdout) await finished(target)
  out.done(`Exported ${counted(count, 'event')}${output === undefined ? '' : ` to ${output}`}`)
}

function filterOf({ ctx }: Working, { since, until, address }: Flags) {
  return {
    ...(address !== undefined && { address }),
    ...(since !== undefined && { since: instantOf(since, ctx.now) }),
    ...(until !== undefined && { until: instantOf(until, ctx.now) }),
  }
}

/** Opens the output file. An existing file is overwritten only after confirmation. */
async function fileTarget(working: Working, path: string): Promise<Writable> {
  try {
    return await openOutput(path, 'wx')
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw unwritable(path, error)
  }
  await confirmOr(working, `${path} exists. Overwrite it?`)
  try {
    return await openOutput(path, 'w')
  } catch (error) {
    throw unwritable(path, error)
  }
}

async function openOutput(path: string, flags: 'w' | 'wx'): Promise<Writable> {
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

/** Writes with backpressure, so that a long log needs little memory. */
async function write(target: Writable, text: string): Promise<void> {
  if (!target.write(text)) await once(target, 'drain')
}

async function finished(target: Writable): Promise<void> {
  target.end()
  await once(target, 'close')
}
