import { toRfc3339 } from '#foundation/kernel/time.ts'
import { issueSetupLink, setupUrl } from '#use-cases/onboarding/setup.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { printLink } from '../terminal/link-output.ts'

export function addSetupLink(program: CliCommand): void {
  program
    .command('setup-link')
    .description('create a new setup link; replaces the old one (only before there is an admin)')
    .option('--qr', 'also show it as a QR code')
    .withExamples('setup-link', 'setup-link --json')
    .action(withContext(setupLink))
}

async function setupLink(working: Working, { qr }: { qr?: boolean }): Promise<void> {
  const { ctx, out, loaded, command } = working
  const issued = await issueSetupLink(ctx)
  if (issued === undefined) {
    const rescue = command('user reset-second-factor NAME --reason "lost phone"')
    throw CliFailure.refusal('setup.finished', `This server already has an admin. Locked out? Run: ${rescue}`)
  }
  const { link, token } = issued
  const url = setupUrl(loaded.config, token)
  if (out.form === 'json') return out.json({ url, expires_at: toRfc3339(link.expiresAt) })
  printLink(working, { what: 'Setup link', url, expiresAt: link.expiresAt }, qr)
}
