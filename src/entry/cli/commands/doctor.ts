import { ATTEMPT_DEADLINE } from '#domain/mail/outbox.ts'
import { databaseSize, isDamaged } from '#foundation/platform/database/database-facts.ts'
import { newMailer } from '#foundation/platform/mailer/mailer.ts'
import { texts } from '#foundation/texts/texts.ts'
import { CHECK_LEVELS, type CheckLevel, type Finding, inWords } from '#use-cases/administration/health/finding.ts'
import { presentCheckup } from '#use-cases/administration/health/health.schema.ts'
import { checkUp } from '#use-cases/administration/health/health.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { writtenOut } from '../terminal/contractions.ts'
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { counted } from '../terminal/list.ts'
import { type Output, printable } from '../terminal/output.ts'

/** In bytes: reading a larger file takes more than a few seconds. */
const LARGE = 500_000_000

const MARKS: Readonly<Record<CheckLevel, string>> = { ok: '✓', note: 'i', warning: '!', failure: '✗' }
const STYLES = { ok: 'green', note: 'dim', warning: 'yellow', failure: 'red' } as const

export function addDoctor(program: CliCommand): void {
  program
    .command('doctor')
    .description(
      'check the health of this server, as the page /admin/checkup does; only the page checks the connection. Connects to the mail server, and reads a whole SQLite file to find damage. Exit code 1: failures found',
    )
    .option('--strict', 'exit code 7 if there are warnings')
    .withExamples('doctor', 'doctor --strict --json')
    .action(withContext(runChecks))
}

async function runChecks({ ctx, out }: Working, { strict = false }: { strict?: boolean }): Promise<void> {
  const probed = { isDamaged: await findDamage(ctx, out), mailError: await mailErrorOf(ctx) }
  const checkup = await checkUp(ctx, null, probed)
  process.exitCode = exitFor(checkup.level, strict)
  if (out.form === 'json') return out.json(presentCheckup(checkup))
  for (const finding of checkup.findings) printFinding(out, finding)
  const counts = CHECK_LEVELS.slice(1).map((level) => checkup.findings.filter((one) => one.level === level).length)
  const [notes = 0, warnings = 0, failures = 0] = counts
  const summary = [counted(failures, 'failure'), counted(warnings, 'warning'), counted(notes, 'note')].join(', ')
  if (failures + warnings > 0) return out.warn(summary)
  out.done(summary)
}

/** Reads all of a SQLite file for damaged pages. For a large file a warning precedes, because that takes long. */
async function findDamage({ db }: Working['ctx'], out: Output): Promise<boolean> {
  const { kind, bytes } = await databaseSize(db)
  if (kind === 'sqlite' && bytes > LARGE)
    out.warn(`Reading ${(bytes / 1_000_000).toFixed(0)} MB of database for damaged pages …`)
  return isDamaged(db)
}

/** Connects to the SMTP server and authenticates; null where that works, or mail is off. */
async function mailErrorOf({ config: { mail } }: Working['ctx']): Promise<string | null> {
  if (mail === null) return null
  const mailer = await newMailer(mail, ATTEMPT_DEADLINE)
  try {
    return (await mailer.check()) ?? null
  } finally {
    mailer.close()
  }
}

function exitFor(level: CheckLevel, strict: boolean): ExitCode {
  if (level === 'failure') return EXIT.failed
  return level === 'warning' && strict ? EXIT.partialSuccess : EXIT.ok
}

function printFinding(out: Output, finding: Finding): void {
  const { code, level, userId } = finding
  const { name, sentence, fix } = inWords(texts('en'), finding)
  if (out.form === 'plain') {
    return out.line(
      [level, code, String(userId ?? ''), writtenOut(sentence), writtenOut(fix ?? '')].map(printable).join('\t'),
    )
  }
  out.line(`${out.styled(STYLES[level], MARKS[level])} ${out.styled('bold', name)}: ${printable(writtenOut(sentence))}`)
  if (fix !== null) out.line(`  ${printable(writtenOut(fix))}`)
}
