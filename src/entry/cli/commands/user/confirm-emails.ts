// Asks users by mail to confirm their email.
import { ASKED_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { stated } from '#foundation/texts/english/stated.ts'
import {
  askForConfirmations,
  readUnconfirmed,
} from '#use-cases/administration/email-confirmations/email-confirmations.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { counted } from '../../terminal/list.ts'
import { confirmOr } from '../../terminal/prompt.ts'

export function addUserConfirmEmails(parent: CliCommand): void {
  parent
    .command('confirm-emails')
    .description(
      `mail users a link to confirm their email (each once in ${stated.span(ASKED_LIFETIME)}; asks for confirmation)`,
    )
    .option('--dry-run', 'only count; send nothing')
    .withExamples('user confirm-emails --dry-run', 'user confirm-emails --yes')
    .action(withContext(confirmEmails))
}

async function confirmEmails(working: Working, { dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const { ctx, out } = working
  const { due, asked } = await readUnconfirmed(ctx)
  const before = `asked in the last ${stated.span(ASKED_LIFETIME)}, or with a link to confirm an email: ${counted(asked, 'user')}`
  const shown = (mailed: number) => ({ mailed, asked_before: asked })
  if (dryRun) return out.result(shown(due), `Would mail ${counted(due, 'user')}; ${before}`)
  if (due > 0) await confirmOr(working, `Mail ${counted(due, 'user')} a link to confirm their email?`)
  let [mailed, isDone] = [0, false]
  while (!isDone) {
    const batch = await askForConfirmations(ctx)
    mailed += batch.mailed
    isDone = !batch.more
  }
  out.result(shown(mailed), `Mailed ${counted(mailed, 'user')}; ${before}`)
}
