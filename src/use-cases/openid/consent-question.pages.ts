// The page that asks whether an app may learn who its user is: what it learns, and how long it stays signed in (OpenID Connect Core §3.1.2.4).
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import type { Resource } from '#domain/clients/resource.ts'
import { type ConsentItem, coversItems, resourceItem } from '#domain/grants/consent.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { texts } from '#foundation/texts/texts.ts'
import { avatar } from '#foundation/web/components/avatar.ts'
import { longButtonRow, secondaryButton, submitButton } from '#foundation/web/components/button.ts'
import { type Drawing, icon } from '#foundation/web/components/icon.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { type ConsentQuestion, readQuestion } from './consent-question.service.ts'
import { iconAbove } from './interaction-icon.pages.ts'
import { askToContinue } from './interaction-questions.pages.ts'
import type { Asked } from './interaction.service.ts'
import { interactionPath } from './openid-path.ts'

/** The field with the revisions of the rows that the page shows. */
export const REVISION_FIELD = 'revision'

/** Asks the user to agree. A trusted app on the device only has to be the one that the user has just opened. */
export async function askToAgree(request: FastifyRequest, reply: FastifyReply, asked: Asked): Promise<FastifyReply> {
  const { params } = asked.interaction
  const isRequested = params['prompt']?.split(' ').includes('consent') === true
  if (asked.client.trusted && !isRequested) return askToContinue(request, reply, asked)
  const question = await readQuestion(signedIn(request.ctx), asked)
  const { client, interaction } = asked
  const { consent: words } = texts(localeOf(reply)).openid
  const path = interactionPath(interaction.uid)
  return sendPage(reply, {
    title: words.title(client.name),
    heading: withNames(words.title, client.name),
    frame: 'card',
    above: await iconAbove(request, client),
    body: html`<p class="lead named">${leadOf(reply, asked, question)}</p>
      ${whoIsSignedIn(request, reply)}
      <section class="seen" aria-labelledby="seen">
        <h2 id="seen">${withNames(words.sees, client.name)}</h2>
        <ul>
          ${rowsOf(request, reply, question).map((row) => rowMarkup(reply, row, question))}
        </ul>
      </section>
      ${longButtonRow(
        html`<form method="post" action="${path}/consent">
          ${formToken(request)}
          <input type="hidden" name="${REVISION_FIELD}" value="${question.revision}" />
          ${submitButton(words.allow)}
        </form>`,
        html`<form method="post" action="${path}/deny">${formToken(request)} ${secondaryButton(words.cancel)}</form>`,
      )}`,
  })
}

function leadOf(reply: FastifyReply, { client, interaction }: Asked, { items, before }: ConsentQuestion): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const uri = interaction.params['redirect_uri'] ?? ''
  if (isOnDevice(uri)) return withNames(words.onDevice, client.name)
  const isMore = before !== undefined && !coversItems(before.items, items)
  return withNames(isMore ? words.asksForMore : words.lead, client.name, URL.parse(uri)?.host ?? '')
}

function whoIsSignedIn({ ctx }: FastifyRequest, reply: FastifyReply): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const { user } = signedIn(ctx).principal
  const { username, fullName } = user
  return html`<div class="with-avatar">
    ${avatar(user)}
    <div>
      <div class="name">${isolated(fullName || username)}</div>
      <div class="small">${fullName ? withNames(words.signedInAs, username) : words.signedIn}</div>
    </div>
  </div>`
}

/** Something that the app gets, in words. */
interface SeenRow {
  readonly drawing: Drawing
  readonly label: Html | string
  readonly detail: Html | string
  /** What the user agrees to by it; empty for what each app gets. */
  readonly part: readonly ConsentItem[]
}

function rowsOf({ ctx }: FastifyRequest, reply: FastifyReply, question: ConsentQuestion): SeenRow[] {
  const say = texts(localeOf(reply))
  const { consent: words } = say.openid
  const { groups, attributes, resource } = question
  const { user, terms } = signedIn(ctx).principal
  const of = (...prefixes: readonly string[]): ConsentItem[] =>
    question.items.filter((item) => prefixes.some((prefix) => item.startsWith(prefix)))
  const [email, shared, offline] = [
    of('scope:email', 'email:'),
    of('scope:groups', 'group'),
    of('scope:offline_access'),
  ]
  const stays = offline.length > 0 ? words.offline : words.inSession(spanInWords(say.language, terms.absolute))
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

/** Where the API is, and what the app may do there, in the words of the API. */
function resourceInWords(reply: FastifyReply, { id, uri, scopes }: Resource, { items }: ConsentQuestion): Html {
  const { consent: words } = texts(localeOf(reply)).openid
  const requested = scopes.filter((scope) => items.includes(resourceItem(id, scope)))
  if (requested.length === 0) return withNames(words.resourceDetail, uri)
  return withNames(words.resourceScopes, uri, requested.join(', '))
}

/** What the user has not agreed to yet is marked as new, where they have agreed to other things. */
function rowMarkup(reply: FastifyReply, { drawing, label, detail, part }: SeenRow, { before }: ConsentQuestion): Html {
  const isNew = before !== undefined && !coversItems(before.items, part)
  return html`<li>
    ${icon(drawing)}
    <strong>${label} ${isNew && chip('info', texts(localeOf(reply)).openid.consent.isNew)}</strong>
    <span>${detail}</span>
  </li>`
}
