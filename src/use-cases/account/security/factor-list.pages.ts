// The section of the security page that lists every way to sign in besides the password.
import type { AcceptedCredentials } from '#domain/factors/passkeys/passkey.service.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import type { AllowableFactor } from '#domain/policies/policy.ts'
import { CODES_IN_A_SET } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { icon, withIcon } from '#foundation/web/components/icon.ts'
import { addMenu, rowMenu } from '#foundation/web/components/menu.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { factorPath } from '../own-account/named-factor.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { NEW_PASSKEY, PASSKEYS } from '../passkeys/own-passkeys.pages.ts'
import { NEW_CODES } from '../recovery-codes/recovery-codes.pages.ts'
import { appName, APPS, NEW_APP } from '../totp/own-apps.pages.ts'
import type { OwnFactors } from './own-factors.service.ts'

export interface ShownFactors {
  /** The apps are the confirmed ones. */
  readonly own: Pick<OwnFactors, 'apps' | 'passkeys' | 'recoveryCodes'>
  readonly removable: Readonly<Record<'app' | 'passkey', boolean>>
  /** The kinds that the policies allow. */
  readonly addable: readonly AllowableFactor[]
  /** After a removal: the passkeys that the browser keeps (`signalAllAcceptedCredentials()`). */
  readonly accepted?: AcceptedCredentials | undefined
}

interface ShownFactor {
  readonly id?: string
  readonly name: string
  readonly detail?: string | undefined
  readonly createdAt: Instant | null
  readonly lastUsedAt: Instant | null
  readonly entries: readonly Html[]
}

/** The passkeys, apps and recovery codes in one table. Each kind has an anchor. */
export function factorListSection(reader: SecurityReader, { own, removable, addable, accepted }: ShownFactors): Html {
  const { say, config } = reader
  const { ways: words } = say.security
  const withPasskeys = canHavePasskeys(config)
  const table = dataTable({
    kind: 'compact',
    caption: words.table,
    columns: [
      ...[words.name, words.added, words.lastUsed].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: [
      ...passkeyRows(reader, own, removable.passkey),
      ...appRows(reader, own, { mayRemove: removable.app, mayReplace: addable.includes('totp') }),
      codesRow(reader, own),
    ],
    empty: html``,
  })
  const entries = [
    ...(withPasskeys && addable.includes('passkey')
      ? [html`<a href="${NEW_PASSKEY}">${withIcon('passkey', words.passkey)}</a>`]
      : []),
    ...(addable.includes('totp') ? [html`<a href="${NEW_APP}">${withIcon('app', words.app)}</a>`] : []),
  ]
  return section({
    id: 'second-step',
    title: words.title,
    lead: !withPasskeys && words.cannot,
    // Links that lead to the passkeys lead to the first of them, or to where one is added.
    action: entries.length > 0 && addMenu(words.add, entries, own.passkeys.length === 0 ? 'passkeys' : undefined),
    body: html`${table} ${accepted && html`<div data-accepted-credentials="${JSON.stringify(accepted)}" hidden></div>`}`,
    api: apiEquivalent(say, config, { method: 'GET', path: '/users/me/factors', needsSession: true }),
  })
}

function passkeyRows(reader: SecurityReader, { passkeys }: ShownFactors['own'], mayRemove: boolean): Row[] {
  const { ways: words } = reader.say.security
  return passkeys.map((passkey) => {
    const entries = [
      entry(PASSKEYS, 'rename', passkey.id, words.rename),
      ...(mayRemove ? [entry(PASSKEYS, 'remove', passkey.id, words.remove, 'danger')] : []),
    ]
    return factorRow(reader, icon('passkey'), { ...passkey, detail: words.passkey, entries }, 'passkeys')
  })
}

function appRows(
  reader: SecurityReader,
  { apps }: ShownFactors['own'],
  { mayRemove, mayReplace }: Readonly<Record<'mayRemove' | 'mayReplace', boolean>>,
): Row[] {
  const { ways: words } = reader.say.security
  return apps.map((app) => {
    const entries = [
      entry(APPS, 'rename', app.id, words.rename),
      ...(mayReplace ? [entry(APPS, 'replace', app.id, words.replace)] : []),
      ...(mayRemove ? [entry(APPS, 'remove', app.id, words.remove, 'danger')] : []),
    ]
    const shown = appName(reader.say, app)
    return factorRow(
      reader,
      icon('app'),
      { ...app, name: shown, detail: shown === words.app ? undefined : words.app, entries },
      'apps',
    )
  })
}

function codesRow(reader: SecurityReader, { recoveryCodes }: ShownFactors['own']): Row {
  const { section: words } = reader.say.recoveryCodes
  const { left, madeAt, usedAt } = recoveryCodes
  const shown = {
    name: words.title,
    detail: madeAt === null ? words.none : words.left(left, CODES_IN_A_SET),
    createdAt: madeAt,
    lastUsedAt: usedAt,
    entries: [html`<a href="${NEW_CODES}">${words.make}</a>`],
  }
  return factorRow(reader, icon('codes'), shown, 'recovery-codes')
}

function entry(path: string, action: string, id: string, label: string, tone?: 'danger'): Html {
  return html`<a href="${factorPath(path, action, id)}" ${tone && html`class="${tone}"`}>${label}</a>`
}

function factorRow(reader: SecurityReader, drawing: Html, factor: ShownFactor, group: string): Row {
  const { say } = reader
  const { ways: words } = say.security
  return {
    group,
    cells: [
      html`<div class="item">
        ${drawing}
        <div>${name(factor.name)} ${factor.detail && html`<div class="small">${factor.detail}</div>`}</div>
      </div>`,
      factor.createdAt === null ? '–' : moment(reader, factor.createdAt),
      momentOrNever(reader, factor.lastUsedAt),
      rowMenu({ label: withNames(words.menuFor, factor.name), entries: factor.entries }),
    ],
  }
}
