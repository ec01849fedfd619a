// The form by which admins change a user, and its errors after a concurrent change.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { RoleName } from '#domain/roles/role.schema.ts'
import { isPrivileged, type Role } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import type { Choice } from '#foundation/web/components/choice.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { textField } from '#foundation/web/components/field.ts'
import { name as bidiName, withNames } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { formTagOf } from '#foundation/web/http/etag.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  isStale,
  seenField,
  withLabels,
} from '#foundation/web/pages/form.ts'
import type { UserRef } from '../access/access.service.ts'
import { mayDo, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { changeUser } from './change-user.service.ts'
import { roleField } from './role-field.pages.ts'

const DetailsForm = Type.Object({
  username: Type.String(),
  email: Type.Optional(Type.String()),
  full_name: Type.Optional(Type.String()),
  role: Type.Optional(RoleName),
  seen: Type.Optional(Type.String()),
})

export const KEPT_DETAILS = Object.keys(DetailsForm.properties)

/** Changes the user as the form says; returns the word that the page then shows, or the form to show again if the change is refused. */
export async function changeByForm(
  ctx: ChangeDeps,
  ref: UserRef,
  body: unknown,
): Promise<{ readonly refused: FormState } | { readonly done: 'saved' | 'saved-uninvited' }> {
  const form = readForm(DetailsForm, body)
  if ('fieldErrors' in form) return { refused: refusedForm(body, KEPT_DETAILS, form.fieldErrors.map(addressedToAdmin)) }
  // A browser sends every field, so an empty one means null; on the reader’s own page the form has no role.
  const { username, email = null, full_name: fullName = null, role, seen } = form.value
  const wanted = { username, email, fullName, role }
  const { answer, refusal } = await answerOf(changeUser(ctx, ref, wanted, matchesForm(seen, detailsTag)))
  if (refusal) return { refused: refusedForm(body, KEPT_DETAILS, refusal) }
  return { done: answer.invitationWithdrawn ? 'saved-uninvited' : 'saved' }
}

/** Replaces the error of an empty username, whose default sentence is addressed to the owner of the username. */
function addressedToAdmin(fieldError: FieldError): FieldError {
  const isEmptyUsername = fieldError.pointer === '/username' && fieldError.code === 'field.missing'
  return isEmptyUsername ? { ...fieldError, code: 'user.username_empty' } : fieldError
}

/** Identifies the state that the form shows; it changes when one of the form's fields does. */
function detailsTag({ username, email, fullName, role }: User): string {
  return formTagOf([username, email, fullName, role])
}

const FIELDS = ['username', 'full_name', 'email', 'role'] as const
type Name = (typeof FIELDS)[number]
type Values = Readonly<Record<Name, string>>

/** The errors of the form, above it; after a concurrent change also the stored values. */
export function detailsSummary(say: Texts, state: FormState, user: User): Html | undefined {
  const problem = say.words.problem
  const { facts } = say.user.details
  if (needsReauthentication(state)) {
    const items = [{ message: say.user.details.confirmFirst, field: 'role' }]
    return errorSummary({ heading: problem, items, focused: true })
  }
  const labels = { ...labelsOf(say), full_name: facts.fullName, email: facts.email }
  if (!isStale(state)) return formSummary(say, state, withLabels(labels))
  const changed = FIELDS.flatMap((name) => {
    const now = valueNow(say, state, user, name)
    return now === undefined ? [] : [{ message: html`${labels[name]}: ${now}`, field: name }]
  })
  return errorSummary({ heading: problem, items: [{ message: say.user.details.stale }, ...changed], focused: true })
}

interface ShownDetails {
  readonly state: FormState
  readonly roles: readonly Role[]
  /** Whether to save is the main action of the page. */
  readonly isMain: boolean
  /** The field by which the form is kept if its session ends. */
  readonly kept: Html
}

/** The section with the form that changes the user, and in its head that it was just saved. */
export function detailsSection(
  reader: UserReader,
  { isSaved, ...shown }: ShownDetails & { readonly isSaved: boolean },
): Html {
  const { say, config, user } = reader
  const change = { method: 'PATCH', path: `/users/${user.id}`, body: { full_name: user.fullName } } as const
  const api = { ...change, needsSession: isPrivileged(user) }
  return section({
    id: 'details',
    title: say.user.details.title,
    outcome: isSaved && say.user.done.saved,
    body: mayDo(reader, 'users:write') ? detailsForm(reader, shown) : detailsFacts(reader),
    api: apiEquivalent(say, config, api),
  })
}

/** What the form shows, for a reader who may not change it. */
function detailsFacts({ say, user }: UserReader): Html {
  const { facts: labels, username, role } = say.user.details
  const { email } = user
  const verified = html`${bidiName(email ?? '')}<br /><span class="hint">${emailHint(say, user)}</span>`
  return factList([
    [username, bidiName(user.username)],
    [labels.fullName, user.fullName ? bidiName(user.fullName) : '–'],
    [labels.email, email ? verified : '–'],
    [role, bidiName(roleName(say, user.role))],
  ])
}

function detailsForm(reader: UserReader, { state, roles, isMain, kept }: ShownDetails): Html {
  const { say, formToken, user } = reader
  const labels = labelsOf(say)
  const field = (name: Name) => ({
    id: name,
    label: labels[name],
    value: typedOrStored(state, user, name),
    error: errorOf(say, state, name) ?? valueNow(say, state, user, name),
    autocomplete: 'off',
  })
  return html`<form method="post" action="${userPath(user)}">
    ${formToken} ${kept} ${seenField(state, detailsTag(user))} ${textField({ ...field('username'), required: true })}
    ${textField(field('full_name'))} ${textField({ ...field('email'), hint: emailHint(say, user), type: 'email' })}
    ${mayChangeRole(reader) ? roleChoice(reader, state, { roles, field: field('role') }) : fixedRole(reader)}
    ${(isMain ? submitButton : secondaryButton)(say.words.save)}
  </form>`
}

/** No admin changes their own role, and another one only with the permission to give roles. */
function mayChangeRole({ isOwn, permissions }: UserReader): boolean {
  return !isOwn && permissions.includes('roles:write')
}

function fixedRole({ say, user, isOwn }: UserReader): Html {
  const { details } = say.user
  return html`<div class="field">
    <strong>${details.role}</strong>
    <p>${roleName(say, user.role)}</p>
    ${isOwn && html`<p class="hint">${details.ownRole}</p>`}
  </div>`
}

function roleChoice(
  { say, user }: UserReader,
  state: FormState,
  { roles, field }: { readonly roles: readonly Role[]; readonly field: Omit<Choice, 'options' | 'label'> },
): Html {
  const { details } = say.user
  const confirm = html`${details.confirmFirst}
    <a href="/confirm?next=${encodeURIComponent(userPath(user))}">${details.confirm}</a>`
  return roleField(say, roles, {
    ...field,
    error: needsReauthentication(state) ? confirm : field.error,
    hint: details.roleHint,
    required: true,
  })
}

function labelsOf({ user: { details } }: Texts): Values {
  const { username, fullName, email, role } = details
  return { username, full_name: fullName, email, role }
}

function emailHint({ user: { details } }: Texts, { email, emailVerifiedAt }: User): string | undefined {
  if (!email) return undefined
  return emailVerifiedAt === null ? details.emailUnconfirmed : details.emailConfirmed
}

function needsReauthentication({ refusal }: FormState): boolean {
  return refusal?.code === 'access.reauthentication_required'
}

function valuesOf({ username, fullName, email, role }: User): Values {
  return { username, full_name: fullName ?? '', email: email ?? '', role }
}

function typedOrStored({ values }: FormState, user: User, name: Name): string {
  return values[name] ?? valuesOf(user)[name]
}

/** After a conflict, the stored value of a field whose typed value differs. */
function valueNow(say: Texts, state: FormState, user: User, name: Name): Html | undefined {
  const now = valuesOf(user)[name]
  if (!isStale(state) || now === typedOrStored(state, user, name)) return undefined
  const { valueNow: sentence } = say.user.details
  if (now === '') return html`${sentence('')}`
  return withNames(sentence, name === 'role' ? roleName(say, user.role) : now)
}
