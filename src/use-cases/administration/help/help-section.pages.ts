// The section Help on the page of a user.
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { linkButton, secondaryButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { exactEnd } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { actionForm, userPath, type UserReader } from '../access/user-reader.pages.ts'
import type { Help } from './help.service.ts'

/** The section Help: what can be done for the user now, and why something cannot. */
export function helpSection(reader: UserReader, help: Help): Html {
  const { say, config: settings, user } = reader
  const { help: words } = say.user
  const rows: ListRow[] = [
    passwordRow(reader, help.password),
    ...(help.invitation === null ? [] : [invitationRow(reader, help.invitation)]),
    ...help.policies.map((policy) => exemptionRow(reader, help, policy)),
  ]
  return section({
    id: 'help',
    title: words.title,
    lead: words.lead,
    body: html`${rowList(rows)}
      <details>
        <summary>${say.activity.trace.lookUp}</summary>
        ${refusalForm(reader)}
      </details>`,
    api: apiEquivalent(say, settings, { method: 'GET', path: `/users/${user.id}/help` }),
  })
}

function passwordRow(reader: UserReader, recipient: Help['password']): ListRow {
  const { password } = reader.say.user.help
  if ('refusal' in recipient) return { name: password.title, detail: refusalSentence(reader.say, recipient.refusal) }
  return {
    name: password.title,
    detail: html`${password.to} ${name(recipient.to)}. ${password.hint}`,
    action: actionForm(reader, '/password-link', secondaryButton(password.submit)),
  }
}

function invitationRow(reader: UserReader, recipient: NonNullable<Help['invitation']>): ListRow {
  const { invitation } = reader.say.user.help
  if ('refusal' in recipient) return { name: invitation.title, detail: refusalSentence(reader.say, recipient.refusal) }
  return {
    name: invitation.title,
    detail: html`${invitation.to} ${name(recipient.to)}. ${invitation.hint}`,
    action: actionForm(reader, '/invitation/again', secondaryButton(invitation.submit)),
  }
}

function exemptionRow(
  reader: UserReader,
  { nextExemption }: Help,
  { id, name: policyName, exemptUntil, countsFrom }: Help['policies'][number],
): ListRow {
  const { exemption } = reader.say.user.help
  const title = withNames(exemption.row, policyName)
  if (exemptUntil !== null) return { name: title, detail: `${exemption.until} ${exactEnd(reader, exemptUntil)}.` }
  if (nextExemption !== null) return { name: title, detail: `${exemption.next} ${exactEnd(reader, nextExemption)}.` }
  const path = userPath(reader.user, `/exempt/${encodeURIComponent(id)}`)
  const label = html`${exemption.link}<span class="unseen"> – ${name(policyName)}</span>`
  const from = countsFrom !== null && html`${exemption.from} ${exactEnd(reader, countsFrom)}. `
  return { name: title, detail: html`${from}${exemption.hint}`, action: linkButton(path, label) }
}

/** With GET, so that the result has a URL. */
export function refusalForm({ say, user }: UserReader, value?: string, error?: string): Html {
  const { trace } = say.activity
  return html`<form method="get" action="${userPath(user, '/refusal')}">
    ${textField({
      id: 'reference',
      label: trace.reference,
      hint: say.user.help.refusalHint,
      autocomplete: 'off',
      value,
      error,
      autofocus: error !== undefined,
      required: true,
    })}
    ${secondaryButton(trace.submit)}
  </form>`
}
