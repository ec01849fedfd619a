// What a start prints about a database that it has just created or upgraded.
import { userRowFindings } from '#domain/users/external-rows/row-findings.service.ts'
import type { LoadedConfig } from '#foundation/platform/config/types.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { texts } from '#foundation/texts/texts.ts'
import { inWords } from '#use-cases/administration/health/finding.ts'
import { evaluateRows } from '#use-cases/administration/health/health.ts'
import { writtenOut } from '../terminal/contractions.ts'
import { databaseLocation, type Working } from '../terminal/invocation.ts'
import { counted } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

const MOST_FINDINGS = 20

/**
 * The lines for a new or upgraded database: that it is new, where the copy is, what was sealed, and the rows that need attention; none on
 * an ordinary start.
 */
export async function takeOverLines({ doorward, loaded }: Pick<Working, 'doorward' | 'loaded'>): Promise<string[]> {
  const { db, report } = doorward
  const lines = [...(report.created ? newDatabaseLines(db, loaded) : []), ...report.notes]
  if (report.sealed > 0)
    lines.push(`Sealed ${counted(report.sealed, 'plaintext TOTP secret')} found in the users table.`)
  if (report.inBackground) {
    lines.push(
      'Another program added more users than a start can process. The server processes the rest while it runs. The check-up shows how many are left.',
    )
  } else if (!report.scrubbed) {
    lines.push(
      `Traces of plaintext TOTP secrets may remain in the database files: another program has the database open, the disk is full, or the file is too large to rewrite at a start. Fix that if you can, stop the server and run ${commandFor(loaded.config, 'db migrate')}.`,
    )
  }
  if (!report.upgradedLegacy) return lines
  const findings = evaluateRows(await userRowFindings({ db })).map((finding) => inWords(texts('en'), finding))
  const shown = findings
    .slice(0, MOST_FINDINGS)
    .map(({ name, sentence }) => `${name}: ${printable(writtenOut(sentence))}`)
  const rest = findings.length - shown.length
  return [...lines, ...shown, ...(rest > 0 ? [`… and ${counted(rest, 'more finding')}.`] : [])]
}

/** A setting that names a database mostly means an existing one. If its value is mistyped, the new, empty database looks like lost data. */
function newDatabaseLines(db: Database, loaded: LoadedConfig): string[] {
  const isDefault = (name: string): boolean => loaded.origins[name]?.source === 'default'
  const named = ['database_url', 'data_dir'].find((name) => !isDefault(name))
  const made = db.dialect === 'sqlite' ? 'a new, empty database at' : 'new, empty tables in'
  return [
    `Created ${made} ${databaseLocation(loaded)}.`,
    ...(named === undefined ? [] : [`It has no users yet. Expected existing users? Stop and check ${named}.`]),
    ...(isDefault('data_dir')
      ? [
          `The data folder is ${loaded.config.dataDir}, in the folder where you started Doorward. To choose another: --data-dir FOLDER or DOORWARD_DATA_DIR.`,
        ]
      : []),
  ]
}
