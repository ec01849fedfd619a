import type { FastifyReply } from 'fastify'

import { dayAndTime } from '#foundation/texts/day-and-time.ts'
import { fieldErrorSentence, refusalSentence, type Texts } from '#foundation/texts/texts.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { name as personName } from '#foundation/web/components/person-name.ts'
import { type ListRow, panel, rowList } from '#foundation/web/components/section.ts'
import { banner, chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { CARD_MODULES, linkField } from '../invitations/invitation.pages.ts'
import { invitationUrl } from '../invitations/invitation.ts'
import type { BulkAction, Report } from './bulk.service.ts'

export interface Reported {
  readonly action: BulkAction
  readonly reports: readonly Report[]
  /** The URL of the list with its filters. */
  readonly back: string
}

/** What was done comes first, since it may have links that are shown once. */
const ORDER: readonly Report['outcome'][] = ['done', 'waiting', 'unchanged', 'refused']

/** Shows the result for each user: done, unchanged, or refused with the reason. */
export function showReports(reply: FastifyReply, { action, reports, back }: Reported): FastifyReply {
  const reader = adminReader(reply)
  const { say } = reader
  const { bulk, card, title } = say.users
  const done = reports.filter(({ outcome }) => outcome === 'done').length
  const ordered = reports.toSorted((one, other) => ORDER.indexOf(one.outcome) - ORDER.indexOf(other.outcome))
  const links = reports.filter((report) => report.outcome === 'done' && report.invitation !== undefined).length
  return sendPage(reply, {
    title: [bulk.doneTitle[action](done), title],
    up: { href: back, label: title },
    notice: uncountedBanner(say, action, reports),
    modules: links > 0 ? CARD_MODULES : [],
    body: html`${links > 0 && html`<p>${links === 1 ? `${card.shownOnce} ${card.warning}` : bulk.links}</p>`}
    ${panel(rowList(ordered.map((report) => reportRow(reader, action, report))))}`,
  })
}

/** Users that the title does not count: how many needed no change, and for how many the change was refused. */
function uncountedBanner(
  { users: { bulk }, approvals }: Texts,
  action: BulkAction,
  reports: readonly Report[],
): Html | undefined {
  const unchanged = reports.filter(({ outcome }) => outcome === 'unchanged').length
  const refused = reports.filter(({ outcome }) => outcome === 'refused').length
  const waiting = reports.filter(({ outcome }) => outcome === 'waiting').length
  const parts = [
    ...(waiting > 0 ? [approvals.bulkCount(waiting)] : []),
    ...(unchanged > 0 ? [bulk.countUnchanged[action](unchanged)] : []),
    ...(refused > 0 ? [bulk.countSkipped(refused)] : []),
  ]
  return parts.length === 0 ? undefined : banner(refused > 0 ? 'warn' : 'info', parts.join(' · '))
}

function reportRow(reader: AdminReader, action: BulkAction, report: Report): ListRow {
  const { say, config } = reader
  const { bulk, card } = say.users
  const { id, username } = report.user
  const name = face(report.user, personName(username))
  if (report.outcome === 'refused') {
    const [error] = report.refusal.facts.fieldErrors ?? []
    const why = error ? fieldErrorSentence(say, error) : refusalSentence(say, report.refusal)
    return { name, detail: why, action: chip('warn', bulk.refused) }
  }
  if (report.outcome === 'waiting') return { name, action: chip('info', say.approvals.bulkWaiting) }
  if (report.outcome === 'unchanged') return { name, action: chip('plain', bulk.unchanged[action]) }
  const { invitation, mailed } = report
  if (mailed) {
    const detail = html`${say.joining.many.mailed} ${personName(mailed.mailedTo)}`
    return { name, detail, action: chip('ok', bulk.done[action]) }
  }
  const detail =
    invitation &&
    html`${linkField(say, `link-${id}`, invitationUrl(config, invitation.token))} ${card.until}
    ${dayAndTime(reader, invitation.expiresAt)}`
  return { name, detail, action: chip('ok', bulk.done[action]) }
}
