// What the pages of protected hosts say while the two-person rule is on.
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import type { With } from '#foundation/context.ts'
import { exactEnd } from '#foundation/web/components/moments.ts'
import { html, type Html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'

/** When what a form says takes effect; undefined while the rule is off. */
export function takesEffect(ctx: With<'config' | 'now'>, reader: AdminReader, isNew: boolean): Html | undefined {
  const { isOn, wait } = twoPersonRule(ctx)
  if (!isOn) return undefined
  const { hosts, approvals } = reader.say
  const until = exactEnd(reader, ctx.now + wait)
  return html`<p class="hint">${isNew ? approvals.takesEffect(until) : hosts.most(until)}</p>`
}
