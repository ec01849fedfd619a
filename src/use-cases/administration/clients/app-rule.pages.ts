// What the pages of apps say while the two-person rule is on.
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import type { With } from '#foundation/context.ts'
import { exactEnd } from '#foundation/web/components/moments.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'

export interface RuleWords {
  /** When a change takes effect that waits as a whole. */
  readonly all: string
  /** The same of a change of which some parts do not wait. */
  readonly most: string
  /** When a new secret works. */
  readonly secret: string
  /** The button that sends the request. */
  readonly submit: string
}

/** Undefined while the rule is off, so that changes take effect at once. */
export function ruleOf(ctx: With<'config' | 'now'>, reader: AdminReader): RuleWords | undefined {
  const { isOn, wait } = twoPersonRule(ctx)
  if (!isOn) return undefined
  const { appQuestions, approvals } = reader.say
  const { most, secret } = appQuestions.rule
  const until = exactEnd(reader, ctx.now + wait)
  return { all: approvals.takesEffect(until), most: most(until), secret: secret(until), submit: approvals.send }
}
