// What whoever starts the server on a database that is new to it should know.
import type { Application } from '../../boot.ts'
import { inWords } from '../../../use-cases/administration/health/health-words.ts'
import { evaluateRows } from '../../../use-cases/administration/health/health.ts'
import type { LoadedConfig } from '../../../foundation/platform/config/types.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { commandFor } from '../../../foundation/platform/program-name.ts'
import { userRowFindings } from '../../../domain/users/user.service.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { databaseLocation } from '../terminal/invocation.ts'
import { counted } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'

const MOST_FINDINGS = 20

interface Opened {
  readonly doorward: Application
  readonly loaded: LoadedConfig
}

/**
 * That the database is new, the copy that was kept, what was sealed, and the rows that people should look at; nothing on an
 * ordinary start.
 */
export async function takeOverLines({ doorward: { db, report }, loaded }: Opened): Promise<string[]> {
  const lines = [...(report.created ? birthLines(db, loaded) : []), ...report.notes]
  if (report.sealed > 0)
    lines.push(`Sealed ${counted(report.sealed, 'plain code secret')} found in the table of users.`)
  if (report.inBackground) {
    lines.push(
      'Another program inserted more rows than a start completes. The server completes the rest while it runs; the check-up says how many are left.',
    )
  } else if (!report.scrubbed) {
    lines.push(
      `Traces of code secrets that were plain may remain in the files of the database: another program keeps it open, the disk is full, or the file is too large to be rewritten at a start. Fix that where you can, stop the server and run ${commandFor(loaded.config, 'db migrate')}.`,
    )
  }
  if (!report.upgradedLegacy) return lines
  const findings = evaluateRows(await userRowFindings({ db })).map((finding) => inWords(texts('en'), finding))
  const shown = findings.slice(0, MOST_FINDINGS).map(({ name, sentence }) => `${name}: ${printable(sentence)}`)
  const rest = findings.length - shown.length
  return [...lines, ...shown, ...(rest > 0 ? [`… and ${counted(rest, 'more remark')}.`] : [])]
}

/** Whoever says where the database is mostly has one: with a slip in the name everybody in it would seem to be gone. */
function birthLines(db: Database, loaded: LoadedConfig): string[] {
  const isDefault = (name: string): boolean => loaded.origins[name]?.source === 'default'
  const named = ['database_url', 'data_dir'].find((name) => !isDefault(name))
  const made = db.dialect === 'sqlite' ? 'a new, empty database at' : 'new, empty tables in'
  return [
    `Made ${made} ${databaseLocation(loaded)}.`,
    ...(named === undefined
      ? []
      : [
          `Nobody has an account in it. If you have a database with people in it, this is another one: stop, and look at ${named}.`,
        ]),
    ...(isDefault('data_dir')
      ? [
          `The data folder is ${loaded.config.dataDir}, because no setting names one: it depends on the folder that Doorward is started in. To choose another: --data-dir FOLDER, or DOORWARD_DATA_DIR.`,
        ]
      : []),
  ]
}
