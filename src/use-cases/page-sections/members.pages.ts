// The parts of pages that admins and the managers of a group share: the table of members, the form that adds some, and its report.
import type { FastifyReply } from 'fastify'

import type { AddedLine } from '#domain/groups/added-members.ts'
import { type Member, wordsIn } from '#domain/groups/group.ts'
import type { MemberPage } from '#domain/groups/membership.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { MOST_ADDED } from '#foundation/kernel/stated-limits.ts'
import { refusalSentence, type Texts, texts } from '#foundation/texts/texts.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { quietButton, submitButton } from '#foundation/web/components/button.ts'
import { longTextField } from '#foundation/web/components/field.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import { pager, searchForm } from '#foundation/web/components/list-navigation.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { rowList } from '#foundation/web/components/section.ts'
import { banner, chip } from '#foundation/web/components/status.ts'
import { BLANK, dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { encodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readNamedFlash } from '#foundation/web/pages/flash.ts'
import { errorOf, type FormState, typedText } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import type { Frame } from '#foundation/web/pages/shell.ts'

export interface MembersReader {
  readonly say: Texts
  readonly formToken: Html
  /** The subject of the reader, who may be a member. */
  readonly self?: string
}

export interface ListedMembers {
  readonly page: MemberPage
  /** The path of the group’s page. */
  readonly path: string
  /** The beginning of a username that was searched. */
  readonly q: string | undefined
  readonly isFirstPage: boolean
  /** Whether each member gets a button that removes them. */
  readonly mayRemove: boolean
  /** The page of a member, for readers who may open it. */
  readonly href?: (member: Member) => string
}

/** How many members a page shows. */
export const MEMBERS_A_PAGE = 50

/** The members of a group with their search, below it the links to the other pages. */
export function membersTable(reader: MembersReader, list: ListedMembers): Html {
  const { say } = reader
  const { members: words } = say.groups
  const { page, path, q, isFirstPage } = list
  const href = (cursor: string): string =>
    `${path}?${new URLSearchParams({ ...(q !== undefined && { q }), cursor }).toString()}`
  const first = q === undefined ? path : `${path}?${new URLSearchParams({ q }).toString()}`
  const search = searchForm(say, {
    action: path,
    name: 'q',
    value: q ?? '',
    label: words.search,
    placeholder: words.searchHint,
    hidden: {},
  })
  const isSearched = q !== undefined || !isFirstPage || page.items.length > 0
  return html`${isSearched && search}
  ${dataTable({
    caption: words.table,
    kind: 'compact',
    columns: [
      { label: words.username },
      { label: words.fullName, isPlain: true },
      ...(list.mayRemove ? [screenReaderColumn(words.actions)] : []),
    ],
    rows: page.items.map((member) => ({ cells: memberCells(reader, list, member) })),
    empty: html`<p>${q === undefined ? words.none : words.noneFound}</p>`,
  })}
  ${pager(say, {
    previous: isFirstPage ? undefined : first,
    next: page.next === null ? undefined : href(encodeCursor(page.next)),
  })}`
}

function memberCells({ say, formToken, self }: MembersReader, list: ListedMembers, member: Member): (Html | string)[] {
  const { members: words } = say.groups
  const { username, fullName, id } = member
  const isSelf = member.subject === self
  const shown = html`${isolated(username)}${isSelf && ` (${say.users.you})`}`
  const name = face(member, list.href === undefined ? shown : html`<a href="${list.href(member)}">${shown}</a>`)
  const remove = html`<form method="post" action="${list.path}/members/${id}/remove">
    ${formToken}
    ${quietButton(html`<span aria-hidden="true">${words.remove}</span><span class="unseen">${withNames(words.removeWho, username)}</span>`)}
  </form>`
  return [name, fullName ? isolated(fullName) : BLANK, ...(list.mayRemove ? [remove] : [])]
}

/** The form that adds members, behind a button until it was refused; `hint` says which names it accepts. */
export function addMembersForm({ say, formToken }: MembersReader, path: string, hint: string, state: FormState): Html {
  const { members: words } = say.groups
  const form = html`<form method="post" action="${path}/members">
    ${formToken}
    ${longTextField({
      id: 'users',
      label: words.addLabel,
      hint,
      rows: 4,
      value: state.values['users'],
      error: errorOf(say, state, 'users'),
      required: true,
    })}
    ${submitButton(words.add)}
  </form>`
  return html`<details class="adds" ${state.refusal && html`open`}>
    <summary class="button">${withIcon('plus', words.addTitle)}</summary>
    ${form}
  </details>`
}

/** The names that the form holds, or what is wrong with them. */
export function wordsInForm(
  body: unknown,
): { readonly words: readonly string[] } | { readonly fieldErrors: readonly FieldError[] } {
  const words = wordsIn(typedText(body, 'users'))
  if (words.length === 0) return { fieldErrors: [{ pointer: '/users', code: 'field.missing' }] }
  if (words.length <= MOST_ADDED) return { words }
  return { fieldErrors: [{ pointer: '/users', code: 'field.too_many', facts: { maximum: MOST_ADDED } }] }
}

/** Leads to the group's page after every entry of a list was added. */
export function redirectAfterAdding(
  reply: FastifyReply,
  path: string,
  [first, ...others]: readonly AddedLine[],
): FastifyReply {
  return others.length === 0
    ? redirectWithFlash(reply, `${path}?done=added`, first?.word)
    : redirectWithFlash(reply, `${path}?done=added-many`, String(others.length + 1))
}

/** What was just done to the group, with the name of whom it was about. */
export function groupFlash(say: Texts, reply: FastifyReply, group: string): Html | string | undefined {
  const { done, changed } = say.groups.one
  const { word, name } = readNamedFlash(reply)
  if (name === '') return flashSentence(done, word)
  if (word === 'appointed') return withNames(changed.appointed, name)
  if (word === 'added') return withNames(changed.added, name, group)
  return word === 'added-many' ? withNames((groupName) => changed.addedMany(name, groupName), group) : undefined
}

const CHIPS = { added: 'ok', unchanged: 'plain', refused: 'warn', waiting: 'info' } as const

/** Shows what came of each entry. */
export function showAdded(
  reply: FastifyReply,
  lines: readonly AddedLine[],
  { frame, path, name }: { readonly frame: Frame; readonly path: string; readonly name: string },
): FastifyReply {
  const say = texts(localeOf(reply))
  const { report, title } = say.groups
  const refused = lines.filter(({ result }) => result === 'refused').length
  const added = lines.filter(({ result }) => result === 'added').length
  return sendPage(reply, {
    title: [report.title(added, withoutTurns(name)), title],
    heading: withNames((group) => report.title(added, group), name),
    up: { href: path, label: isolated(name) },
    frame,
    notice: refused === 0 ? undefined : banner('warn', report.skipped(refused)),
    body: rowList(
      lines.map((entry) => ({
        name: html`${entry.line}. ${isolated(entry.word)}`,
        ...('refusal' in entry && { detail: refusalSentence(say, entry.refusal) }),
        action: chip(CHIPS[entry.result], report[entry.result]),
      })),
      'tight',
    ),
  })
}
