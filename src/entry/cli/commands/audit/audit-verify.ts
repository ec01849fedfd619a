import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { type Checkpoints, readCheckpointFile } from '#domain/audit/checkpoint.service.ts'
import { type AuditReport, verifyAudit } from '#domain/audit/verify.service.ts'
import type { With } from '#foundation/context.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-codes.ts'
import { CliFailure, errorCodeOf } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import type { Output } from '../../terminal/output.ts'

export function addAuditVerify(audit: CliCommand): void {
  audit
    .command('verify')
    .description('verify that the audit log is intact. Exit code 1: tampering found; 7: nothing to compare with')
    .option('--checkpoint <file>', 'compare with this checkpoint file instead of the one in the data folder')
    .option('--head <file>', 'deprecated: use --checkpoint. Ends with 0.2')
    .withExamples('audit verify', 'audit verify --checkpoint /mnt/backup/audit-checkpoints --json')
    .action(withContext(verify))
}

interface Flags {
  readonly checkpoint?: string
  /** The former name of `checkpoint`. */
  readonly head?: string
}

async function verify({ ctx, out }: Working, { checkpoint, head }: Flags): Promise<void> {
  if (checkpoint !== undefined && head !== undefined) {
    throw CliFailure.usage('--head is the deprecated name of --checkpoint. Use only --checkpoint.')
  }
  const namedFile = checkpoint ?? head
  const report = await verifyAudit(ctx, namedFile === undefined ? undefined : await checkpointsIn(ctx, namedFile))
  process.exitCode = exitOf(report)
  if (out.form === 'json') return out.json(presentReport(report))
  for (const { kind, position, sentence } of report.problems) out.line(`${position}\t${kind}\t${sentence}`)
  say(out, report)
}

/** An attacker who truncates the log may delete the checkpoints too, so a verification without any has its own exit code. */
function exitOf({ ok, checkpoints }: AuditReport): ExitCode {
  if (!ok) return EXIT.failed
  return checkpoints === 0 ? EXIT.partialSuccess : EXIT.ok
}

function presentReport({ checkpointPath, problems, ...report }: AuditReport) {
  return {
    ...report,
    checkpoint_file: checkpointPath,
    problems: problems.map(({ checkpointAt, ...problem }) => ({
      ...problem,
      checkpoint_at: toRfc3339OrNull(checkpointAt),
    })),
  }
}

function say(out: Output, { ok, checked, checkpoints, checkpointPath, problems }: AuditReport): void {
  const events = counted(checked, 'event')
  if (ok && checkpoints > 0) {
    out.done(
      `Verified ${events} against ${counted(checkpoints, 'checkpoint')} in ${checkpointPath}. No tampering found.`,
    )
  }
  if (ok && checkpoints === 0) out.say(`Verified ${events}: none was edited, and none is missing in between.`)
  if (!ok) out.warn(`Read ${events} and found ${counted(problems.length, 'problem')}.`)
  if (checkpoints === 0) {
    out.warn(`No checkpoint in ${checkpointPath}, so a truncated log cannot be detected.`)
    out.warn('The server writes one regularly and when it stops. Have a copy? Compare with it: --checkpoint FILE')
  }
  if (problems.some(({ checkpointAt }) => checkpointAt !== null)) {
    out.warn('Restored a backup? Restore the matching audit-checkpoints as well, or move')
    out.warn(`${checkpointPath} aside and keep it.`)
  }
}

/** Reads the checkpoints of the named file. A file without any is refused: a mistyped path would pass for a verification. */
async function checkpointsIn({ keyring }: With<'keyring'>, namedFile: string): Promise<Checkpoints> {
  const path = resolve(namedFile)
  if (await isFolder(path)) {
    throw CliFailure.usage(`${path} is a folder. Use the file in it, such as ${join(path, 'audit-checkpoints')}.`)
  }
  const found = await readCheckpointFile(path, keyring)
  if (found.checkpoints.length + found.forged > 0) return found
  throw CliFailure.usage(`${path} contains no checkpoint. Use a copy of audit-checkpoints from a data folder.`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    const code = errorCodeOf(error)
    throw CliFailure.usage(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`)
  }
}
