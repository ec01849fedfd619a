// What a policy will change, before it is stored.
import type { FastifyReply } from 'fastify'

import type { NewPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { planPreview } from '../policy-rollout/plan-sections.pages.ts'
import { POLICIES_PATH, policyPath } from '../policy-rollout/policy-path.ts'
import { type NamedPolicy, withScopeName } from './named-policy.service.ts'
import { needsSecondAdmin } from './policy-approval.service.ts'
import type { PolicyValues } from './policy-form.ts'
import { scopeInWords } from './policy-words.pages.ts'
import { termChanges, termChangesTable } from './term-changes.pages.ts'

interface Confirmation {
  readonly wanted: NewPolicy
  /** The values of the form, which the confirmation sends again. */
  readonly values: PolicyValues
  /** The policy that is changed; undefined for a new one. */
  readonly policy: NamedPolicy | undefined
}

/** Sends the page on which an admin checks a policy. Its form repeats the values of the form before it. */
export async function sendConfirmation(
  reply: FastifyReply,
  { wanted, values, policy }: Confirmation,
): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say, formToken } = reader
  const { confirm, one } = say.policies
  const { ctx } = reply.request
  const named = policy ?? (await withScopeName(ctx, wanted))
  const action = policy === undefined ? `${POLICIES_PATH}/new` : policyPath(policy.id, '/change')
  const { inForceFrom, terms } = wanted
  const waits = await needsSecondAdmin(signedIn(ctx), { policy: named, version: wanted })
  const current = policy && currentVersions(policy, ctx.now).inForce?.terms
  const changes = await termChanges(ctx, say, { current, scoped: named, terms })
  const { count, preview } = await planPreview(ctx, reader, { policy: named, terms, at: inForceFrom ?? ctx.now })
  return sendPage(reply, {
    title: [confirm.title, say.policies.title],
    heading: confirm.title,
    body: html`${section({
        id: 'policy',
        title: say.approvals.what,
        body: html`${termChangesTable(say, changes)}
        ${factList([
          [say.policies.form.name, name(wanted.name)],
          [one.scope, name(scopeInWords(say, named))],
          [one.from, inForceFrom === null ? confirm.atOnce : deadline(reader, inForceFrom)],
        ])}`,
      })}
      ${preview} ${waits && banner('info', confirm.waits)} ${count > 0 && html`<p>${confirm.locked}</p>`}
      <form method="post" action="${action}">
        ${formToken}
        ${Object.entries(values).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`)}
        <input type="hidden" name="confirmed" value="yes" />
        ${buttonRow(
          submitButton(policy === undefined ? confirm.create : confirm.change),
          linkButton(policy === undefined ? POLICIES_PATH : policyPath(policy.id), say.words.cancel),
        )}
      </form>`,
  })
}
