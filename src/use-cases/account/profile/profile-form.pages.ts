// The form of the user's own profile, and its errors after a concurrent change.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { submitButton } from '#foundation/web/components/button.ts'
import { type Option, selectField } from '#foundation/web/components/choice.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { textField } from '#foundation/web/components/field.ts'
import { languageOptions } from '#foundation/web/components/language-options.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { formTagOf } from '#foundation/web/http/etag.ts'
import { errorOf, type FormState, formSummary, isStale, seenField } from '#foundation/web/pages/form.ts'
import { timeZoneField, zoneWords } from './time-zone-field.pages.ts'

const FIELDS = ['username', 'full_name', 'email', 'locale', 'time_zone'] as const
type Name = (typeof FIELDS)[number]
type Values = Readonly<Record<Name, string>>

/** The errors of the form, above it; after a concurrent change also the stored values. */
export function profileSummary(say: Texts, state: FormState, user: PrincipalUser): Html | undefined {
  if (!isStale(state)) return formSummary(say, state, Object.fromEntries(FIELDS.map((name) => [name, name])))
  const changed = FIELDS.flatMap((name) => {
    const now = valueNow(state, user, name)
    return now === undefined
      ? []
      : [{ message: said(say.account.changed[name], shownValue(say, name, now)), field: name }]
  })
  const items = [{ message: say.account.stale }, ...changed]
  return errorSummary({ heading: say.words.problem, items, focused: true })
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
  const labels: Values = {
    username: account.username,
    full_name: account.fullName,
    email: account.email,
    locale: account.language,
    time_zone: account.timeZone,
  }
  const field = (name: Name) => ({
    id: name,
    label: labels[name],
    value: typedOrStored(state, user, name),
    error: errorOf(say, state, name) ?? errorNow(say, state, user, name),
  })
  return html`<form class="abreast" method="post" action="/account">
    ${formToken} ${seenField(state, profileTag(user))}
    ${textField({ ...field('username'), hint: account.usernameHint, autocomplete: 'username', required: true })}
    ${textField({ ...field('full_name'), autocomplete: 'name' })}
    ${textField({ ...field('email'), hint: emailHint, type: 'email', autocomplete: 'email' })}
    ${selectField({ ...field('locale'), options: languageOptions(say, user.locale) })}
    ${timeZoneField(say, { ...field('time_zone'), hint: account.timeZoneHint }, { stored: user.timeZone, all: allZones })}
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

function errorNow(say: Texts, state: FormState, user: PrincipalUser, name: Name): Html | undefined {
  const now = valueNow(state, user, name)
  return now === undefined ? undefined : said(say.account.valueNow, shownValue(say, name, now))
}

function said(sentence: (value: string | null) => string, value: string): Html {
  return value === '' ? html`${sentence(null)}` : withNames(sentence, value)
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
