// Creates and invites the users of a CSV file.
import type { Duration } from '#foundation/kernel/time.ts'
import { presentBulkReport } from '#use-cases/administration/invitations/bulk-invitations.schema.ts'
import {
  foreseeInvitations,
  inviteListed,
  type LineReport,
} from '#use-cases/administration/invitations/bulk-invitations.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { readSpan } from '../../terminal/flag-values.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Encoding, encodingFlag, readListFile } from '../../terminal/list-file.ts'
import { counted, printTable } from '../../terminal/list.ts'

interface Flags {
  readonly dryRun?: boolean
  readonly mail?: boolean
  readonly expires?: Duration
  readonly encoding?: Encoding
  readonly locale?: string
}

export function addUserInviteMany(parent: CliCommand): void {
  parent
    .command('invite-many')
    .description('create and invite the users of a CSV file, with a report per line')
    .argument(
      '<file>',
      'columns: username, email, full_name, role, expires_at, locale, groups, attribute:KEY (also in German)',
    )
    .option('--dry-run', 'only report; change nothing')
    .option('--mail', 'send each link to its email address instead of printing it')
    .option('--expires <span>', 'links expire after, such as 7d', readSpan)
    .addOption(encodingFlag())
    .option('--locale <language>', 'language of users for whom the file names none, such as de')
    .withExamples('user invite-many people.csv --dry-run', 'user invite-many people.csv --mail')
    .action(withContext(inviteMany))
}

async function inviteMany({ ctx, out, loaded }: Working, file: string, flags: Flags): Promise<void> {
  const { dryRun = false, mail, expires: lifetime, encoding, locale } = flags
  const wish = { csv: readListFile(file, encoding), delivery: mail ? 'mail' : 'link', lifetime, locale } as const
  const reports = await (dryRun ? foreseeInvitations : inviteListed)(ctx, wish)
  const shown = presentBulkReport(loaded.config, { dryRun, reports })
  if (out.form === 'json') out.json(shown)
  else {
    printTable(out, COLUMNS, shown.lines)
    const { accepted, existing, refused } = shown
    const there = existing > 0 ? ` Already there: ${counted(existing, 'user')}.` : ''
    out.say(
      `${dryRun ? 'Valid' : 'Created'}: ${counted(accepted, 'user')}.${there} Refused: ${counted(refused, 'line')}.`,
    )
  }
  if (shown.refused > 0) process.exitCode = shown.accepted + shown.existing > 0 ? EXIT.partialSuccess : EXIT.notValid
}

type ShownLine = ReturnType<typeof presentBulkReport>['lines'][number]

const COLUMNS = [
  { head: 'line', of: ({ line }: ShownLine) => String(line) },
  { head: 'username', of: ({ username }: ShownLine) => username },
  { head: 'result', of: ({ result }: ShownLine) => result satisfies LineReport['result'] },
  { head: 'invitation or errors', of: outcomeOf },
] as const

function outcomeOf({ result, user, invitation, errors }: ShownLine): string {
  if (result === 'existing') return `already there (id ${user})`
  if (invitation !== null) return invitation.url ?? `mailed to ${invitation.mailed_to}`
  return errors
    .map(({ pointer, detail }) => writtenOut(pointer === '' ? detail : `${pointer.slice(1)}: ${detail}`))
    .join(' ')
}
