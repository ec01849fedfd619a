import { MOST_LINES } from '#foundation/kernel/stated-limits.ts'
import { presentFieldErrors } from '#foundation/web/http/problem.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { LineReport } from './bulk-invitations.service.ts'
import { ATTRIBUTE_COLUMN, LIST_COLUMNS } from './invitation-list.ts'
import { DeliveryOfLink, InvitationSeconds, InvitationView, presentWithInvitation } from './invitation.schema.ts'

/** Longer than a list of `MOST_LINES` lines with long names, also as a form sends it, where a character takes up to three bytes. */
export const LONGEST_LIST = 1_048_576

export const InvitationList = named(
  'InvitationList',
  Type.Object(
    {
      csv: Type.String({
        maxLength: LONGEST_LIST,
        description: `At most ${MOST_LINES} lines below a line with the names of the columns: ${LIST_COLUMNS.join(', ')}, and ${ATTRIBUTE_COLUMN}KEY for an attribute; also in the languages of the pages.`,
      }),
      dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Only report; change nothing.' })),
      delivery: Type.Optional(DeliveryOfLink),
      invitation_expires_in: Type.Optional(InvitationSeconds),
      locale: Type.Optional(
        nullable(Type.String({ maxLength: 64, description: 'The language of users for whom the list names none.' })),
      ),
    },
    {
      additionalProperties: false,
      examples: [{ csv: 'username,email\r\ngrace,grace@example.org\r\n', dry_run: true, delivery: 'link' }],
    },
  ),
)

const LineView = Type.Object({
  line: Type.Integer({ description: 'The line of the list on which it begins.' }),
  username: Type.String(),
  result: choice(['valid', 'created', 'existing', 'waiting', 'refused'], {
    description:
      '`existing`: a user with this username, and with this email if the line has one, is there already and stays unchanged. `waiting`: a new admin who needs a second admin first.',
  }),
  user: nullable(Type.Integer({ description: 'The `id` of the new user, or of the one who is there already.' })),
  invitation: nullable(InvitationView),
  approval: nullable(Type.String({ description: 'The id of the request that waits.' })),
  errors: Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), detail: Type.String() })),
})

export const InvitationReport = named(
  'InvitationReport',
  Type.Object(
    {
      dry_run: Type.Boolean(),
      accepted: Type.Integer({ description: 'How many lines are valid, or have made a user or a request.' }),
      existing: Type.Integer({ description: 'How many users were there already.' }),
      refused: Type.Integer(),
      lines: Type.Array(LineView),
    },
    { description: 'What came of each line, or in a dry run what would.' },
  ),
)

/** Returns the JSON form of a report. */
export function presentBulkReport(
  config: { readonly publicUrl: string },
  { dryRun, reports }: { readonly dryRun: boolean; readonly reports: readonly LineReport[] },
): Static<typeof InvitationReport> {
  const counted = (wanted: LineReport['result']) => reports.filter(({ result }) => result === wanted).length
  const [refused, existing] = [counted('refused'), counted('existing')]
  return {
    dry_run: dryRun,
    accepted: reports.length - refused - existing,
    existing,
    refused,
    lines: reports.map((report) => presentLine(config, report)),
  }
}

function presentLine(config: { readonly publicUrl: string }, report: LineReport): Static<typeof LineView> {
  const { line, username, result } = report
  const shown = { line, username, result, user: null, invitation: null, approval: null, errors: [] }
  if (result === 'valid') return shown
  if (result === 'created') {
    const { user, invitation } = presentWithInvitation(config, report.created)
    return { ...shown, user: user.id, invitation }
  }
  if (result === 'existing') return { ...shown, user: report.user.id }
  if (result === 'waiting') return { ...shown, approval: report.approval }
  if ('errors' in report) return { ...shown, errors: presentFieldErrors(report.errors) }
  return { ...shown, errors: [{ pointer: '', code: report.refusal.code, detail: report.refusal.message }] }
}
