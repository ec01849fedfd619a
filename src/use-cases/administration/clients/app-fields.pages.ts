// The fields of the form of an app. What most apps do not need is folded.
import type { Attribute } from '#domain/attributes/attribute.ts'
import { isPossibleAge } from '#domain/clients/client-fields.ts'
import { CLIENT_KINDS, type RegisteredKind, REQUIRED_LEVELS, signsUsersIn } from '#domain/clients/client.ts'
import { needsUrl, type Preset } from '#domain/clients/preset.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { checkbox, checkboxGroup, radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { longTextField, textField } from '#foundation/web/components/field.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState, typedField } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { accessOf } from '../attributes/attribute-form.pages.ts'
import { groupsField } from '../groups/groups-field.pages.ts'
import type { OfferedGroups } from '../groups/offered-groups.service.ts'
import {
  attributeBox,
  BOXED_SCOPES,
  claimField,
  concernsMore,
  type MainField,
  mainFieldsOf,
  roleBox,
  SHARED,
} from './app-form.ts'

const EXAMPLE_URL = 'https://app.example.org'

export interface AppFormShown {
  readonly state: FormState
  /** The attributes that an app can get. */
  readonly attributes: readonly Attribute[]
  readonly roles: readonly string[]
  readonly groups: OfferedGroups
  readonly isNew: boolean
  /** By which it is registered. */
  readonly preset?: Preset | undefined
  /** Whether what most apps do not need is shown at once. */
  readonly isOpen: boolean
}

export function appFields(reader: AdminReader, shown: AppFormShown): Html {
  const { appForm: words } = reader.say
  const { state, isNew, preset } = shown
  const main = mainFieldsOf(preset)
  const isOpen =
    shown.isOpen ||
    !isNew ||
    concernsMore(
      state.fieldErrors.map(({ pointer }) => pointer),
      main,
    )
  const known = (['kind', 'redirect_uris'] as const).filter((field) => !main.includes(field))
  const more = html`${accessFields(reader, shown)} ${signInFields(reader, state)} ${learnedFields(reader, shown)}
  ${startFields(reader, state)} ${protectionFields(reader, state)}`
  return html`${part(words.app, html`${main.map((field) => mainField(reader, shown, field))}`)}
    <details class="more of-people" ${isOpen && html`open`}>
      <summary>${words.more}</summary>
      ${isNew && preset === undefined && html`<p class="hint">${words.moreHint}</p>`}
      ${known.length > 0 && html`<div class="part">${known.map((field) => mainField(reader, shown, field))}</div>`}
      ${more}
    </details>`
}

function mainField({ say }: AdminReader, { state, preset }: AppFormShown, field: MainField): Html {
  const { appForm: words, appPresets } = say
  const isFresh = state.refusal === undefined
  switch (field) {
    case 'name':
      return textField({
        ...typedField(say, state, field),
        label: words.name,
        hint: words.nameHint,
        autocomplete: 'off',
        required: true,
        autofocus: isFresh && (preset === undefined || !needsUrl(preset)),
      })
    case 'url':
      return textField({
        ...typedField(say, state, field),
        label: appPresets.url,
        hint: appPresets.urlHint(preset?.example ?? EXAMPLE_URL),
        inputmode: 'url',
        autocomplete: 'off',
        required: true,
        autofocus: isFresh,
      })
    case 'kind':
      return radioGroup({
        ...typedField(say, state, field),
        label: words.kind,
        options: kindsFor(preset).map((value) => ({
          value,
          label: say.apps.kinds[value],
          hint: words.kindHints[value],
        })),
        look: 'cards',
      })
    case 'redirect_uris':
      return html`<div class="of-people">
        ${longTextField({
          ...typedField(say, state, field),
          label: words.redirectUris,
          hint: preset && needsUrl(preset) ? appPresets.urlInUris : words.redirectUrisHint,
          rows: 3,
        })}
      </div>`
  }
}

/** A program that a preset describes signs people in. */
function kindsFor(preset: Preset | undefined): readonly RegisteredKind[] {
  return preset === undefined ? CLIENT_KINDS : CLIENT_KINDS.filter((kind) => signsUsersIn({ kind }))
}

/** How long ago an authentication may be, in seconds. */
const AGES = [minutes(15), hours(1), hours(8), hours(24), days(7)].map((age) => age / 1000)

function accessFields(reader: AdminReader, { state, roles, groups }: AppFormShown): Html {
  const { say } = reader
  const { appForm: words } = say
  const { values } = state
  const chosen = Number(values['max_age'])
  const ages = isPossibleAge(seconds(chosen)) && !AGES.includes(chosen) ? [...AGES, chosen] : AGES
  return part(
    words.access,
    html`${checkboxGroup({
      id: 'allowed_roles',
      label: words.allowedRoles,
      hint: words.allowedRolesHint,
      options: roles.map((value) => ({ value, label: roleName(say, value) })),
      values: roles.filter((role) => values[roleBox(role)] === 'yes'),
    })}
    ${groupsField(say, state, {
      id: 'allowed_groups',
      label: words.allowedGroups,
      hint: words.allowedGroupsHint,
      offered: groups,
    })}
    ${selectField({
      ...typedField(say, state, 'least_assurance'),
      label: words.least,
      options: [
        { value: '', label: words.leastNothing },
        ...REQUIRED_LEVELS.map((value) => ({ value, label: words.leasts[value] })),
      ],
    })}
    ${selectField({
      ...typedField(say, state, 'max_age'),
      label: words.maxAge,
      hint: words.maxAgeHint,
      options: [
        { value: '', label: words.maxAgeNothing },
        ...ages.map((age) => ({ value: String(age), label: words.maxAgeOf(spanInWords(say.language, seconds(age))) })),
      ],
    })}
    ${box(reader, state, 'asks_consent', [words.asksConsent, words.asksConsentHint])}`,
  )
}

function startFields(reader: AdminReader, state: FormState): Html {
  const { say } = reader
  const { appForm: words } = say
  return part(
    words.start,
    html`${textField({
      ...typedField(say, state, 'start_url'),
      label: words.startUrl,
      hint: words.startUrlHint,
      autocomplete: 'off',
    })}
    ${box(reader, state, 'hidden', [words.hidden, words.hiddenHint])}`,
  )
}

function signInFields(reader: AdminReader, state: FormState): Html {
  const { say } = reader
  const { appForm: words } = say
  return part(
    words.signingIn,
    html`${box(reader, state, 'refresh_tokens', [words.refreshTokens, words.refreshTokensHint])}
    ${box(reader, state, 'offline_access', [words.offline, words.offlineHint])}
    ${box(reader, state, 'device_sign_in', [words.deviceSignIn, words.deviceSignInHint])}
    ${longTextField({
      ...typedField(say, state, 'logout_uris'),
      label: words.logoutUris,
      hint: words.logoutUrisHint,
      rows: 2,
    })}
    ${textField({
      ...typedField(say, state, 'backchannel_uri'),
      label: words.backchannelUri,
      hint: words.backchannelUriHint,
      autocomplete: 'off',
    })}
    ${box(reader, state, 'backchannel_session_required', [words.backchannelSession, words.backchannelSessionHint])}`,
  )
}

function learnedFields(reader: AdminReader, { state, attributes, groups }: AppFormShown): Html {
  const { say } = reader
  const { appForm: words } = say
  return part(
    words.learns,
    html`<div class="boxes">
        ${BOXED_SCOPES.map((scope) => {
          const { label, hint } = words.scopes[scope]
          return box(reader, state, `scopes-${scope}`, [label, hint])
        })}
      </div>
      ${radioGroup({
        id: 'shared',
        label: words.shared,
        hint: words.sharedHint,
        options: SHARED.map((value) => ({ value, label: words.sharedChoices[value] })),
        value: state.values['shared'] ?? 'none',
        look: 'cards',
      })}
      <div class="only-some">${groupsField(say, state, { id: 'groups', label: words.groups, offered: groups })}</div>
      ${attributes.length > 0 && attributeFields(reader, state, attributes)}`,
  )
}

function attributeFields({ say }: AdminReader, state: FormState, attributes: readonly Attribute[]): Html {
  const { appForm: words, attributes: declared } = say
  const { values } = state
  const error = errorOf(say, state, 'attributes')
  return html`<fieldset class="field choices claims" ${error && html`aria-describedby="attributes-error"`}>
    <legend id="attributes">${words.attributes}</legend>
    <p class="hint">${words.attributesHint}</p>
    ${error && html`<p class="error" id="attributes-error">${error}</p>`}
    ${attributes.map((attribute) => {
      const { key, label } = attribute
      return html`<div class="claim">
        ${checkbox({
          id: attributeBox(key),
          label: isolated(label),
          hint: declared.access[accessOf(attribute)],
          checked: values[attributeBox(key)] === 'yes',
        })}
        ${textField({
          id: claimField(key),
          label: html`${words.claim}<span class="unseen"> – ${isolated(label)}</span>`,
          value: values[claimField(key)] ?? key,
          autocomplete: 'off',
        })}
      </div>`
    })}
  </fieldset>`
}

function protectionFields(reader: AdminReader, state: FormState): Html {
  const { appForm: words } = reader.say
  const one = (id: string, ...texts: readonly [label: string, hint: string]) => box(reader, state, id, texts)
  return html`${part(
    words.compatibility,
    html`<div class="boxes">
      ${one('rs256', words.rs256, words.rs256Hint)}
      ${one('claims_in_id_token', words.claimsInIdToken, words.claimsInIdTokenHint)}
      <div class="of-programs">${one('keeps_secret', words.keepsSecret, words.keepsSecretHint)}</div>
      <div class="of-servers">${one('secret_in_body', words.secretInBody, words.secretInBodyHint)}</div>
    </div>`,
  )}
  ${part(
    words.weaker,
    html`<p class="hint">${words.weakerLead}</p>
      <div class="boxes">
        <div class="of-servers">${one('no_pkce', words.noPkce, words.noPkceHint)}</div>
        ${one('allow_http', words.allowHttp, words.allowHttpHint)}
        ${one('unconfirmed_email', words.unverifiedEmail, words.unverifiedEmailHint)}
      </div>`,
  )}`
}

function box({ say }: AdminReader, state: FormState, id: string, [label, hint]: readonly [string, string]): Html {
  return checkbox({ id, label, hint, checked: state.values[id] === 'yes', error: errorOf(say, state, id) })
}

/** Fields that belong together, under a heading. */
function part(title: string, fields: Html): Html {
  return html`<fieldset class="part">
    <legend>${title}</legend>
    ${fields}
  </fieldset>`
}
