// The form of the user's own profile, and its errors after a concurrent change.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { type Option, selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { languageOptions } from '#foundation/web/components/language-options.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { formTagOf } from '#foundation/web/http/etag.ts'
import { errorOf, type FormState, formSummary, isStale, seenField, withLabels } from '#foundation/web/pages/form.ts'
import { ownConflictSummary, storedNow } from '#use-cases/page-sections/conflict.pages.ts'
import { timeZoneField, zoneWords } from './time-zone-field.pages.ts'

const FIELDS = ['username', 'full_name', 'email', 'locale', 'time_zone'] as const
type Name = (typeof FIELDS)[number]
type Values = Readonly<Record<Name, string>>

/** The errors of the form, above it; after a concurrent change the fields that it changed. */
export function profileSummary(say: Texts, state: FormState, user: PrincipalUser): Html | undefined {
  const { fullName, email } = say.user.details.facts
  const labels: Values = { ...labelsOf(say), full_name: fullName, email }
  if (!isStale(state)) return formSummary(say, state, withLabels(labels))
  const changed = FIELDS.filter((name) => valueNow(state, user, name) !== undefined)
  return ownConflictSummary(
    say,
    changed.map((field) => ({ message: labels[field], field })),
  )
}

function labelsOf({ account }: Texts): Values {
  return {
    username: account.username,
    full_name: account.fullName,
    email: account.email,
    locale: account.language,
    time_zone: account.timeZone,
  }
}

interface ProfileForm {
  readonly formToken: Html
  /** Whether every time zone is listed. */
  readonly allZones: boolean
  /** What can be done about the email; by default whether it is verified. */
  readonly emailHint: Html | undefined
}

/** The form, with the typed values after a refusal and those of `user` before it, as stored now. */
export function profileForm(
  say: Texts,
  state: FormState,
  user: PrincipalUser,
  { formToken, allZones, emailHint = statusOfEmail(say, user) }: ProfileForm,
): Html {
  const { account } = say
  const labels = labelsOf(say)
  const field = (name: Name, hint?: Html | string) => ({
    id: name,
    label: labels[name],
    value: typedOrStored(state, user, name),
    hint: hintNow(say, state, user, name) ?? hint,
    error: errorOf(say, state, name),
    textsBelow: true,
  })
  return html`<form class="abreast" method="post" action="/account">
    ${formToken} ${seenField(state, profileTag(user))}
    ${textField({ ...field('username', account.usernameHint), autocomplete: 'username', required: true })}
    ${textField({ ...field('full_name'), autocomplete: 'name' })}
    ${textField({ ...field('email', emailHint), type: 'email', autocomplete: 'email' })}
    ${selectField({ ...field('locale'), options: languageOptions(say, user.locale) })}
    ${timeZoneField(say, field('time_zone', account.timeZoneHint), { stored: user.timeZone, all: allZones })}
    ${submitButton(say.words.save)}
  </form>`
}

function statusOfEmail({ account }: Texts, { email, emailVerifiedAt }: PrincipalUser): Html | undefined {
  if (!email) return undefined
  return html`${emailVerifiedAt === null ? account.emailUnconfirmed : account.emailConfirmed}`
}

function valuesOf(user: PrincipalUser): Values {
  return {
    username: user.username,
    full_name: user.fullName ?? '',
    email: user.email ?? '',
    locale: user.locale ?? '',
    time_zone: user.timeZone ?? '',
  }
}

function typedOrStored({ refusal, values }: FormState, user: PrincipalUser, name: Name): string {
  return values[name] ?? (refusal === undefined ? valuesOf(user)[name] : '')
}

/** After a conflict, the stored value of a field whose typed value differs. */
function valueNow(state: FormState, user: PrincipalUser, name: Name): string | undefined {
  const now = valuesOf(user)[name]
  return isStale(state) && now !== (state.values[name] ?? '') ? now : undefined
}

/** It is no error, since both values are valid. */
function hintNow(say: Texts, state: FormState, user: PrincipalUser, name: Name): Html | undefined {
  const now = valueNow(state, user, name)
  return now === undefined ? undefined : storedNow(say, shownValue(say, name, now))
}

function shownValue(say: Texts, name: Name, value: string): string {
  if (name === 'locale') return labelIn(languageOptions(say, value), value)
  return name === 'time_zone' && value !== '' ? zoneWords(value) : value
}

function labelIn(options: readonly Option[], wanted: string): string {
  return options.find(({ value }) => value === wanted)?.label ?? wanted
}

/** Identifies the state that the profile form shows; it changes when one of the form's fields does. */
export function profileTag({ username, email, fullName, locale, timeZone }: PrincipalUser): string {
  return formTagOf([username, email, fullName, locale, timeZone])
}
