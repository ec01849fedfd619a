import type { AuditReport } from '../../../../domain/audit/verify.service.ts'
import { verifyAudit } from '../../../../domain/audit/verify.service.ts'
import { toRfc3339OrNull } from '../../../../foundation/kernel/time.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import type { ExitCode } from '../../terminal/exit-codes.ts'
import { withContext } from '../../terminal/invocation.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import type { Output } from '../../terminal/output.ts'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readCheckpoints } from '../../../../domain/audit/checkpoint.service.ts'
import type { NotedHeads } from '../../../../domain/audit/checkpoint.service.ts'
import { sealingWith } from '../../../../domain/audit/sealing-with.ts'
import type { With } from '../../../../foundation/context.ts'
import { CliFailure } from '../../terminal/failure.ts'

export function addAuditVerify(audit: CliCommand): void {
  audit
    .command('verify')
    .description(
      'read the whole sealed chain and name everything that was changed; exit code 1 when there is anything, 7 when no end of the log was noted that it could be compared with',
    )
    .option('--head <file>', 'compare with the heads in this file instead of those in the data folder')
    .withExamples('audit verify', 'audit verify --head /mnt/backup/audit-head --json')
    .action((flags: { head?: string }, command: CliCommand) =>
      withContext(command, (working) => verify(working, flags)),
    )
}

async function verify({ ctx, out }: Working, { head }: { head?: string }): Promise<void> {
  const report = await verifyAudit(ctx, head === undefined ? undefined : await headsIn(ctx, head))
  process.exitCode = exitOf(report)
  if (out.form === 'json') return out.json(presentReport(report))
  for (const { kind, position, sentence } of report.problems) out.line(`${position}\t${kind}\t${sentence}`)
  say(out, report)
}

/** Whoever cuts the log may delete the noted heads too, so that a check without any must not pass for a whole one. */
function exitOf({ ok, heads }: AuditReport): ExitCode {
  if (!ok) return EXIT.failed
  return heads === 0 ? EXIT.partialSuccess : EXIT.ok
}

function presentReport({ headPath, problems, ...report }: AuditReport) {
  return {
    ...report,
    head_file: headPath,
    problems: problems.map(({ notedAt, ...problem }) => ({ ...problem, noted_at: toRfc3339OrNull(notedAt) })),
  }
}

function say(out: Output, { ok, checked, heads, headPath, problems }: AuditReport): void {
  const events = counted(checked, 'event')
  if (ok && heads > 0)
    out.done(`${events}, nothing was changed; compared with ${counted(heads, 'end')} noted in ${headPath}`)
  if (ok && heads === 0) out.say(`${events} read: none was changed, and none between them is missing`)
  if (!ok) out.warn(`${events} read, ${counted(problems.length, 'problem')} found`)
  if (heads === 0) {
    out.warn(`No end of the log is noted in ${headPath}: whether its end was cut off cannot be told.`)
    out.warn('A server notes one at intervals and when it stops. Where one did, compare with a copy of it: --head FILE')
  }
  if (problems.some(({ notedAt }) => notedAt !== null)) {
    out.warn('A backup that was put back looks the same. If one was, put the noted ends of its time back too, or move')
    out.warn(`${headPath} aside and keep it.`)
  }
}

/** The heads in the file that `--head` names. A file that holds none is a mistake, which would pass for a check. */
async function headsIn({ keyring }: With<'keyring'>, typed: string): Promise<NotedHeads> {
  const path = resolve(typed)
  if (await isFolder(path)) {
    throw CliFailure.usage(`${path} is a folder. Name the file in it, such as ${join(path, 'audit-head')}.`)
  }
  const noted = await readCheckpoints(path, sealingWith(keyring))
  if (noted.heads.length + noted.forged > 0) return noted
  throw CliFailure.usage(`No end of an audit log is noted in ${path}. Name a copy of audit-head from a data folder.`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw CliFailure.usage(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`)
  }
}
