// What an app gets of its user, as the pages list it that ask the user to agree.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Client } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import { type ConsentItem, coversItems, resourceItem } from '#domain/grants/consent.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { texts } from '#foundation/texts/texts.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { drawnList, type Statement } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { localeOf } from '#foundation/web/pages/page.ts'
import type { ConsentQuestion } from './consent-question.service.ts'
import { usesOfScopes } from './scopes-in-words.ts'

interface Got {
  readonly client: Client
  readonly question: ConsentQuestion
  /** How long the app stays signed in, in words. */
  readonly stays: string
}

/** The part of a page that lists what an app gets, and for how long. */
export function whatAppGets(request: FastifyRequest, reply: FastifyReply, got: Got): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const rows = rowsOf(request, reply, got).map((row) => withNews(reply, row, got.question))
  return html`<section class="told" aria-labelledby="seen">
    <h2 id="seen">${withNames(words.sees, got.client.name)}</h2>
    ${drawnList(rows)}
  </section>`
}

/** Something that the app gets, in words. */
interface SeenRow extends Statement {
  /** What the user agrees to by it; empty for what each app gets. */
  readonly part: readonly ConsentItem[]
}

function rowsOf({ ctx }: FastifyRequest, reply: FastifyReply, { question, stays }: Got): SeenRow[] {
  const say = texts(localeOf(reply))
  const { consent: words } = say.openid
  const { groups, attributes, resource } = question
  const { user } = signedIn(ctx).principal
  const of = (...prefixes: readonly string[]): ConsentItem[] =>
    question.items.filter((item) => prefixes.some((prefix) => item.startsWith(prefix)))
  const [email, shared, offline] = [
    of('scope:email', 'email:'),
    of('scope:groups', 'group'),
    of('scope:offline_access'),
  ]
  const asked: SeenRow[] = [
    { drawing: 'user', label: words.profile, detail: words.profileDetail, part: of('scope:profile') },
    { drawing: 'mail', label: words.email, detail: emailInWords(reply, user, email), part: email },
    { drawing: 'role', label: words.role, detail: words.roleDetail(roleName(say, user.role)), part: of('scope:roles') },
    { drawing: 'groups', label: words.groups, detail: groupsInWords(reply, shared, groups), part: shared },
    { drawing: 'fields', label: words.attributes, detail: isolated(attributes.join(', ')), part: of('attribute:') },
  ]
  if (resource !== undefined) {
    const label = withNames(words.resource, resource.name)
    asked.push({ drawing: 'key', label, detail: resourceInWords(reply, resource, question), part: of('resource:') })
  }
  return [
    { drawing: 'shield', label: words.always, detail: words.alwaysDetail, part: [] },
    ...asked.filter(({ part }) => part.length > 0),
    { drawing: 'clock', label: words.staysSignedIn, detail: stays, part: offline },
  ]
}

function emailInWords(
  reply: FastifyReply,
  { email, emailVerifiedAt }: PrincipalUser,
  items: readonly ConsentItem[],
): Html | string {
  const { consent: words } = texts(localeOf(reply)).openid
  if (items.includes('email:unconfirmed')) return words.unverifiedEmail
  return email !== null && emailVerifiedAt !== null ? isolated(email) : words.verifiedEmail
}

function groupsInWords(reply: FastifyReply, shared: readonly ConsentItem[], names: readonly string[]): Html | string {
  const { consent: words } = texts(localeOf(reply)).openid
  if (shared.includes('groups:all')) return words.allGroups
  return names.length === 0 ? words.noGroups : withNames(words.someGroups, names.join(', '))
}

/** Where the API is, and what the app may do there. */
function resourceInWords(reply: FastifyReply, { id, uri, scopes }: Resource, { items }: ConsentQuestion): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const requested = scopes.filter((scope) => items.includes(resourceItem(id, scope)))
  const uses = [...usesOfScopes(requested)].map(([use, things]) => {
    const named = things.filter(Boolean)
    return html`<div>${words.may[use]}${named.length > 0 && html`: ${isolated(named.join(', '))}`}</div>`
  })
  return html`${withNames(words.resourceDetail, uri)}${uses}`
}

/** What the user has not agreed to yet is marked as new, where they have agreed to other things. */
function withNews(reply: FastifyReply, row: SeenRow, { before }: ConsentQuestion): Statement {
  if (before === undefined || coversItems(before.items, row.part)) return row
  return { ...row, label: html`${row.label} ${chip('info', texts(localeOf(reply)).openid.consent.isNew)}` }
}
