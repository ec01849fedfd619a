// What whoever starts the server on somebody else's database should know.
import type { Doorward } from '../boot.ts'
import { inWords } from '../administration/checkup/checkup-words.ts'
import { judgeRows } from '../administration/checkup/checkup.ts'
import { userRowFindings } from '../users/user.service.ts'
import { texts } from '../web/texts.ts'
import { counted } from './list.ts'
import { printable } from './output.ts'

const MOST_FINDINGS = 20

/** The copy that was kept, what was sealed, and the rows that people should look at; nothing on an ordinary start. */
export async function takeOverLines({ db, report }: Doorward): Promise<string[]> {
  const lines = [...report.notes]
  if (report.sealed > 0)
    lines.push(`Sealed ${counted(report.sealed, 'plain code secret')} found in the table of users.`)
  if (!report.scrubbed) {
    lines.push(
      'Another program keeps the database open, so traces of those secrets may remain in its log file: stop it and start again.',
    )
  }
  if (!report.adopted) return lines
  const findings = judgeRows(await userRowFindings({ db })).map((finding) => inWords(texts('en'), finding))
  const shown = findings.slice(0, MOST_FINDINGS).map(({ name, sentence }) => `${name}: ${printable(sentence)}`)
  const rest = findings.length - shown.length
  return [...lines, ...shown, ...(rest > 0 ? [`… and ${counted(rest, 'more remark')}.`] : [])]
}
