// What an app learns about its users, in words.
import type { Attribute } from '#domain/attributes/attribute.ts'
import type { Client, ClientAttribute } from '#domain/clients/client.ts'
import type { UserSummary } from '#domain/users/user.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userFace } from '../access/face.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { accessOf } from '../attributes/attribute-form.pages.ts'

interface Named {
  readonly attributes: readonly Attribute[]
  /** The names of the groups that the app gets; undefined for a deleted one. */
  readonly groups: readonly (string | undefined)[]
  readonly admins: ReadonlyMap<string, UserSummary>
}

type Fact = readonly [label: string, value: Html | string]

export function learnedSection(reader: AdminReader, client: Client, named: Named): Html {
  const { learns: words } = reader.say.apps
  const { scopes, unconfirmedEmail, claimsInIdToken, attributes } = client
  const facts: (Fact | false)[] = [
    [words.always, words.user],
    scopes.includes('profile') && [words.profile, words.profileFacts],
    scopes.includes('email') && [words.email, unconfirmedEmail ? words.unverified : words.verified],
    scopes.includes('roles') && [words.role, words.roleFacts],
    scopes.includes('groups') && [words.groups, groupsInWords(reader, client, named.groups)],
    ...attributes.map((attribute) => attributeFact(reader, attribute, named)),
  ]
  return section({
    id: 'learns',
    title: words.title,
    lead: words.lead,
    body: html`${factList(facts.filter((fact) => fact !== false))}
    ${claimsInIdToken && html`<p class="small">${words.inIdToken}</p>`}`,
  })
}

function groupsInWords(
  { say }: AdminReader,
  { sharedGroups }: Client,
  names: readonly (string | undefined)[],
): Html | string {
  const { learns: words } = say.apps
  if (sharedGroups === 'all') return words.allGroups
  if (names.length === 0) return words.nothing
  return isolated(words.someGroups(names.map((name) => name ?? words.gone).join(', ')))
}

/** An attribute: as which claim, who sees and changes it, and who allowed it. */
function attributeFact(
  { say }: AdminReader,
  { key, claim, allowedBy }: ClientAttribute,
  { attributes, admins }: Named,
): Fact {
  const { learns: words } = say.apps
  const declared = attributes.find((one) => one.key === key)
  const admin = allowedBy === null ? undefined : admins.get(allowedBy)
  const allowed = admin ? html`${words.allowedBy} ${userFace(admin)}` : allowedBy === null && words.allowedOnServer
  return [
    declared?.label ?? key,
    html`${words.claim}
      <code>${claim}</code> ${declared && html`<div class="small">${say.attributes.access[accessOf(declared)]}</div>`}
      ${allowed && html`<div class="small">${allowed}</div>`}`,
  ]
}
