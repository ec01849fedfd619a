// The part of a host's page that tries a request: a form without effect, and what would become of the request.
import type { FastifyRequest } from 'fastify'

import { findUserByName } from '#domain/users/user.service.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { lineList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { positionOf, TRIED_METHOD_MAXIMUM, TRIED_PATH_MAXIMUM } from './host-check.schema.ts'
import { tryRequest } from './host-check.service.ts'
import type { HostCheck } from './host-check.ts'
import { hostPath } from './host-path.ts'
import { withGroupNames } from './host-request.ts'
import type { NamedHost } from './hosts.service.ts'
import { ruleInWords } from './rule-words.pages.ts'

const ID = 'try'
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

interface Tried {
  readonly method: string
  readonly path: string | undefined
  readonly username: string | undefined
}

/** The form, with the answer where a request was typed. */
export async function trialSection(
  { ctx, query }: Pick<FastifyRequest, 'ctx' | 'query'>,
  reader: AdminReader,
  found: NamedHost,
): Promise<Html> {
  const { say, permissions } = reader
  const { check: words } = say.hosts
  const maySeeUsers = permissions.includes('users:read')
  const tried = {
    method: queryText(query, 'method')?.slice(0, TRIED_METHOD_MAXIMUM) ?? 'GET',
    path: queryText(query, 'path')?.slice(0, TRIED_PATH_MAXIMUM),
    username: maySeeUsers ? queryText(query, 'user') : undefined,
  }
  const user = tried.username === undefined ? undefined : await findUserByName(ctx, tried.username)
  const isUnknown = tried.username !== undefined && user === undefined
  const checked =
    tried.path === undefined || isUnknown
      ? undefined
      : await tryRequest(ctx, found.host, { method: tried.method, path: tried.path, user })
  return section({
    id: ID,
    title: words.title,
    lead: maySeeUsers ? `${words.lead} ${words.withoutUser}` : words.lead,
    body: html`${checked && answer(reader, found, checked)}
    ${trialForm(reader, found, { tried, maySeeUsers, error: isUnknown ? words.unknownUser : undefined })}`,
  })
}

interface ShownTrial {
  readonly tried: Tried
  readonly maySeeUsers: boolean
  readonly error: string | undefined
}

function trialForm({ say }: AdminReader, { host }: NamedHost, { tried, maySeeUsers, error }: ShownTrial): Html {
  const { check: words } = say.hosts
  const { method, path, username } = tried
  const methods = METHODS.includes(method) ? METHODS : [...METHODS, method]
  return html`<form class="beside" method="get" action="${hostPath(host, `#${ID}`)}" autocomplete="off">
    ${selectField({ id: 'method', label: words.method, value: method, options: methods.map((value) => ({ value, label: value })) })}
    ${textField({ id: 'path', label: words.path, value: path ?? '/', autocomplete: 'off', required: true })}
    ${maySeeUsers && textField({ id: 'user', label: words.user, error, ...(username !== undefined && { value: username }), autocomplete: 'off' })}
    ${secondaryButton(words.submit)}
  </form>`
}

function answer(
  { say }: AdminReader,
  { host, groups }: NamedHost,
  { rule, index, refusal, readings }: HostCheck,
): Html {
  const { check: words } = say.hosts
  const position = positionOf(index)
  const decides =
    rule !== undefined &&
    (position === null ? words.byNone : `${words.byRule(position)} ${ruleInWords(say, withGroupNames(rule, groups))}`)
  return html`<div class="noted" role="status">
    <p><strong>${refusal === undefined ? state('ok', words.passes) : state('warn', words.refused)}</strong></p>
    ${decides && html`<p>${decides}</p>`} ${refusal !== undefined && html`<p>${words.reasons[refusal]}</p>`}
    ${
      readings.length > 0 &&
      lineList(
        readings.map(({ path, index: at }) =>
          host.rules[at] === undefined ? words.readingNone(path) : words.reading(path, at + 1),
        ),
      )
    }
  </div>`
}
