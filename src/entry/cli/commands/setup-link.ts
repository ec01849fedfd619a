import { issueSetupLink, setupUrl } from '../../../use-cases/onboarding/setup.service.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { printLink } from '../terminal/link-output.ts'
import { withContext } from '../terminal/invocation.ts'
import type { Working } from '../terminal/invocation.ts'

export function addSetupLink(program: CliCommand): void {
  program
    .command('setup-link')
    .description(
      'create a new set-up link for the first admin, which replaces the previous one; only while no user can act as admin',
    )
    .option('--qr', 'show it as a QR code too')
    .withExamples('setup-link', 'setup-link --json')
    .action(withContext(setupLink))
}

async function setupLink(working: Working, { qr }: { qr?: boolean }): Promise<void> {
  const { ctx, out, loaded, command } = working
  const issued = await issueSetupLink(ctx)
  if (issued === undefined) {
    const rescue = command('user reset-second-factor NAME')
    throw CliFailure.refusal(
      'setup.finished',
      `This server already has an admin. If an admin cannot sign in: ${rescue}`,
    )
  }
  const { link, token } = issued
  const url = setupUrl(loaded.config, token)
  if (out.form === 'json') return out.json({ url, expires_at: toRfc3339(link.expiresAt) })
  printLink(working, { what: 'Set-up link', url, expiresAt: link.expiresAt }, qr)
}
