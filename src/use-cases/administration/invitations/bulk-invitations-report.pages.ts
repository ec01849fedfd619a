// The reports of a list of invitations: before its users are created, and after.
import type { FastifyReply } from 'fastify'

import { toRfc3339 } from '#foundation/kernel/time.ts'
import { fieldErrorSentence, refusalSentence, type Texts } from '#foundation/texts/texts.ts'
import { buttonRow, linkButton, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { copyButton } from '#foundation/web/components/copy.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { banner, chip, state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { csvLine } from '#foundation/web/http/csv.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader, userPath } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import type { LineReport } from './bulk-invitations.service.ts'
import { CARD_MODULES, linkField } from './invitation.pages.ts'
import { invitationUrl } from './invitation.ts'

interface Asked {
  readonly path: string
  /** The fields of the form, which are sent again with the next step. */
  readonly values: Readonly<Record<string, string>>
}

/** Shows what each line would do. Its form carries the list, so that nothing is stored between the two steps. */
export function showForeseen(reply: FastifyReply, reports: readonly LineReport[], asked: Asked): FastifyReply {
  const reader = adminReader(reply)
  const { say, formToken } = reader
  const { many } = say.joining
  const valid = reports.filter(({ result }) => result === 'valid').length
  const refused = reports.filter(({ result }) => result === 'refused').length
  const form = (step: string, button: Html) =>
    html`<form method="post" action="${asked.path}">
      ${formToken} <input type="hidden" name="step" value="${step}" />
      ${Object.entries(asked.values).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`)}
      ${button}
    </form>`
  return sendPage(reply, {
    title: [many.checked(valid), say.users.title],
    ...(refused > 0 && { notice: banner('warn', many.skipped(refused)) }),
    body: html`<p class="lead">${many.checkedLead}</p>
      ${section({ id: 'lines', title: many.lines, body: rowList(reports.map((report) => reportRow(reader, report))) })}
      ${buttonRow(
        ...(valid > 0 ? [form('create', submitButton(many.create(valid)))] : []),
        form('change', secondaryButton(many.change)),
        linkButton(USERS_PATH, say.words.cancel),
      )}`,
  })
}

/** Shows what each line did: first the users it created, with the links that were not mailed and are shown once, then what was skipped, with the reasons. */
export function showInvited(reply: FastifyReply, reports: readonly LineReport[]): FastifyReply {
  const reader = adminReader(reply)
  const { say } = reader
  const { many } = say.joining
  const isMade = ({ result }: LineReport): boolean => result === 'created' || result === 'waiting'
  const created = reports.filter(({ result }) => result === 'created').length
  const part = (id: string, title: string, lines: readonly LineReport[]): Html | false =>
    lines.length > 0 && section({ id, title, body: rowList(lines.map((report) => reportRow(reader, report))) })
  const left = reports.filter((report) => !isMade(report))
  const refused = left.filter(({ result }) => result === 'refused').length
  const hasLinks = reports.some((report) => report.result === 'created' && report.created.invitation !== null)
  return sendPage(reply, {
    title: [many.done(created), say.users.title],
    up: { href: USERS_PATH, label: say.users.title },
    modules: CARD_MODULES,
    body: html`${hasLinks && html`<p class="lead">${say.users.bulk.links}</p>`}
    ${refused > 0 && html`<p>${state('warn', html`<a href="#left">${many.refused(refused)}</a>`)}</p>`}
    ${part('made', many.created, reports.filter(isMade))} ${part('left', many.notCreated, left)}
    ${csvReport(reader, reports, hasLinks)}`,
  })
}

function reportRow(reader: AdminReader, report: LineReport): ListRow {
  const { say, config } = reader
  const { many } = say.joining
  const about = html`<span class="small">${many.line(report.line)}:</span> ${name(report.username)}`
  if (report.result === 'valid') return { name: about, action: chip('info', many.valid) }
  if (report.result === 'waiting') {
    const link = html`<a href="/admin/approvals/${report.approval}">${say.approvals.waitingTitle}</a>`
    return { name: about, detail: link, action: chip('info', say.approvals.bulkWaiting) }
  }
  if (report.result === 'existing') {
    const link = html`<a href="${userPath(report.user)}">${say.users.menu.open}</a>`
    return {
      name: about,
      ...(reader.permissions.includes('users:read') && { detail: link }),
      action: chip('plain', many.existing),
    }
  }
  if (report.result === 'refused') {
    const errors = errorsOf(say, report).map((one) => html`<div>${one}</div>`)
    return { name: about, detail: html`${errors}`, action: chip('warn', many.skippedChip) }
  }
  const { invitation, mailed } = report.created
  const link = invitation && linkField(say, `link-${report.line}`, invitationUrl(config, invitation.token))
  const detail = mailed ? html`${many.mailed} ${name(mailed.mailedTo)}` : link
  return { name: about, ...(detail && { detail }) }
}

/** What is wrong with a line, each with its column. */
function errorsOf(say: Texts, report: LineReport & { readonly result: 'refused' }): string[] {
  if ('refusal' in report) return [refusalSentence(say, report.refusal)]
  const isEmailWrong = report.errors.some(({ pointer }) => pointer === '/email')
  const shown = report.errors.filter(({ pointer }) => pointer !== '/delivery' || !isEmailWrong)
  return shown.map((error) => {
    // The line lacks the email that a mail needs, since the delivery is no column.
    const column = error.pointer === '/delivery' ? 'email' : error.pointer.slice(1)
    return column === '' ? fieldErrorSentence(say, error) : `${column}: ${fieldErrorSentence(say, error)}`
  })
}

function csvReport({ say, config }: AdminReader, reports: readonly LineReport[], hasLinks: boolean): Html {
  const { many } = say.joining
  const lines = reports.map((report) => {
    const start = [String(report.line), report.username, report.result]
    if (report.result === 'refused') return csvLine([...start, '', '', errorsOf(say, report).join(' ')])
    const { invitation = null, mailed } = report.result === 'created' ? report.created : {}
    const end = invitation ?? mailed
    const url = invitation === null ? '' : invitationUrl(config, invitation.token)
    return csvLine([...start, url, end ? toRfc3339(end.expiresAt) : '', ''])
  })
  const text = csvLine(['line', 'username', 'result', 'invitation', 'invitation_expires_at', 'errors']) + lines.join('')
  return html`<details>
    <summary>${many.report}</summary>
    ${hasLinks && html`<p>${many.reportHint}</p>`}
    <pre class="message" id="report">${text}</pre>
    ${copyButton(say, 'report')}
  </details>`
}
