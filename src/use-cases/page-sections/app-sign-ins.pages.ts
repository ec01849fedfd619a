// An app to which a user is signed in, in a list of the user's own or of an admin.
import { hostOfDocument } from '#domain/agents/allowed-documents.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { moment, type MomentReader } from '#foundation/web/components/moments.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { type ListRow, pieces } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { appIcon } from './app-icon.pages.ts'
import type { NamedSignIn } from './app-sign-ins.service.ts'

/** The app, since when it is signed in, and what it gets of the reader or of another user. */
export function signInRow(reader: MomentReader, signIn: NamedSignIn, of: 'self' | 'user' = 'self'): ListRow {
  const { signIns: words } = reader.say.ownApps
  const { client, icon } = signIn
  return {
    name: html`<span class="with-avatar"
      >${appIcon({ id: client.id, name: client.name, icon })}<span
        >${isolated(client.name)}
        ${client.kind === 'agent' && html`<span class="small whole">${hostOfDocument(client.id)}</span>`}</span
      >
      ${client.disabledAt !== null && chip('plain', words.disabled)}</span
    >`,
    detail: html`<div>${timesOf(reader, signIn)}</div>
      <div>${words.sees} ${itemsInWords(reader.say, signIn, of)}</div>`,
  }
}

function timesOf(reader: MomentReader, { signedInAt, agreedAt, lastUsedAt }: NamedSignIn): Html {
  const { signIns: words } = reader.say.ownApps
  const parts = [
    signedInAt === null ? html`${words.notSignedIn}` : html`${words.signedIn} ${moment(reader, signedInAt)}`,
    ...(lastUsedAt === null ? [] : [html`${words.lastUsed} ${moment(reader, lastUsedAt)}`]),
    ...(agreedAt === null ? [] : [html`${words.allowed} ${moment(reader, agreedAt)}`]),
  ]
  return pieces(parts)
}

/** What the app gets, in a line. */
function itemsInWords(
  { ownApps }: Texts,
  { items, groups, attributes, resources }: NamedSignIn,
  of: 'self' | 'user',
): Html {
  const words = { ...ownApps.items, ...(of === 'user' && ownApps.ofUser.items) }
  const has = (item: string): boolean => items.includes(item)
  const parts: readonly (Html | string | false)[] = [
    words.always,
    has('scope:profile') && words.profile,
    has('scope:email') && (has('email:unconfirmed') ? words.unverifiedEmail : words.email),
    has('scope:roles') && words.role,
    has('groups:all') && words.allGroups,
    groups.length > 0 && withNames(words.groups, groups.join(', ')),
    ...attributes.map((label) => isolated(label)),
    resources.length > 0 && withNames(words.resources, resources.join(', ')),
    has('scope:offline_access') && words.offline,
  ]
  return html`${parts.filter((part) => part !== false).map((part, at) => html`${at > 0 && ', '}${part}`)}`
}
