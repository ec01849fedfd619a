// The table of users, with the bulk actions below it.
import { isExpired } from '#domain/users/account-expiry.ts'
import { statusOf, type User, type UserStatus, type UserSummary } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { avatar, type AvatarSize, type AvatarState } from '#foundation/web/components/avatar.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { moreMenu } from '#foundation/web/components/menu.ts'
import { moment, momentOrNever, type MomentReader } from '#foundation/web/components/moments.ts'
import { name, withNames } from '#foundation/web/components/person-name.ts'
import { chip, type IconName } from '#foundation/web/components/status.ts'
import { BLANK, type Column, dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import type { UnusedInvitation } from '../invitations/invitations.view.ts'
import { ariaSort, nextSort, type UserListQuery, USERS_PATH, usersHref } from '../users/user-list-query.ts'
import { secondFactorOf, type UserSort } from '../users/user-list.ts'
import { fieldFor } from './bulk.schema.ts'
import { BULK_ACTIONS, type BulkAction, takesAway } from './bulk.service.ts'
import { invitationInWords, userMenu, userMenuForm } from './user-menu.pages.ts'

export interface ListedUsers {
  readonly users: readonly User[]
  /** The last invitations of invited users, by subject. */
  readonly invitations: ReadonlyMap<string, UnusedInvitation>
  /** Who made them, by subject; only in the list of the invited. */
  readonly inviters: ReadonlyMap<string, UserSummary>
  readonly listQuery: UserListQuery
  /** Replaces an empty table. */
  readonly empty: Html
}

function mayActOnUsers({ permissions }: AdminReader): boolean {
  return permissions.includes('users:write')
}

/** The table, inside the form of the bulk actions where the reader may use them. */
export function usersTable(reader: AdminReader, list: ListedUsers): Html {
  const { users: words } = reader.say
  const table = dataTable({
    caption: words.table,
    kind: 'low',
    columns: userColumns(reader, list.listQuery),
    rows: list.users.map((user) => ({ id: `user-${user.id}`, cells: userCells(reader, user, list) })),
    empty: list.empty,
  })
  if (list.users.length === 0 || !mayActOnUsers(reader)) return table
  return html`<form method="post" action="${USERS_PATH}/bulk" class="bulk">
      ${reader.formToken}
      <input type="hidden" name="from" value="${usersHref({ ...list.listQuery, ticked: undefined })}" />
      ${table}
      <div class="bar">${selectedCount(reader)} ${clearButton(reader, list.listQuery)} ${bulkActions(reader)}</div>
    </form>
    ${userMenuForm(reader)}`
}

/** A reset would tick the rows again that the server has ticked. */
function clearButton({ say: { users: words } }: AdminReader, listQuery: UserListQuery): Html {
  const { clear } = words.bulk
  if (listQuery.ticked === undefined) return html`<button class="button quiet" type="reset">${clear}</button>`
  return html`<a class="button quiet" href="${usersHref({ ...listQuery, ticked: undefined })}">${clear}</a>`
}

/** Shown while a row is selected. On a narrow screen there is room for two, and a menu has the others. */
function bulkActions({ say: { users: words }, principal }: AdminReader): Html {
  const mayAdd = permissionsOf(principal).includes('groups:write')
  const actions = BULK_ACTIONS.filter((action) => mayAdd || action !== 'add-to-group')
  const first: readonly BulkAction[] = [mayAdd ? 'add-to-group' : 'invite', 'disable']
  const button = (action: BulkAction, kind: string): Html =>
    html`<button class="${kind}${takesAway(action) && ' danger'}" type="submit" name="action" value="${action}">
      ${words.bulk.actions[action]}
    </button>`
  const further = actions.filter((action) => !first.includes(action))
  return html`<fieldset>
    <legend class="unseen">${words.bulk.label}</legend>
    <div class="actions">
      ${actions.map((action) => button(action, first.includes(action) ? 'button' : 'button rest'))}
      ${moreMenu(
        words.bulk.more,
        further.map((action) => button(action, '')),
      )}
    </div>
  </fieldset>`
}

/** Empty until the browser module `selection` counts; without scripts the confirmation page shows the count. */
function selectedCount({ say: { users: words } }: AdminReader): Html {
  const { noUser, selected } = words.bulk
  return html`<p
    role="status"
    id="selected"
    data-counts-ticks
    data-none="${noUser}"
    data-one="${selected(1, '#')}"
    data-other="${selected(2, '#')}"
  ></p>`
}

function userColumns(reader: AdminReader, listQuery: UserListQuery): Column[] {
  const { say } = reader
  const { columns } = say.users
  const sorted = (label: string, by: UserSort): Column => ({
    label,
    sort: ariaSort(by, listQuery.sort),
    href: usersHref({
      ...listQuery,
      sort: nextSort(by, listQuery.sort),
      after: undefined,
      before: undefined,
      ticked: undefined,
    }),
  })
  return [
    ...(mayActOnUsers(reader) ? [{ label: selectAll(say, listQuery) }] : []),
    sorted(columns.username, 'username'),
    sorted(columns.email, 'email'),
    ...(listQuery.show === 'invited'
      ? [{ label: columns.link }, { label: columns.invited }, { label: columns.sent }]
      : [{ label: columns.status }, { label: columns.secondStep }, sorted(columns.lastSignIn, 'last_sign_in_at')]),
    screenReaderColumn(columns.actions),
  ]
}

// The checkbox is rendered (disabled) wherever scripts run, so that the layout does not shift when the module enables it. Elsewhere a link
// opens the page again with all rows ticked, or with none.
function selectAll({ users: { columns, bulk } }: Texts, listQuery: UserListQuery): Html {
  const all = listQuery.ticked === undefined ? 'all' : undefined
  return html`<span class="unseen">${columns.select}</span>
    <a class="tick unscripted" href="${usersHref({ ...listQuery, ticked: all })}"
      ><span class="box" ${all === undefined && html`data-ticked`} aria-hidden="true"></span
      ><span class="unseen">${all === undefined ? bulk.none : bulk.all}</span></a
    >
    <label class="tick scripted">
      <input type="checkbox" id="select-all" data-ticks-all disabled /><span class="unseen">${bulk.all}</span>
    </label>`
}

function userCells(reader: AdminReader, user: User, list: ListedUsers): (Html | string)[] {
  const { users: words } = reader.say
  const { invitations, listQuery } = list
  const end = invitations.get(user.subject)?.expiresAt
  const tick = html`<label class="tick"
    ><input
      type="checkbox"
      id="select-${user.id}"
      name="${fieldFor(user.id)}"
      value="yes"
      ${listQuery.ticked && html`checked`}
      aria-label="${words.selectUser(withoutTurns(user.username))}"
  /></label>`
  return [
    ...(mayActOnUsers(reader) ? [tick] : []),
    usernameCell(reader, user),
    user.email === null ? '–' : oneLine(user.email),
    ...(listQuery.show === 'invited' ? invitationCells(reader, user, list) : accountCells(reader, user, end)),
    userMenu(reader, user, end),
  ]
}

/** Status, second step and last sign-in. */
function accountCells(reader: AdminReader, user: User, end: Instant | undefined): Html[] {
  const step = secondFactorOf(user)
  const words = step === 'none' ? '–' : withIcon(step, reader.say.users.secondSteps[step])
  return [
    statusCell(reader, user, end),
    html`<span class="short">${words}</span>`,
    momentOrNever(reader, user.lastSignInAt),
  ]
}

/** The columns above say nothing of the invited. These say until when the link works, when and by whom it was made, and how it was sent. */
function invitationCells(reader: AdminReader, user: User, { invitations, inviters }: ListedUsers): (Html | string)[] {
  const { say, now } = reader
  const { link: words, invitationEnded } = say.users
  const {
    createdBy = null,
    createdAt = null,
    expiresAt = now,
    mailedTo = null,
    about = null,
  } = invitations.get(user.subject) ?? {}
  const inviter = createdBy === null ? undefined : inviters.get(createdBy)?.username
  // A reminder makes another link, so the user knows when the first was made.
  const at = user.invitedAt ?? createdAt
  const byWhom = inviter !== undefined && html`<div class="one-line small">${withNames(words.by, inviter)}</div>`
  const works = html`<span class="short">${words.expires} ${moment(reader, expiresAt)}</span>`
  const ended = isExpired(user, now) ? statusChip(reader, user) : chip('warn', invitationEnded)
  const how = html`<span class="short">${mailedTo === null ? words.shown : words.mailed}</span>
    ${about !== null && html`<div class="small">${words.reminded}</div>`}`
  return [
    expiresAt > now && !isExpired(user, now) ? works : ended,
    at === null ? BLANK : html`${moment(reader, at)} ${byWhom}`,
    createdAt === null ? BLANK : how,
  ]
}

// The username comes first: the list is sorted by it, and it is unique, unlike a full name.
function usernameCell({ say, principal }: AdminReader, user: User): Html {
  const { id, username, fullName, role } = user
  return html`<div class="with-avatar">
    ${userAvatar(user)}
    <div class="person">
      <div class="who-line">
        <a class="one-line" href="${USERS_PATH}/${id}" title="${withoutTurns(username).trim()}">${name(username)}</a>
        ${id === principal.user.id && html`<span class="small">(${say.users.you})</span>`}
        ${role !== 'user' && chip('person', roleName(say, role))}
      </div>
      ${fullName && oneLine(fullName, 'small')}
    </div>
  </div>`
}

/** A text that ends in an ellipsis where there is no room for all of it. */
function oneLine(text: string, kind?: 'small'): Html {
  return html`<div class="one-line${kind && ` ${kind}`}" title="${withoutTurns(text).trim()}">${name(text)}</div>`
}

function statusCell(reader: AdminReader, user: User, end: Instant | undefined): Html {
  const { say, now } = reader
  if (end !== undefined && end <= now && !isExpired(user, now)) return chip('warn', say.users.invitationEnded)
  return statusChip(reader, user, invitationInWords(reader, end))
}

/** The avatar of a user as an admin sees it: dashed while the user is invited, grey while disabled. */
export function userAvatar(user: User, size?: AvatarSize): Html {
  const states: Partial<Record<UserStatus, AvatarState>> = { invited: 'waits', disabled: 'off' }
  return avatar(user, { state: states[statusOf(user)], ...(size && { size }) })
}

const STATUS_KINDS: Readonly<Record<UserStatus, IconName>> = {
  active: 'ok',
  invited: 'info',
  'no-factor': 'warn',
  disabled: 'plain',
}

export function statusChip({ say, now }: Pick<MomentReader, 'say' | 'now'>, user: User, title?: string): Html {
  const status = statusOf(user)
  if (status !== 'disabled' && isExpired(user, now)) return chip('warn', say.joining.expiry.expired)
  return chip(STATUS_KINDS[status], say.users.statuses[status], title)
}
