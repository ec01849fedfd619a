// Notices at a start that the two-person rule was changed in the configuration, which no page and no route can do.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { notifyOfRule } from './approval-notice.service.ts'
import { exchangeRule } from './approval.queries.ts'
import type { ApprovalDeps } from './approval.service.ts'

/** The setting of a database that no start of this version has seen: the rule is off, so that turning it on is recorded too. */
const NEVER_SET = { isOn: false, wait: null }

/**
 * Compares the setting with that of the last start. If the rule or its waiting time has changed, records an event and notifies all admins
 * by mail, once for all nodes that start with the same setting.
 */
export async function noticeRuleChange(ctx: ApprovalDeps): Promise<void> {
  const rule = twoPersonRule(ctx)
  await inTransaction(ctx, async (tx) => {
    const found = await exchangeRule(tx.db, rule)
    if (found === undefined) return
    const before = found ?? NEVER_SET
    if (found === null && before.isOn === rule.isOn) return
    const details = {
      rule: rule.isOn ? 'on' : 'off',
      rule_before: before.isOn ? 'on' : 'off',
      wait_seconds: rule.wait / 1000,
      wait_seconds_before: before.wait === null ? null : before.wait / 1000,
    }
    await recordEvent(tx, { action: 'approval.rule_changed', details })
    await notifyOfRule(tx, rule)
  })
}
