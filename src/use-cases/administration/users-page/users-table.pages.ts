// The table of users, with the bulk actions below it.
import type { Instant } from '../../../foundation/kernel/time.ts'
import { withoutTurns } from '../../../foundation/kernel/given-name.ts'
import { statusOf } from '../../../domain/users/user.ts'
import type { User, UserStatus } from '../../../domain/users/user.ts'
import { avatar } from '../../../foundation/web/components/avatar.ts'
import type { AvatarSize, AvatarState } from '../../../foundation/web/components/avatar.ts'
import { chip, state } from '../../../foundation/web/components/status.ts'
import type { IconName } from '../../../foundation/web/components/status.ts'
import { name, nameInParts, withNames } from '../../../foundation/web/components/person-name.ts'
import { dataTable, screenReaderColumn } from '../../../foundation/web/components/table.ts'
import type { Column } from '../../../foundation/web/components/table.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { fieldFor } from './bulk.schema.ts'
import { BULK_ACTIONS, takesAway } from './bulk.service.ts'
import { secondFactorOf } from '../users/user-list.ts'
import type { UserSort } from '../users/user-list.ts'
import { ariaSort, nextSort, USERS_PATH, usersHref } from '../users/user-list-query.ts'
import type { UserListQuery } from '../users/user-list-query.ts'

export interface ListedUsers {
  readonly users: readonly User[]
  /** When the invitations of invited users expire, by subject. */
  readonly ends: ReadonlyMap<string, Instant>
  readonly address: UserListQuery
  /** Replaces an empty table. */
  readonly empty: Html
}

/** The table, inside the form of the bulk actions. */
export function usersTable(reader: AdminReader, list: ListedUsers): Html {
  const { users: words } = reader.say
  const table = dataTable({
    caption: words.table,
    columns: userColumns(reader, list.address),
    rows: list.users.map((user) => ({ id: `user-${user.id}`, cells: userCells(reader, user, list) })),
    empty: list.empty,
  })
  if (list.users.length === 0) return table
  return html`<form method="post" action="${USERS_PATH}/bulk" class="bulk">
    ${reader.formToken}
    <input type="hidden" name="from" value="${usersHref(list.address)}" />
    ${selectAll(reader)} ${table}
    <fieldset>
      <legend>${words.bulk.label}</legend>
      ${selectedCount(reader)}
      <div class="actions">
        ${BULK_ACTIONS.map(
          (action) =>
            html`<button class="button${takesAway(action) && ' danger'}" type="submit" name="action" value="${action}">
              ${words.bulk.actions[action]}
            </button>`,
        )}
      </div>
    </fieldset>
  </form>`
}

// The checkbox is rendered (disabled) wherever scripts run, so that the layout does not shift when the module enables it.
function selectAll({ say: { users: words } }: AdminReader): Html {
  return html`<div class="choice scripted">
    <input type="checkbox" id="select-all" data-ticks-all disabled />
    <label for="select-all">${words.bulk.all}</label>
  </div>`
}

/** Empty until the browser module `selection` counts; without scripts the confirmation page shows the count. */
function selectedCount({ say: { users: words } }: AdminReader): Html {
  const { nobody, selected } = words.bulk
  return html`<p
    role="status"
    id="selected"
    data-counts-ticks
    data-none="${nobody}"
    data-one="${selected(1, '#')}"
    data-other="${selected(2, '#')}"
  ></p>`
}

function userColumns({ say }: AdminReader, address: UserListQuery): Column[] {
  const { columns } = say.users
  const sorted = (label: string, by: UserSort): Column => ({
    label,
    sort: ariaSort(by, address.sort),
    href: usersHref({ ...address, sort: nextSort(by, address.sort), after: undefined, before: undefined }),
  })
  return [
    screenReaderColumn(columns.select),
    sorted(columns.username, 'username'),
    sorted(columns.email, 'email'),
    { label: columns.role },
    { label: columns.status },
    { label: columns.secondStep },
    sorted(columns.lastSignIn, 'last_sign_in_at'),
  ]
}

function userCells(reader: AdminReader, user: User, { ends }: ListedUsers): (Html | string)[] {
  const { say } = reader
  const { users: words } = say
  const step = secondFactorOf(user)
  return [
    html`<label class="tick"
      ><input
        type="checkbox"
        id="select-${user.id}"
        name="${fieldFor(user.id)}"
        value="yes"
        aria-label="${words.selectUser(withoutTurns(user.username))}"
    /></label>`,
    usernameCell(reader, user, user.id === reader.principal.user.id),
    user.email === null ? '–' : html`<span class="email">${nameInParts(user.email)}</span>`,
    html`<span class="short">${say.account.roles[user.role]}</span>`,
    statusCell(reader, user, ends.get(user.subject)),
    html`<span class="short">${step === 'none' ? '–' : words.secondSteps[step]}</span>`,
    user.lastSignInAt === null ? say.words.never : moment(reader, user.lastSignInAt),
  ]
}

// The username comes first: the list is sorted by it, and it is unique, unlike a full name.
function usernameCell({ say }: AdminReader, user: User, isOwn: boolean): Html {
  const { id, username, fullName } = user
  return html`<div class="with-avatar">
    ${userAvatar(user)}
    <div class="person">
      <a href="${USERS_PATH}/${id}">${nameInParts(username)}</a>
      ${isOwn && html`<span class="small">(${say.users.you})</span>`}
      ${fullName && html`<div class="small">${name(fullName)}</div>`}
    </div>
  </div>`
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

/** The status of a user, with its icon. */
export function statusChip({ say }: Pick<MomentReader, 'say'>, user: User): Html {
  const status = statusOf(user)
  return chip(STATUS_KINDS[status], say.users.statuses[status])
}

function statusCell(reader: AdminReader, user: User, end: Instant | undefined): Html {
  const { users: words } = reader.say
  const waits = statusOf(user) === 'invited' || statusOf(user) === 'no-factor'
  return html`${statusChip(reader, user)} ${end !== undefined && html`<div class="small">${endOf(reader, end)}</div>`}
  ${
    waits &&
    html`<div class="small">
      <a href="${USERS_PATH}/${user.id}/invitation"
        >${words.newInvitation}<span class="unseen"> ${withNames(words.forUser, user.username)}</span></a
      >
    </div>`
  }`
}

function endOf(reader: AdminReader, end: Instant): Html {
  const { users: words } = reader.say
  return end <= reader.now ? state('warn', words.invitationEnded) : html`${words.invitationEnds} ${moment(reader, end)}`
}
